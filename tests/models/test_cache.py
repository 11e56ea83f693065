"""Models that are loaded from afar are kept on this machine."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

import mlflow
from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import Stream
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.journal.lock import FileLock
from mlflow.models.cache import ModelCache, cache_folder, kept
from mlflow.models.package import save
from mlflow.models.places import model_folder
from tests.fixtures.processes import PYTHON, StartChild
from tests.models.flavors import LINE, Line

WEIGHTS = "data/line.json"


class CountingStore(LocalStore):
    """A folder that counts which files are read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.read: list[str] = []

    def open(self, path: ArtifactPath, /, start: int = 0, end: int | None = None) -> Stream:
        self.read.append(str(path))
        return super().open(path, start, end)


@pytest.fixture
def remote(tmp_path: Path) -> CountingStore:
    save(LINE, Line(3.0), tmp_path / "remote")
    return CountingStore(tmp_path / "remote")


def test_second_load_reads_only_what_tells_the_model_from_others(remote: CountingStore) -> None:
    first = kept(remote, "s3://bucket/model")
    assert WEIGHTS in remote.read
    remote.read.clear()
    assert kept(remote, "s3://bucket/model") == first
    assert sorted(remote.read) == ["MLmodel", "digests.json"]
    assert first.parent == cache_folder()


def test_model_that_was_replaced_in_its_place_is_downloaded_anew(remote: CountingStore, tmp_path: Path) -> None:
    first = kept(remote, "s3://bucket/model")
    for path in sorted((tmp_path / "remote").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    save(LINE, Line(4.0), tmp_path / "remote")
    second = kept(remote, "s3://bucket/model")
    assert first != second
    assert "4.0" in (second / WEIGHTS).read_text()
    assert "3.0" in (first / WEIGHTS).read_text()


def test_folder_without_a_manifest_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ResourceDoesNotExist, match="no file 'MLmodel'"):
        kept(LocalStore(tmp_path / "empty"), "s3://bucket/model")
    assert not cache_folder().exists()


def test_nothing_is_kept_when_it_is_switched_off(remote: CountingStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_MODEL_CACHE_MAX_BYTES", "0")
    first, second = kept(remote, "uri"), kept(remote, "uri")
    assert first != second
    assert not cache_folder().exists()


def test_folder_that_cannot_be_made_is_done_without(
    remote: CountingStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MLFLOW_MODEL_CACHE_DIR", str(tmp_path / "file" / "models"))
    assert (kept(remote, "uri") / WEIGHTS).is_file()
    assert "Set MLFLOW_MODEL_CACHE_DIR" in caplog.text


def sized(folder: Path, name: str, size: int, age: float) -> Path:
    """An entry that another process left."""
    entry = folder / name
    entry.mkdir(parents=True)
    (entry / "weights").write_bytes(bytes(size))
    os.utime(entry, (time.time() - age, time.time() - age))
    return entry


def test_longest_unused_models_make_room(remote: CountingStore, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    oldest, older = sized(folder, "a" * 64, 5000, 300), sized(folder, "b" * 64, 5000, 200)
    left_over = sized(folder, ".partial-x", 10, 2 * 86_400)
    cache = ModelCache(folder, 9000)
    entry = cache.folder_of(remote, remote.list())
    assert (entry.is_dir(), older.is_dir(), oldest.exists(), left_over.exists()) == (True, True, False, False)


def test_model_that_a_process_has_loaded_stays(remote: CountingStore, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    loaded = sized(folder, "a" * 64, 5000, 300)
    lock = FileLock.share(folder / f"{loaded.name}.lock")
    assert lock is not None
    entry = ModelCache(folder, 100).folder_of(remote, remote.list())
    lock.close()
    assert (loaded.is_dir(), entry.is_dir()) == (True, True)


def test_model_that_is_about_to_be_removed_is_waited_for(remote: CountingStore, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    name = ModelCache(tmp_path / "elsewhere", 10**9).folder_of(remote, remote.list()).name
    entry = sized(tmp_path / "kept", name, 10, 0)
    removing = FileLock.acquire(tmp_path / "kept" / f"{name}.lock")
    assert removing is not None
    found: list[Path] = []
    cache = ModelCache(tmp_path / "kept", 10**9)
    loading = threading.Thread(target=lambda: found.append(cache.folder_of(remote, remote.list())))
    loading.start()
    loading.join(0.1)
    assert found == []  # it can have none, however long it takes
    entry.rename(tmp_path / "removed")
    removing.close()
    loading.join(60)
    assert (found, (entry / WEIGHTS).is_file()) == ([entry], True)


CHILD = """
import sys
from pathlib import Path
from mlflow.artifacts.local import LocalStore
from mlflow.models.cache import ModelCache
store = LocalStore(Path(sys.argv[1]))
for limit in (10**9, 100):
    folder = ModelCache(Path(sys.argv[2]), limit).folder_of(store, store.list())
    assert (folder / "data/line.json").is_file()
print(folder.name)
"""


def test_processes_that_load_at_once_share_one_folder(
    remote: CountingStore, tmp_path: Path, start_child: StartChild
) -> None:
    (tmp_path / "kept").mkdir()
    command = [PYTHON, "-c", CHILD, str(tmp_path / "remote"), str(tmp_path / "kept")]
    children = [start_child(command) for _ in range(3)]
    assert [child.wait() for child in children] == [0] * 3
    names = {child.output.strip() for child in children}
    assert {path.name for path in (tmp_path / "kept").iterdir() if path.is_dir()} == names
    assert len(names) == 1


def test_model_of_a_server_is_loaded_without_downloading_it_again(server: str) -> None:
    info = mlflow.pyfunc.log_model(name="echo", python_model=lambda rows: rows, pip_requirements=["numpy"])
    first = model_folder(info.model_uri)
    assert first.parent == cache_folder()
    before = (first / "python_model.pkl").stat().st_mtime_ns
    assert mlflow.pyfunc.load_model(info.model_uri).predict([1, 2]) == [1, 2]
    assert model_folder(info.model_uri) == first
    assert (first / "python_model.pkl").stat().st_mtime_ns == before
    assert len([path for path in cache_folder().iterdir() if path.is_dir()]) == 1
