"""Folders of runs, logged models and versions as ZIP files, and the previews of their files."""

import io
import time
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.server.served import Answer, Served

HOSTILE = 'a "b" <i> ü.txt'


@pytest.fixture
def run(server: Served) -> str:
    return server.new_run()


@pytest.fixture
def model(server: Served, run: str) -> str:
    experiment = server.get(f"/api/2.0/mlflow/runs/get?run_id={run}").json["run"]["info"]["experiment_id"]
    made = {"experiment_id": experiment, "name": "forest", "source_run_id": run}
    model_id = str(server.post("logged-models", made).json["model"]["info"]["model_id"])
    for path, content in {"MLmodel": b"flavors: {}\n", "data/rows.csv": b"a\n1\n", "page.html": b"<p>"}.items():
        assert server.send("PUT", f"/api/ext/v1/logged-models/{model_id}/artifacts/{path}", content).status == 200
    return model_id


def put(server: Served, run: str, path: str, content: bytes) -> None:
    address = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path={quote(path)}"
    assert server.send("POST", address, content).status == 200


def unzipped(answer: Answer) -> dict[str, bytes]:
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_folder_of_a_run_is_a_zip_file(server: Served, run: str):
    big = bytes(range(256)) * 12_000
    for path, content in {"top.txt": b"top", "a/b/deep.bin": big, f"a/{HOSTILE}": b"y", "other/x": b"x"}.items():
        put(server, run, path, content)
    answer = server.get(f"/api/ext/v1/artifacts/zip?run_id={run}&path=a")
    assert unzipped(answer) == {"b/deep.bin": big, HOSTILE: b"y"}
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == "attachment; filename=a.zip"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert set(unzipped(server.get(f"/api/ext/v1/artifacts/zip?run_id={run}"))) == {
        "top.txt",
        "a/b/deep.bin",
        f"a/{HOSTILE}",
        "other/x",
    }


def test_all_of_a_run_has_the_models_it_made(server: Served, run: str, model: str):
    put(server, run, "top.txt", b"top")
    files = unzipped(server.get(f"/api/ext/v1/artifacts/zip?run_id={run}"))
    assert set(files) == {"top.txt", "forest/MLmodel", "forest/data/rows.csv", "forest/page.html"}
    assert set(unzipped(server.get(f"/api/ext/v1/artifacts/zip?run_id={run}&path=forest/data"))) == {"rows.csv"}


def test_an_empty_run_is_an_empty_zip_file(server: Served, run: str):
    assert unzipped(server.get(f"/api/ext/v1/artifacts/zip?run_id={run}")) == {}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("absent", 404, id="nothing there"),
        pytest.param("top.txt", 400, id="a file"),
        pytest.param("../..", 400, id="a parent"),
        pytest.param("%252e%252e", 400, id="a parent in disguise"),
        pytest.param("/etc", 400, id="the root"),
        pytest.param("a%00b", 400, id="a NUL"),
    ],
)
def test_only_folders_below_the_root_are_zipped(server: Served, run: str, path: str, status: int):
    put(server, run, "top.txt", b"top")
    assert server.get(f"/api/ext/v1/artifacts/zip?run_id={run}&path={path}").status == status


def test_a_link_that_leads_outside_is_not_followed(server: Served, run: str, tmp_path: Path):
    put(server, run, "a/file.txt", b"x")
    (tmp_path / "secret.txt").write_text("secret")
    folder = next(Path(server.application.context.settings.artifacts_destination).rglob(f"{run}/artifacts/a"))
    (folder / "file").symlink_to(tmp_path / "secret.txt")
    (folder / "folder").symlink_to(tmp_path)
    assert b"secret" not in server.get(f"/api/ext/v1/artifacts/zip?run_id={run}&path=a").body


def test_previews_of_a_run_find_the_files_of_its_models(server: Served, run: str, model: str):
    assert server.get(f"/api/ext/v1/artifacts/document?run_id={run}&path=forest/MLmodel").json == {
        "document": {"flavors": {}}
    }
    table = server.get(f"/api/ext/v1/artifacts/table?run_id={run}&path=forest/data/rows.csv")
    assert table.json["rows"] == [["1"]]


def test_files_of_a_logged_model_are_previewed(server: Served, model: str):
    base = f"/api/ext/v1/logged-models/{model}"
    assert server.get(f"{base}/document").json == {"document": {"flavors": {}}}
    assert server.get(f"{base}/table?path=data/rows.csv").json["rows"] == [["1"]]
    page = server.get(f"{base}/page?path=page.html")
    assert page.headers["content-security-policy"].startswith("sandbox allow-scripts; default-src 'none'")
    assert set(unzipped(server.get(f"{base}/zip"))) == {"MLmodel", "data/rows.csv", "page.html"}
    assert server.get(f"{base}/zip?path=../..").status == 400


def test_files_of_a_version_are_previewed(server: Served, run: str, model: str):
    name = f"of {run}"
    server.post("registered-models/create", {"name": name})
    made = {"name": name, "source": f"models:/{model}", "model_id": model, "run_id": run}
    assert server.post("model-versions/create", made).status == 200
    where = f"name={quote(name)}&version=1"
    assert server.get(f"/api/ext/v1/registry/table?{where}&path=data/rows.csv").json["rows"] == [["1"]]
    page = server.get(f"/api/ext/v1/registry/page?{where}&path=page.html")
    assert page.headers["content-security-policy"].startswith("sandbox allow-scripts; default-src 'none'")
    answer = server.get(f"/api/ext/v1/registry/zip?{where}&path=data")
    assert set(unzipped(answer)) == {"rows.csv"}
    assert server.get(f"/api/ext/v1/registry/zip?{where}&path=..%2f..").status == 400


def test_a_folder_is_listed_with_the_times_of_its_files(server: Served, run: str, model: str):
    before = time.time_ns() // 1_000_000 - 1000  # file systems round
    put(server, run, "a/b.txt", b"12345")
    listed = server.get(f"/api/ext/v1/artifacts/list?run_id={run}").json["files"]
    assert listed == [{"path": "a", "is_dir": True}, {"path": "forest", "is_dir": True}]
    [file] = server.get(f"/api/ext/v1/artifacts/list?run_id={run}&path=a").json["files"]
    assert before <= file.pop("modified") <= time.time_ns() // 1_000_000 + 1000
    assert file == {"path": "a/b.txt", "is_dir": False, "file_size": 5}
    assert server.get(f"/api/2.0/mlflow/artifacts/list?run_id={run}&path=a").json["files"] == [file]
    inside = server.get(f"/api/ext/v1/artifacts/list?run_id={run}&path=forest/data").json["files"]
    own = server.get(f"/api/ext/v1/logged-models/{model}/list?path=data").json["files"]
    assert [entry["path"] for entry in (*inside, *own)] == ["forest/data/rows.csv", "data/rows.csv"]
    assert inside[0]["modified"] == own[0]["modified"] >= before
