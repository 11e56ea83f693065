from __future__ import annotations

import os
import stat
import threading
import tracemalloc
from pathlib import Path

import pytest

from mlflow.artifacts.digests import BLOCK, Digest
from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import STAGING, ArtifactPath
from mlflow.exceptions import InvalidParameterValue, MlflowException, PermissionDenied, ResourceDoesNotExist


def path(text: str = "") -> ArtifactPath:
    return ArtifactPath.parse(text)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret").write_text("secret")
    return folder


def test_linked_file_is_neither_listed_nor_opened(local: LocalStore, secret: Path) -> None:
    local.write(path("a"), [b"1"])
    (local.root / "link").symlink_to(secret / "secret")
    assert [info.path for info in local.list()] == ["a"]
    with pytest.raises(PermissionDenied, match="passes through a link"):
        local.open(path("link"))
    with pytest.raises(PermissionDenied):
        local.stat(path("link"))


def test_linked_folder_leads_nowhere(local: LocalStore, secret: Path) -> None:
    local.write(path("a"), [b"1"])
    (local.root / "link").symlink_to(secret, target_is_directory=True)
    assert local.list(path("link")) == []
    with pytest.raises(ResourceDoesNotExist):
        local.open(path("link/secret"))
    with pytest.raises(InvalidParameterValue, match="below a file or a link"):
        local.write(path("link/planted"), [b"x"])
    local.delete(path("link/secret"))
    assert sorted(os.listdir(secret)) == ["secret"]


def test_deleting_a_link_keeps_what_it_points_to(local: LocalStore, secret: Path) -> None:
    local.write(path("folder/a"), [b"1"])
    (local.root / "folder" / "link").symlink_to(secret, target_is_directory=True)
    local.delete(path("folder"))
    assert not (local.root / "folder").exists()
    assert (secret / "secret").read_text() == "secret"


def test_writing_over_a_link_replaces_the_link(local: LocalStore, secret: Path) -> None:
    local.root.mkdir()
    (local.root / "link").symlink_to(secret / "secret")
    local.write(path("link"), [b"mine"])
    assert (secret / "secret").read_text() == "secret"
    assert local.open(path("link")).read() == b"mine"


def test_link_swapped_in_while_reading_is_never_followed(local: LocalStore, secret: Path) -> None:
    local.write(path("d/secret"), [b"public"])
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            os.rename(local.root / "d", local.root / "kept")
            os.symlink(secret, local.root / "d")
            os.unlink(local.root / "d")
            os.rename(local.root / "kept", local.root / "d")

    swapper = threading.Thread(target=swap)
    swapper.start()
    seen, tries = set(), 0
    try:
        while tries < 2000 or not seen:  # on a busy machine all of the first tries may find the folder gone
            tries += 1
            try:
                seen.add(local.open(path("d/secret")).read())
            except (ResourceDoesNotExist, PermissionDenied):
                continue
    finally:
        stop.set()
        swapper.join()
    assert seen == {b"public"}


def test_root_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    LocalStore(tmp_path / "link").write(path("a"), [b"1"])
    assert (tmp_path / "disk" / "a").read_bytes() == b"1"


def test_pipe_is_no_artifact(local: LocalStore) -> None:
    local.root.mkdir()
    os.mkfifo(local.root / "pipe")
    assert local.list() == []
    with pytest.raises(ResourceDoesNotExist, match="not a regular file"):
        local.open(path("pipe"))


def test_served_files_are_private(served: LocalStore) -> None:
    served.write(path("a/b"), [b"1"])
    assert stat.S_IMODE((served.root / "a").stat().st_mode) == 0o700
    assert stat.S_IMODE((served.root / "a" / "b").stat().st_mode) == 0o600


def test_own_files_follow_the_umask(local: LocalStore) -> None:
    old = os.umask(0o027)
    try:
        local.write(path("a/b"), [b"1"])
    finally:
        os.umask(old)
    assert stat.S_IMODE((local.root / "a" / "b").stat().st_mode) == 0o640


def test_served_file_keeps_its_digest_when_it_moves(served: LocalStore) -> None:
    stat_ = served.write(path("a"), [b"hello"])
    assert stat_.digest == Digest("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    os.rename(served.root / "a", served.root / "b")
    assert served.stat(path("b")).digest == stat_.digest


def test_folder_is_not_overwritten_by_a_file(local: LocalStore) -> None:
    local.write(path("a/b"), [b"1"])
    with pytest.raises(InvalidParameterValue, match="refers to a directory"):
        local.write(path("a"), [b"2"])
    assert local.open(path("a/b")).read() == b"1"
    assert sorted(os.listdir(local.root)) == ["a"]


def test_file_is_not_a_folder(local: LocalStore) -> None:
    local.write(path("a"), [b"1"])
    with pytest.raises(InvalidParameterValue, match="below a file"):
        local.write(path("a/b"), [b"2"])
    with pytest.raises(InvalidParameterValue, match="refers to a directory"):
        local.open(path())


def test_too_long_a_name_is_refused(local: LocalStore) -> None:
    with pytest.raises(InvalidParameterValue, match="255 bytes"):
        local.write(path("a" * 300), [b"1"])


def test_unfinished_files_are_hidden(local: LocalStore) -> None:
    writer = local.writer(path("a"))
    writer.write(b"half")
    (local.root / STAGING).mkdir()
    assert local.list() == []
    writer.abort()
    assert os.listdir(local.root) == [STAGING]


def test_emptying_the_root_keeps_the_root(local: LocalStore) -> None:
    local.write(path("a/b"), [b"1"])
    local.delete(path())
    assert os.listdir(local.root) == []


def test_of_concurrent_writers_one_wins_whole(local: LocalStore) -> None:
    contents = [bytes([65 + number]) * 300_000 for number in range(8)]
    barrier = threading.Barrier(len(contents))

    def write(content: bytes) -> None:
        barrier.wait()
        for _ in range(10):
            local.write(path("same"), [content[:100_000], content[100_000:]])

    threads = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    seen = []
    while any(thread.is_alive() for thread in threads):
        try:
            seen.append(local.open(path("same")).read())
        except ResourceDoesNotExist:
            continue
    for thread in threads:
        thread.join()
    assert set(seen) <= set(contents)
    assert local.open(path("same")).read() in contents
    assert os.listdir(local.root) == ["same"]


def test_file_cut_while_it_is_read_is_reported(local: LocalStore) -> None:
    local.write(path("a"), [bytes(3 * BLOCK)])
    stream = local.open(path("a"))
    blocks = iter(stream)
    next(blocks)
    os.truncate(local.root / "a", BLOCK)
    with pytest.raises(MlflowException, match="became shorter"):
        next(blocks)


def test_huge_file_is_read_and_written_in_flat_memory(local: LocalStore) -> None:
    local.root.mkdir()
    with (local.root / "huge").open("wb") as file:
        file.truncate(2**30)
    tracemalloc.start()
    local.write(path("copy"), local.open(path("huge"), 0, 200 * BLOCK))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert local.stat(path("copy")).size == 200 * BLOCK
    assert peak < 4 * BLOCK


@pytest.mark.faults
def test_full_disk_is_reported_and_leaves_the_old_file(small_disk: Path) -> None:
    store = LocalStore(small_disk / "root")
    store.write(path("a"), [b"old"])
    with pytest.raises(MlflowException, match="No space left") as caught:
        store.write(path("a"), [bytes(BLOCK)] * 4)
    assert caught.value.error_code == "IO_ERROR"
    assert store.open(path("a")).read() == b"old"
    assert os.listdir(store.root) == ["a"]


def test_what_a_run_captured_is_read_by_its_path_and_not_listed(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    for name in (".mlflow/source/diff.patch", "model/weights.bin", ".hidden"):
        store.write(path(name), [b"x"])
    assert [info.path for info in store.list()] == [".hidden", "model"]
    assert store.open(path(".mlflow/source/diff.patch")).read() == b"x"
    assert [info.path for info in store.list(path(".mlflow"))] == [".mlflow/source"]
