"""What a run printed, whole, in parts, and its last lines."""

import pytest

from mlflow.tracking.capture.layout import CONSOLE_LOG
from tests.server.served import Answer, Served


@pytest.fixture
def run(server: Served) -> str:
    return server.new_run()


def write(server: Served, run: str, text: bytes) -> None:
    address = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path={CONSOLE_LOG}"
    assert server.send("POST", address, text).status == 200


def log(server: Served, run: str, query: str = "", **headers: str) -> Answer:
    return server.send("GET", f"/api/ext/v1/runs/{run}/logs{query}", headers=headers)


def test_a_log_is_answered_whole_and_in_parts(server: Served, run: str):
    write(server, run, b"one\ntwo\nthree\n")
    whole = log(server, run)
    assert (whole.status, whole.body) == (200, b"one\ntwo\nthree\n")
    assert whole.headers["content-type"].startswith("text/plain")
    assert whole.headers["x-content-type-options"] == "nosniff"
    part = log(server, run, Range="bytes=4-6")
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"two", "bytes 4-6/14")
    assert log(server, run, **{"If-None-Match": whole.headers["etag"]}).status == 304


@pytest.mark.parametrize(
    ("text", "lines", "expected"),
    [
        (b"one\ntwo\nthree\n", 2, b"two\nthree\n"),
        (b"one\ntwo\nthree", 2, b"two\nthree"),
        (b"one\ntwo\n\n", 2, b"two\n\n"),
        (b"one\ntwo\n", 9, b"one\ntwo\n"),
        (b"one", 1, b"one"),
        (b"\n", 1, b"\n"),
        (b"x" * 70_000 + b"\n" + b"y" * 70_000 + b"\n" + b"z" * 10, 2, b"y" * 70_000 + b"\n" + b"z" * 10),
        (b"a\n" + b"y" * ((1 << 16) - 1) + b"\n", 1, b"y" * ((1 << 16) - 1) + b"\n"),
    ],
)
def test_the_last_lines_are_answered(server: Served, run: str, text: bytes, lines: int, expected: bytes):
    write(server, run, text)
    answer = log(server, run, f"?lines={lines}")
    assert (answer.status, answer.body) == (206, expected)


def test_lines_of_an_empty_log_are_none(server: Served, run: str):
    path = f"{server.get(f'/api/2.0/mlflow/runs/get?run_id={run}').json['run']['info']['artifact_uri']}/{CONSOLE_LOG}"
    address = path.replace("mlflow-artifacts:", "/api/2.0/mlflow-artifacts/artifacts")
    assert server.send("PUT", address, b"").status == 200
    answer = log(server, run, "?lines=5")
    assert (answer.status, answer.body) == (200, b"")


def test_a_run_without_a_log_says_so(server: Served, run: str):
    answer = log(server, run)
    assert (answer.status, answer.code) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert run in answer.json["message"]
    assert "MLFLOW_CAPTURE_CONSOLE" in answer.json["message"]
    assert log(server, "0" * 32).code == "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize("lines", ["-1", "10001", "x"])
def test_an_impossible_number_of_lines_is_refused(server: Served, run: str, lines: str):
    write(server, run, b"one\n")
    answer = log(server, run, f"?lines={lines}")
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert lines in answer.json["message"]
