from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest

from mlflow.artifacts.digests import Digest
from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.uploads import UploadSessions
from mlflow.exceptions import (
    DataLoss,
    InvalidParameterValue,
    InvalidState,
    MlflowException,
    ResourceConflict,
    ResourceDoesNotExist,
)

PART = 2**16
PATH = ArtifactPath(("model", "weights.bin"))
CONTENT = os.urandom(2 * PART + 100)
PARTS = [CONTENT[:PART], CONTENT[PART : 2 * PART], CONTENT[2 * PART :]]
DIGESTS = [hashlib.sha256(part).hexdigest() for part in PARTS]
WHOLE = Digest(hashlib.sha256(CONTENT).hexdigest())
COMPOSITE = Digest.of_parts(DIGESTS, PART)


@pytest.fixture
def sessions(served: LocalStore, tmp_path: Path) -> UploadSessions:
    return UploadSessions(served, served.root / ".mlflow-staging" / "uploads")


@pytest.mark.parametrize("digest", [WHOLE, COMPOSITE], ids=["of the whole", "of the parts"])
def test_parts_in_any_order_become_the_file(sessions: UploadSessions, served: LocalStore, digest: Digest) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    for number in (3, 1, 2):
        sessions.put(upload, number, [PARTS[number - 1]], DIGESTS[number - 1])
    assert served.list() == []
    stat = sessions.complete(upload, digest)
    assert (stat.size, stat.digest) == (len(CONTENT), digest)
    assert served.open(PATH).read() == CONTENT


def test_upload_goes_on_in_another_process(sessions: UploadSessions, served: LocalStore) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    sessions.put(upload, 2, [PARTS[1]], DIGESTS[1])
    again = UploadSessions(served, served.root / ".mlflow-staging" / "uploads")
    found = again.get(upload.id)
    assert found == upload
    assert [(part.number, part.size, part.sha256) for part in again.parts(found)] == [(2, PART, DIGESTS[1])]


def test_corrupt_part_is_refused_and_can_be_sent_again(sessions: UploadSessions) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    with pytest.raises(DataLoss, match="part 1"):
        sessions.put(upload, 1, [b"?" + PARTS[0][1:]], DIGESTS[0])
    assert sessions.parts(upload) == []
    assert sessions.put(upload, 1, [PARTS[0]], DIGESTS[0]).size == PART


def test_short_part_is_refused(sessions: UploadSessions) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    with pytest.raises(DataLoss, match="came with 10 bytes"):
        sessions.put(upload, 1, [PARTS[0][:10]], hashlib.sha256(PARTS[0][:10]).hexdigest())


def test_long_part_is_refused_before_it_reaches_the_next_one(sessions: UploadSessions, served: LocalStore) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    sessions.put(upload, 2, [PARTS[1]], DIGESTS[1])
    with pytest.raises(InvalidParameterValue, match="longer than"):
        sessions.put(upload, 1, [PARTS[0], b"more"], DIGESTS[0])
    sessions.put(upload, 1, [PARTS[0]], DIGESTS[0])
    sessions.put(upload, 3, [PARTS[2]], DIGESTS[2])
    sessions.complete(upload, WHOLE)
    assert served.open(PATH).read() == CONTENT


@pytest.mark.parametrize("number", [0, 4, -1])
def test_part_that_is_none_is_refused(sessions: UploadSessions, number: int) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    with pytest.raises(InvalidParameterValue, match="has parts 1 to 3"):
        sessions.put(upload, number, [b""], DIGESTS[0])


def test_completing_needs_every_part(sessions: UploadSessions, served: LocalStore) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    sessions.put(upload, 1, [PARTS[0]], DIGESTS[0])
    with pytest.raises(InvalidState, match="lacks 2 of 3 parts"):
        sessions.complete(upload, WHOLE)
    assert served.list() == []


@pytest.mark.parametrize("part_size", [0, PART], ids=["of the whole", "of the parts"])
def test_wrong_digest_of_the_file_is_data_loss(sessions: UploadSessions, served: LocalStore, part_size: int) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    for number, part in enumerate(PARTS, 1):
        sessions.put(upload, number, [part], DIGESTS[number - 1])
    with pytest.raises(DataLoss, match="was announced"):
        sessions.complete(upload, Digest("0" * 64, part_size))
    assert served.list() == []


def test_completing_twice_answers_the_same(sessions: UploadSessions) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    for number, part in enumerate(PARTS, 1):
        sessions.put(upload, number, [part], DIGESTS[number - 1])
    assert sessions.complete(upload, WHOLE).etag == sessions.complete(upload, WHOLE).etag


def test_empty_file_needs_no_part(sessions: UploadSessions, served: LocalStore) -> None:
    upload = sessions.create(PATH, 0, PART)
    sessions.complete(upload, Digest(hashlib.sha256(b"").hexdigest()))
    assert served.open(PATH).read() == b""


def test_same_part_again_is_kept_and_another_refused(sessions: UploadSessions) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    sessions.put(upload, 1, [PARTS[0]], DIGESTS[0])
    sessions.put(upload, 1, [PARTS[0]], DIGESTS[0])
    with pytest.raises(ResourceConflict, match="held with other bytes"):
        sessions.put(upload, 1, [PARTS[1]], DIGESTS[1])


def test_part_under_way_is_locked(sessions: UploadSessions) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    writer = sessions.part_writer(upload, 1, DIGESTS[0])
    with pytest.raises(ResourceConflict, match="sent by another request"):
        sessions.part_writer(upload, 1, DIGESTS[0])
    writer.abort()
    sessions.put(upload, 1, [PARTS[0]], DIGESTS[0])


def test_parts_come_in_from_many_threads(sessions: UploadSessions, served: LocalStore) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    threads = [
        threading.Thread(target=sessions.put, args=(upload, number, [PARTS[number - 1]], DIGESTS[number - 1]))
        for number in (1, 2, 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sessions.complete(upload, COMPOSITE)
    assert served.open(PATH).read() == CONTENT


def test_aborted_upload_leaves_nothing(sessions: UploadSessions, served: LocalStore) -> None:
    upload = sessions.create(PATH, len(CONTENT), PART)
    sessions.put(upload, 1, [PARTS[0]], DIGESTS[0])
    sessions.abort(upload)
    with pytest.raises(ResourceDoesNotExist, match="completed, aborted or expired"):
        sessions.get(upload.id)
    assert os.listdir(served.root / ".mlflow-staging" / "uploads") == []


def test_untouched_upload_expires(sessions: UploadSessions, served: LocalStore) -> None:
    old = sessions.create(PATH, len(CONTENT), PART)
    os.utime(served.root / ".mlflow-staging" / "uploads" / old.id, (0, 0))
    fresh = sessions.create(PATH, len(CONTENT), PART)
    assert sessions.get(fresh.id) == fresh
    with pytest.raises(ResourceDoesNotExist):
        sessions.get(old.id)


@pytest.mark.parametrize(
    "upload_id", ["../../etc", "x", "", "0" * 31, "../" + "0" * 32], ids=["parent", "x", "empty", "short", "prefixed"]
)
def test_id_that_is_no_id_is_refused(sessions: UploadSessions, upload_id: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid upload id"):
        sessions.get(upload_id)


@pytest.mark.parametrize(
    ("size", "part_size"), [(-1, PART), (10, 0), (10, 10), (PART * 10_001, PART)], ids=["size", "zero", "tiny", "many"]
)
def test_sizes_that_make_no_sense_are_refused(sessions: UploadSessions, size: int, part_size: int) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid upload"):
        sessions.create(PATH, size, part_size)


@pytest.mark.faults
def test_full_disk_is_reported_and_the_part_can_be_sent_again(small_disk: Path) -> None:
    store = LocalStore(small_disk / "root", private=True)
    sessions = UploadSessions(store, small_disk / "root" / ".mlflow-staging" / "uploads")
    part_size = 2**20
    part = os.urandom(part_size)
    digest = hashlib.sha256(part).hexdigest()
    upload = sessions.create(PATH, part_size, part_size)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(2**20 + 2**19))
    with pytest.raises(MlflowException, match="No space left") as caught:
        sessions.put(upload, 1, [part], digest)
    assert caught.value.error_code == "IO_ERROR"
    filler.unlink()
    sessions.put(upload, 1, [part], digest)
    sessions.complete(upload, Digest(digest))
    assert store.open(PATH).read() == part
