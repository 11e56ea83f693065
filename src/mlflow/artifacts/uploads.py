"""Multipart uploads on the receiving side: they survive restarts, and a finished one is moved, not copied, into place.

An upload is a folder below the staging folder:

    <id>/session.json   path, size, part size
    <id>/data           the file in the making; each part is written at its own place
    <id>/parts/<n>      JSON of the part, written once its bytes are there and checked; locked while they come in
    <id>/done           the upload was completed; kept so that a repeated completion answers the same

Any process that sees the folder can go on with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from io import BufferedWriter
from pathlib import Path

import msgspec

from mlflow.artifacts.digests import Digest, check
from mlflow.artifacts.local import failure
from mlflow.artifacts.locks import try_lock
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import MAX_PARTS, ArtifactStore, Buffer, FileStat, Part, Upload
from mlflow.artifacts.transfer import read_file
from mlflow.exceptions import DataLoss, InvalidParameterValue, InvalidState, ResourceConflict, ResourceDoesNotExist

__all__ = ["PartWriter", "UploadSessions"]

_ID = re.compile(r"[0-9a-f]{32}")
_MIN_PART_SIZE = 2**16
_LIFETIME = 7 * 24 * 3600.0


class UploadSessions:
    """The uploads into one store.

    Args:
        store: where finished files go.
        staging: a private local folder; below a local store's own root finished files are renamed.
        lifetime: seconds after which an untouched upload is dropped.
    """

    def __init__(self, store: ArtifactStore, staging: Path, lifetime: float = _LIFETIME) -> None:
        self._store, self._staging, self._lifetime = store, staging, lifetime

    def create(self, path: ArtifactPath, size: int, part_size: int) -> Upload:
        """Begin an upload of `size` bytes.

        Raises:
            InvalidParameterValue: a size that makes no sense, or more than 10,000 parts.
        """
        _check_sizes(path, size, part_size)
        self.expire()
        upload = Upload(secrets.token_hex(16), path, size, part_size)
        folder = self._folder(upload.id)
        (folder / "parts").mkdir(0o700, parents=True)
        folder.chmod(0o700)
        with _create(folder / "data") as data:
            data.truncate(size)
        with _create(folder / "session.json") as session:
            session.write(msgspec.json.encode(upload))
        return upload

    def get(self, upload_id: str) -> Upload:
        """The upload of an id.

        Raises:
            ResourceDoesNotExist: no such upload, or it expired.
        """
        if not _ID.fullmatch(upload_id):
            raise InvalidParameterValue(f"Invalid upload id: '{upload_id[:80]}'; use the id that create answered.")
        try:
            return msgspec.json.decode((self._folder(upload_id) / "session.json").read_bytes(), type=Upload)
        except (FileNotFoundError, msgspec.DecodeError) as exc:
            raise _unknown(upload_id) from exc

    def part_writer(self, upload: Upload, number: int, sha256: str) -> PartWriter:
        """A writer of one part; several parts may be written at once, by any processes.

        Raises:
            InvalidParameterValue: no such part.
            ResourceConflict: another request is writing this part, or wrote other bytes as it.
        """
        if not 1 <= number <= upload.part_count:
            raise InvalidParameterValue(
                f"Invalid part number: '{number}'; upload {upload.id} has parts 1 to {upload.part_count}."
            )
        folder = self._folder(upload.id)
        try:
            os.utime(folder)
            return PartWriter(folder, upload, number, Digest.parse(sha256).sha256)
        except FileNotFoundError as exc:
            raise _unknown(upload.id) from exc

    def put(self, upload: Upload, number: int, blocks: Iterable[Buffer], sha256: str) -> Part:
        """Write one part from its blocks."""
        writer = self.part_writer(upload, number, sha256)
        try:
            for block in blocks:
                writer.write(block)
        except BaseException:
            writer.abort()
            raise
        return writer.commit()

    def parts(self, upload: Upload) -> list[Part]:
        """The parts held, by number."""
        try:
            files = list((self._folder(upload.id) / "parts").iterdir())
        except FileNotFoundError as exc:
            if (self._folder(upload.id) / "done").exists():
                return []
            raise _unknown(upload.id) from exc
        return sorted(filter(None, map(_read_part, files)), key=lambda part: part.number)

    def complete(self, upload: Upload, digest: Digest) -> FileStat:
        """Check the file against its digest and put it into place; completing again answers the same.

        Args:
            upload: the upload, all of whose parts are held.
            digest: of the whole, or of the parts when it has the upload's part size.

        Raises:
            InvalidState: parts are missing.
            DataLoss: the digest is another.
        """
        folder = self._folder(upload.id)
        if (folder / "done").exists():
            return self._store.stat(upload.path)
        held = self.parts(upload)
        missing = upload.part_count - len(held)
        if missing:
            raise InvalidState(f"Upload '{upload.id}' lacks {missing} of {upload.part_count} parts; send them first.")
        check(str(upload.path), digest, self._digest(upload, held, digest))
        stat = self._store.adopt(folder / "data", upload.path, digest)
        (folder / "done").touch(0o600)
        shutil.rmtree(folder / "parts", ignore_errors=True)
        return stat

    def abort(self, upload: Upload) -> None:
        """Drop an upload and what it holds."""
        shutil.rmtree(self._folder(upload.id), ignore_errors=True)

    def expire(self) -> int:
        """Drop uploads that nobody touched for their lifetime; returns how many."""
        oldest = time.time() - self._lifetime
        expired = [folder for folder in self._folders() if _modified(folder) < oldest]
        for folder in expired:
            shutil.rmtree(folder, ignore_errors=True)
        return len(expired)

    def _digest(self, upload: Upload, held: list[Part], wanted: Digest) -> Digest:
        if wanted.part_size == upload.part_size:
            return Digest.of_parts((part.sha256 for part in held), upload.part_size)
        hasher = wanted.hasher()
        for block in read_file(self._folder(upload.id) / "data"):
            hasher.update(block)
        return hasher.digest()

    def _folder(self, upload_id: str) -> Path:
        return self._staging / upload_id

    def _folders(self) -> Iterator[Path]:
        with contextlib.suppress(FileNotFoundError):
            yield from self._staging.iterdir()


class PartWriter:
    """One part on its way in; a part that is held already with the same bytes is read over and kept."""

    def __init__(self, folder: Path, upload: Upload, number: int, sha256: str) -> None:
        self._upload, self._number, self._sha256 = upload, number, sha256
        self._hash = hashlib.sha256()
        self._written = 0
        self._record = _lock(folder / "parts" / str(number))
        self._data: int | None = None
        try:
            held = os.pread(self._record, 1024, 0)
            if held and msgspec.json.decode(held, type=Part).sha256 != sha256:
                raise ResourceConflict(
                    f"Part '{number}' of upload {upload.id} is held with other bytes; abort the upload and begin anew."
                )
            if not held:
                self._data = os.open(folder / "data", os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except BaseException:
            os.close(self._record)
            raise

    def write(self, data: Buffer, /) -> None:
        view = memoryview(data)
        if self._written + len(view) > self._upload.size_of(self._number):
            raise InvalidParameterValue(
                f"Part '{self._number}' is longer than its {self._upload.size_of(self._number)} bytes; "
                "send what create agreed on."
            )
        self._hash.update(view)
        offset = (self._number - 1) * self._upload.part_size + self._written
        self._written += len(view)
        try:
            while view and self._data is not None:
                sent = os.pwrite(self._data, view, offset)
                view, offset = view[sent:], offset + sent
        except OSError as exc:
            raise failure(self._upload.path, exc) from exc

    def commit(self) -> Part:
        try:
            part = Part(self._number, self._written, self._hash.hexdigest())
            self._verify(part)
            if self._data is not None:
                os.pwrite(self._record, msgspec.json.encode(part), 0)
            return part
        finally:
            self.abort()

    def abort(self) -> None:
        if self._data is not None:
            os.close(self._data)
            self._data = None
        if self._record >= 0:
            os.close(self._record)
            self._record = -1

    def _verify(self, part: Part) -> None:
        name = f"{self._upload.path} part {part.number}"
        if part.size != self._upload.size_of(part.number):
            raise DataLoss(f"'{name}' came with {part.size} bytes; send it again whole.")
        check(name, Digest(self._sha256), Digest(part.sha256))


def _check_sizes(path: ArtifactPath, size: int, part_size: int) -> None:
    if size < 0 or part_size < _MIN_PART_SIZE:
        raise InvalidParameterValue(
            f"Invalid upload of '{path}': {size} bytes in parts of {part_size}; "
            f"sizes are not negative and parts have at least {_MIN_PART_SIZE} bytes."
        )
    if -(-size // part_size) > MAX_PARTS:
        raise InvalidParameterValue(
            f"Invalid upload of '{path}': parts of {part_size} bytes would be more than {MAX_PARTS}; use larger ones."
        )


def _create(path: Path) -> BufferedWriter:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def _lock(path: Path) -> int:
    record = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    if not try_lock(record):
        os.close(record)
        raise ResourceConflict(f"Part '{path.name}' is being sent by another request; try again shortly.")
    return record


def _read_part(path: Path) -> Part | None:
    held = path.read_bytes()
    return msgspec.json.decode(held, type=Part) if held else None


def _modified(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _unknown(upload_id: str) -> ResourceDoesNotExist:
    return ResourceDoesNotExist(f"No such upload: '{upload_id}' was completed, aborted or expired; begin a new one.")
