"""What holds for every store, whatever keeps the bytes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from mlflow.artifacts.digests import Digest
from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.plugins import PluginStore
from mlflow.artifacts.registry import open_store
from mlflow.artifacts.store import ArtifactStore
from mlflow.entities import FileInfo
from mlflow.exceptions import DataLoss, InvalidParameterValue, ResourceDoesNotExist
from tests.artifacts.classic_repository import ClassicRepository


@pytest.fixture(params=["local", "served", "s3", "proxied", "plugin"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ArtifactStore:
    if request.param in ("local", "served"):
        return LocalStore(tmp_path / "root", private=request.param == "served")
    if request.param == "s3":
        return open_store(f"s3://{request.getfixturevalue('s3_bucket').name}/some/prefix")
    if request.param == "proxied":
        return request.getfixturevalue("shared_server").store(f"{os.urandom(4).hex()}/artifacts")
    return PluginStore(ClassicRepository(str(tmp_path / "root")))


def path(text: str = "") -> ArtifactPath:
    return ArtifactPath.parse(text)


def names(infos: list[FileInfo]) -> list[str]:
    return [info.path for info in infos]


def test_written_file_reads_back(store: ArtifactStore) -> None:
    stat = store.write(path("a/b.txt"), [b"hello ", b"world"])
    assert stat.size == 11
    assert store.open(path("a/b.txt")).read() == b"hello world"
    facts = store.stat(path("a/b.txt"))
    assert (facts.is_dir, facts.size) == (False, 11)


def test_listing_names_files_and_folders_relative_to_the_root(store: ArtifactStore) -> None:
    for name in ("a/b/deep.txt", "a/file.txt", "top.txt"):
        store.write(path(name), [b"12345"])
    assert [dict(info) for info in store.list()] == [
        {"path": "a", "is_dir": True, "file_size": None},
        {"path": "top.txt", "is_dir": False, "file_size": 5},
    ]
    assert names(store.list(path("a"))) == ["a/b", "a/file.txt"]


def test_a_listing_has_the_times_that_the_store_knows(store: ArtifactStore) -> None:
    store.write(path("folder/file.txt"), [b"12345"])
    [folder] = store.entries()
    [file] = store.entries(path("folder"))
    assert [folder.info, file.info] == [*store.list(), *store.list(path("folder"))]
    assert folder.modified is None
    assert file.modified == (store.stat(path("folder/file.txt")).modified or None)


@pytest.mark.parametrize("name", ["top.txt", "absent", "absent/deeper"])
def test_listing_of_what_is_no_folder_is_empty(store: ArtifactStore, name: str) -> None:
    store.write(path("top.txt"), [b"1"])
    assert store.list(path(name)) == []


@pytest.mark.parametrize("name", ["données/図 1.txt", "a?b", "a;b", "100%25.txt", "xy:z", "a&b=c+d", "it's.txt"])
def test_unusual_name_survives(store: ArtifactStore, name: str) -> None:
    store.write(path(name), [name.encode()])
    assert store.open(path(name)).read() == name.encode()
    assert names(store.list(path(name).parent)) == [str(path(name))]


def test_overwriting_replaces_all_of_the_file(store: ArtifactStore) -> None:
    store.write(path("a.txt"), [b"a longer text"])
    store.write(path("a.txt"), [b"short"])
    assert store.open(path("a.txt")).read() == b"short"


def test_empty_file_is_a_file(store: ArtifactStore, tmp_path: Path) -> None:
    store.write(path("empty"), [])
    assert store.open(path("empty")).read() == b""
    assert store.download(path("empty"), tmp_path / "down").read_bytes() == b""


@pytest.mark.parametrize(
    ("start", "end", "expected"), [(2, 5, b"cde"), (7, None, b"hij"), (0, 1, b"a"), (8, 99, b"ij"), (4, 4, b"")]
)
def test_part_of_a_file_is_read(store: ArtifactStore, start: int, end: int | None, expected: bytes) -> None:
    store.write(path("a"), [b"abcdefghij"])
    assert store.open(path("a"), start, end).read() == expected


def test_absent_file_is_reported(store: ArtifactStore, tmp_path: Path) -> None:
    with pytest.raises(ResourceDoesNotExist, match="No such artifact: 'a/absent'"):
        store.stat(path("a/absent"))
    with pytest.raises(ResourceDoesNotExist):
        store.download(path("a/absent"), tmp_path / "down")


def test_deleting_is_recursive_and_can_be_repeated(store: ArtifactStore) -> None:
    for name in ("a/b/c", "a/d", "ab"):
        store.write(path(name), [b"1"])
    store.delete(path("a/d"))
    assert names(store.list(path("a"))) == ["a/b"]
    store.delete(path("a"))
    store.delete(path("a"))
    assert names(store.list()) == ["ab"]


def test_wrong_digest_leaves_nothing(store: ArtifactStore) -> None:
    with pytest.raises(DataLoss, match="was announced"):
        store.write(path("a"), [b"bytes"], Digest("0" * 64))
    assert store.list() == []


def test_wrong_size_leaves_nothing(store: ArtifactStore) -> None:
    with pytest.raises(DataLoss, match="announced"):
        store.write(path("a"), [b"bytes"], size=6)
    assert store.list() == []


def test_failing_source_leaves_the_old_file(store: ArtifactStore) -> None:
    store.write(path("a"), [b"old"])

    def broken() -> object:
        yield b"new"
        raise OSError("unplugged")

    with pytest.raises(OSError, match="unplugged"):
        store.write(path("a"), broken())
    assert store.open(path("a")).read() == b"old"
    assert names(store.list()) == ["a"]


def test_folder_goes_up_and_comes_back(store: ArtifactStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    for number in range(30):
        file = source / f"d{number % 3}" / f"f{number}.bin"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(os.urandom(number * 100))
    (source / "large.bin").write_bytes(os.urandom(3 * 2**20))
    store.upload_directory(source, path("model"))
    target = store.download(path("model"), tmp_path / "down")
    assert target == tmp_path / "down" / "model"
    assert contents(target) == contents(source)


def test_root_lands_right_in_the_folder(store: ArtifactStore, tmp_path: Path) -> None:
    store.write(path("a/b.txt"), [b"1"])
    assert store.download(path(), tmp_path / "down") == tmp_path / "down"
    assert contents(tmp_path / "down") == {"a/b.txt": b"1"}


def test_local_file_gets_the_name_it_is_given(store: ArtifactStore, tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"content")
    store.upload_file(tmp_path / "x.bin", path("deep/y.bin"))
    assert store.open(path("deep/y.bin")).read() == b"content"


def test_large_file_goes_up_and_comes_back(store: ArtifactStore, tmp_path: Path) -> None:
    content = os.urandom(2**20) * 40 + b"tail"
    (tmp_path / "big").write_bytes(content)
    store.upload_file(tmp_path / "big", path("big"))
    down = store.download(path("big"), tmp_path / "down")
    assert hashlib.sha256(down.read_bytes()).digest() == hashlib.sha256(content).digest()
    assert sorted(os.listdir(tmp_path / "down")) == ["big"]


def test_root_is_no_file(store: ArtifactStore) -> None:
    if not isinstance(store, PluginStore):
        with pytest.raises((InvalidParameterValue, ResourceDoesNotExist)):
            store.open(path()).read()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
