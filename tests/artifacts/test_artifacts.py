from __future__ import annotations

import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

import mlflow.artifacts as artifacts
from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.registry import Access
from mlflow.artifacts.uris import ModelUri
from mlflow.exceptions import MlflowException

WHOLE = ["b/c.txt", "d.json", "registered_model_meta"]
"""The files of a whole model's copy."""


class FolderLookup:
    """One run, `abc`, whose artifacts are in a local folder."""

    access = Access()

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, run_id: str) -> str:
        assert run_id == "abc"
        return str(self._folder)

    def model(self, uri: ModelUri) -> str:
        return f"runs:/abc/{uri.name}"

    def version(self, uri: ModelUri) -> str:
        return uri.version

    def model_of_run(self, run_id: str, name: str) -> str | None:
        return str(self._folder / "a") if (run_id, name) == ("abc", "made") else None


@pytest.fixture
def run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "run" / "artifacts"
    store = LocalStore(folder)
    store.write(ArtifactPath(("a", "b", "c.txt")), ["grüß".encode()])
    store.write(ArtifactPath(("a", "d.json")), [b'{"x": 1}'])
    module = types.ModuleType("mlflow.tracking.artifact_lookup")
    module.lookup = lambda tracking_uri, registry_uri: FolderLookup(folder)  # type: ignore[attr-defined] # a fresh module
    monkeypatch.setattr("mlflow.artifacts.uris._LOOKUP", "mlflow_test_lookup:lookup")
    monkeypatch.setitem(sys.modules, "mlflow_test_lookup", module)
    return folder


def tree(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize(
    ("arguments", "answer", "files"),
    [
        ({"artifact_uri": "runs:/abc/a/b/c.txt"}, "c.txt", ["c.txt"]),
        ({"artifact_uri": "runs:/abc/a"}, "a", ["a/b/c.txt", "a/d.json"]),
        ({"artifact_uri": "runs:/abc/a/b"}, "b", ["b/c.txt"]),
        ({"run_id": "abc", "artifact_path": "a/b"}, "b", ["b/c.txt"]),
        ({"run_id": "abc"}, "artifacts", None),
        ({"artifact_uri": "runs:/abc"}, "artifacts", None),
        ({"artifact_uri": "models:/a/1"}, "", WHOLE),
        ({"artifact_uri": "models:/a/1/b"}, "b", ["b/c.txt"]),
        ({"artifact_uri": "models:/a/1/b/c.txt"}, "b/c.txt", ["b/c.txt"]),
        ({"artifact_uri": "runs:/abc/made/b"}, "made/b", ["made/b/c.txt"]),
        ({"artifact_uri": "runs:/abc/made/b/c.txt"}, "c.txt", ["c.txt"]),
        ({"artifact_uri": "runs:/abc/made/"}, "", [f"made/{file}" for file in WHOLE]),
        (
            {"run_id": "abc", "artifact_path": "made"},
            "made",
            ["made/b/c.txt", "made/d.json", "made/registered_model_meta"],
        ),
        ({"artifact_uri": "runs:/abc/a/"}, "", ["b/c.txt", "d.json"]),
        ({"run_id": "abc", "artifact_path": "a/b/"}, "", ["c.txt"]),
    ],
    ids=[
        "file",
        "folder",
        "inner folder",
        "run and path",
        "whole run",
        "URI of a run",
        "model",
        "path in a model",
        "file in a model",
        "folder in a model of the run",
        "file in a model of the run",
        "model of the run with a slash",
        "model of the run",
        "content of a folder",
        "content of a run's folder",
    ],
)
def test_download_lands_under_its_own_name(
    run_folder: Path, tmp_path: Path, arguments: dict[str, str], answer: str, files: list[str] | None
) -> None:
    target = tmp_path / "new" / "folder"
    local = Path(artifacts.download_artifacts(**arguments, dst_path=str(target)))
    if files is None:
        assert (local, tree(target)) == (target, ["a/b/c.txt", "a/d.json"])
    else:
        assert (local, tree(target)) == (target / answer, files)


def test_path_of_a_copy_is_absolute(run_folder: Path) -> None:
    local = artifacts.download_artifacts("runs:/abc/a/d.json", dst_path="here")
    assert Path(local) == Path("here/d.json").absolute()


def test_slash_after_a_file_is_reported(run_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(MlflowException, match="Leave the slash out for a file"):
        artifacts.download_artifacts("runs:/abc/a/d.json/", dst_path=str(tmp_path))


def test_local_artifact_is_not_copied_without_a_target(run_folder: Path) -> None:
    assert artifacts.download_artifacts("runs:/abc/a/d.json") == str(run_folder / "a" / "d.json")
    assert artifacts.download_artifacts(f"file://{run_folder}/a") == str(run_folder / "a")


def test_absent_artifact_is_reported(run_folder: Path) -> None:
    with pytest.raises(MlflowException, match="No such artifact: 'absent'"):
        artifacts.download_artifacts("runs:/abc/absent")


@pytest.mark.parametrize(
    "arguments",
    [{}, {"artifact_uri": "x", "run_id": "y"}, {"artifact_uri": "x", "artifact_path": "y"}],
    ids=["neither", "both", "URI and path"],
)
def test_arguments_that_contradict_each_other_are_refused(run_folder: Path, arguments: dict[str, str]) -> None:
    with pytest.raises(MlflowException, match=r"must be specified|cannot be specified"):
        artifacts.download_artifacts(**arguments)


def test_listing_of_a_run_is_relative_to_its_root(run_folder: Path) -> None:
    assert [info.path for info in artifacts.list_artifacts(run_id="abc", artifact_path="a/b")] == ["a/b/c.txt"]
    for root in ({"run_id": "abc"}, {"artifact_uri": "runs:/abc"}, {"artifact_uri": "runs:/abc/"}):
        assert [info.path for info in artifacts.list_artifacts(**root)] == ["a"]


def test_listing_of_a_uri_is_relative_to_the_folder_above(run_folder: Path) -> None:
    assert [info.path for info in artifacts.list_artifacts("runs:/abc/a/b")] == ["b/c.txt"]
    assert artifacts.list_artifacts("runs:/abc/a/d.json") == []


def test_text_and_json_are_loaded(run_folder: Path) -> None:
    assert artifacts.load_text("runs:/abc/a/b/c.txt") == "grüß"
    assert artifacts.load_dict("runs:/abc/a/d.json") == {"x": 1}


def test_image_is_loaded(run_folder: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    image.new("RGB", (3, 2), "red").save(run_folder / "red.png")
    assert artifacts.load_image("runs:/abc/red.png").size == (3, 2)


@pytest.mark.parametrize("load", [artifacts.load_dict, artifacts.load_image], ids=["JSON", "image"])
def test_content_of_another_kind_is_reported(run_folder: Path, load: object) -> None:
    if load is artifacts.load_image:
        pytest.importorskip("PIL.Image")
    with pytest.raises(MlflowException, match="Unable to form"):
        load("runs:/abc/a/b/c.txt")


def test_importing_the_module_loads_nothing_heavy() -> None:
    program = "import sys, mlflow.artifacts; print(*sys.modules)"
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": str(source)}, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert "mlflow.artifacts" in loaded
    assert not loaded & {"numpy", "urllib3", "obstore", "PIL", "starlette", "http.client"}
