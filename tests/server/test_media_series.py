"""Pictures, sound and film over steps: told from names, and for many runs at once."""

from urllib.parse import quote, urlencode

import pytest

from mlflow.contract.artifacts import MediaSeries
from mlflow.server.media_series import media_series
from tests.server.served import Served

PATHS = [
    "images/val~digits+step+10+timestamp+2000+b.png",
    "images/val~digits+step+2+timestamp+1000+a.png",
    "images/val~digits+step+2+timestamp+1000+a+compressed.webp",
    "images/val~digits+step+2+timestamp+1500+c.png",
    "images/val~digits+step+2+timestamp+1500+c+compressed.webp",
    "images/old#key%step%3%timestamp%7%d.png",
    "images/<img src=x>+step+0+timestamp+1+d.png",
    "images/other.png",
    f"images/big+step+{'9' * 5000}+timestamp+1+d.png",
    "media/audio/voice~low/step-4+1000+0123abcd.wav",
    "media/video/ride/step--1+1000+0123abcd.mp4",
    "media/video/ride/step-x+1000+0123abcd.mp4",
    "media/text/ride/step-1+1000+0123abcd.mp4",
]


def test_series_are_told_from_names():
    series = media_series("r", PATHS)
    assert [(one.kind, one.key, one.steps) for one in series] == [
        ("image", "<img src=x>", [0]),
        ("image", "old/key", [3]),
        ("video", "ride", [-1]),
        ("image", "val/digits", [2, 10]),
        ("audio", "voice/low", [4]),
    ]


def test_of_several_pictures_of_a_step_the_latest_is_there_with_its_small_one():
    (series,) = media_series("r", PATHS, {"val/digits"})
    first, second = PATHS[3], PATHS[0]
    assert series == MediaSeries("r", "val/digits", "image", [2, 10], [1500, 2000], [first, second], [PATHS[4], ""])


def test_keys_are_in_the_order_in_which_people_count():
    paths = [f"images/{key}+step+0+timestamp+1+a.png" for key in ("layer10", "layer2", "Layer1", "layer²", "")]
    assert [one.key for one in media_series("r", paths)] == ["Layer1", "layer2", "layer10", "layer²"]


def put(server: Served, run_id: str, path: str) -> None:
    address = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run_id}&path={quote(path)}"
    assert server.send("POST", address, b"x").status == 200


def images(server: Served, run_ids: list[str], *keys: str) -> list[dict[str, object]]:
    asked = urlencode({"run_ids": run_ids, "keys": keys}, doseq=True)
    answer = server.get(f"/api/ext/v1/runs/images?{asked}")
    assert answer.status == 200, answer.body
    found: list[dict[str, object]] = answer.json.get("images", [])
    return found


def test_many_runs_are_asked_for_at_once(server: Served):
    runs = [server.new_run() for _ in range(3)]
    for path in PATHS[:4] + PATHS[-4:-2]:
        put(server, runs[0], path)
    put(server, runs[2], PATHS[0])
    found = images(server, [runs[2], runs[1], runs[0], "0" * 32])
    assert [(one["run_id"], one["key"]) for one in found] == [
        (runs[2], "val/digits"),
        (runs[0], "ride"),
        (runs[0], "val/digits"),
        (runs[0], "voice/low"),
    ]
    assert [one["run_id"] for one in images(server, runs, "ride")] == [runs[0]]
    assert images(server, runs, "none") == []


def test_too_many_runs_are_refused(server: Served):
    asked = urlencode({"run_ids": [f"{number:032x}" for number in range(101)]}, doseq=True)
    answer = server.get(f"/api/ext/v1/runs/images?{asked}")
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert "101" in answer.json["message"]


@pytest.mark.parametrize("folder", ["images", "media", "media/audio", "media/audio/voice"])
def test_files_where_folders_are_expected_are_no_series(server: Served, folder: str):
    run_id = server.new_run()
    put(server, run_id, folder)
    assert images(server, [run_id]) == []
