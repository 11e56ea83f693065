"""Artifacts in a folder of this machine.

Every name below the root is opened through its folder's handle without following links, so neither a link planted below
the root nor one swapped in between check and use leads out of it. Files appear by rename: readers see the old file or
the new one, and of several writers the last to finish wins.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from mlflow.artifacts.digests import BLOCK, Digest, WholeHasher, check
from mlflow.artifacts.paths import STAGING, TEMPORARY, ArtifactPath, is_listed
from mlflow.artifacts.store import ArtifactStore, Buffer, Entry, FileStat, Stream, Uploads
from mlflow.entities import FileInfo
from mlflow.exceptions import DataLoss, InvalidParameterValue, MlflowException, PermissionDenied, ResourceDoesNotExist

__all__ = ["LocalStore", "failure"]

_DIGEST = "user.mlflow.sha256"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class LocalStore(ArtifactStore):
    """A folder.

    Args:
        root: the folder; it is made when the first file is written, and may itself be a link.
        private: make files and folders readable by this user alone, and keep each file's SHA-256 in the extended
            attribute `user.mlflow.sha256`; for what a server keeps. Otherwise modes follow the umask.
    """

    def __init__(self, root: Path | str, *, private: bool = False) -> None:
        self.root = Path(root)
        self.private = private
        self._file_mode, self._folder_mode = (0o600, 0o700) if private else (0o666, 0o777)

    def __repr__(self) -> str:
        return f"LocalStore({str(self.root)!r})"

    @property
    def uploads(self) -> Uploads:
        """Uploads staged below the root, so that a finished one is moved into place by rename."""
        from mlflow.artifacts.uploads import UploadSessions  # builds on stores

        return UploadSessions(self, self.root / STAGING / "uploads")

    def entries(self, path: ArtifactPath = ArtifactPath(), /) -> list[Entry]:  # noqa: B008 - frozen
        try:
            with self._folder(path) as folder, os.scandir(folder) as entries:
                found = [_entry(path, entry) for entry in entries if _is_shown(entry)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as exc:
            raise failure(path, exc) from exc
        return sorted(found, key=lambda entry: entry.info.path)

    def list(self, path: ArtifactPath = ArtifactPath(), /) -> list[FileInfo]:  # noqa: B008 - frozen
        return [entry.info for entry in self.entries(path)]

    def stat(self, path: ArtifactPath, /) -> FileStat:
        try:
            with self._handle(path) as handle:
                return _file_stat(path, handle)
        except OSError as exc:
            raise failure(path, exc) from exc

    def open(self, path: ArtifactPath, /, start: int = 0, end: int | None = None) -> Stream:
        try:
            handle = self._open(path)
        except OSError as exc:
            raise failure(path, exc) from exc
        try:
            facts = _file_stat(path, handle)
            if facts.is_dir:
                raise InvalidParameterValue(f"Artifact path refers to a directory, not a file: '{path}'; name a file.")
        except BaseException:
            os.close(handle)
            raise
        stop = facts.size if end is None else min(end, facts.size)
        return Stream(facts, _Blocks(handle, path, start, stop), start)

    def writer(self, path: ArtifactPath, /, digest: Digest | None = None, size: int | None = None) -> LocalWriter:
        try:
            return LocalWriter(self, path, digest, size)
        except NotADirectoryError as exc:
            raise InvalidParameterValue(f"'{path}' lies below a file or a link; choose another folder.") from exc
        except OSError as exc:
            raise failure(path, exc) from exc

    def delete(self, path: ArtifactPath, /) -> None:
        try:
            if not path.parts:
                self._empty_root()
                return
            with self._folder(path.parent) as folder:
                _remove(path.name, folder)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as exc:
            raise failure(path, exc) from exc

    def adopt(self, staged: Path, path: ArtifactPath, digest: Digest, /) -> FileStat:
        try:
            with self._folder(path.parent, create=True) as folder:
                handle = os.open(staged, _READ)
                try:
                    self._keep_digest(handle, digest)
                    _publish(staged, path.name, folder)
                    return _file_stat(path, handle)
                finally:
                    os.close(handle)
        except NotADirectoryError as exc:
            raise InvalidParameterValue(f"'{path}' lies below a file or a link; choose another folder.") from exc
        except OSError as exc:
            raise failure(path, exc) from exc

    def _empty_root(self) -> None:
        with self._folder(ArtifactPath()) as folder:
            for name in os.listdir(folder):  # noqa: PTH208 - a handle, no path
                _remove(name, folder)

    @contextlib.contextmanager
    def _folder(self, path: ArtifactPath, create: bool = False) -> Iterator[int]:
        handle = self._walk(path, create)
        try:
            yield handle
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def _handle(self, path: ArtifactPath) -> Iterator[int]:
        handle = self._open(path)
        try:
            yield handle
        finally:
            os.close(handle)

    def _open(self, path: ArtifactPath) -> int:
        if not path.parts:
            return self._walk(path, create=False)
        with self._folder(path.parent) as folder:
            return os.open(path.name, _READ, dir_fd=folder)

    def _walk(self, path: ArtifactPath, create: bool) -> int:
        if create:
            self.root.mkdir(self._folder_mode, parents=True, exist_ok=True)
        handle = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for name in path.parts:
            try:
                below = self._step(name, handle, create)
            finally:
                os.close(handle)
            handle = below
        return handle

    def _step(self, name: str, folder: int, create: bool) -> int:
        try:
            return os.open(name, _FOLDER, dir_fd=folder)
        except FileNotFoundError:
            if not create:
                raise
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, self._folder_mode, dir_fd=folder)
        return os.open(name, _FOLDER, dir_fd=folder)

    def _keep_digest(self, handle: int, digest: Digest) -> None:
        # Not every file system has user attributes; without one the digest is simply not known later.
        if self.private and hasattr(os, "setxattr"):
            with contextlib.suppress(OSError):
                os.setxattr(handle, _DIGEST, str(digest).encode())


class LocalWriter:
    """A hidden file beside its target, renamed over it at the end."""

    def __init__(self, store: LocalStore, path: ArtifactPath, digest: Digest | None, size: int | None) -> None:
        if not path.parts:
            raise InvalidParameterValue("Invalid path: '' is the artifact root; name a file below it.")
        self._store, self._path, self._expected, self._size = store, path, digest, size
        self._written = 0
        self._hasher = (digest.hasher() if digest else WholeHasher()) if digest or store.private else None
        self._temporary = f"{TEMPORARY}{secrets.token_hex(8)}"
        self._folder = store._walk(path.parent, create=True)
        try:
            self._handle = os.open(self._temporary, _CREATE, store._file_mode, dir_fd=self._folder)
        except BaseException:
            os.close(self._folder)
            raise

    def write(self, data: Buffer, /) -> None:
        view = memoryview(data)
        self._written += len(view)
        if self._hasher:
            self._hasher.update(view)
        try:
            while view:
                view = view[os.write(self._handle, view) :]
        except OSError as exc:
            raise failure(self._path, exc) from exc

    def commit(self) -> FileStat:
        try:
            self._verify()
            _publish(self._temporary, self._path.name, self._folder, self._folder)
            return _file_stat(self._path, self._handle)
        except OSError as exc:
            self._discard()
            raise failure(self._path, exc) from exc
        except BaseException:
            self._discard()
            raise
        finally:
            self._close()

    def abort(self) -> None:
        self._discard()
        self._close()

    def _verify(self) -> None:
        if self._size is not None and self._written != self._size:
            raise DataLoss(
                f"'{self._path}' has {self._written} bytes, but {self._size} were announced; transfer the file again."
            )
        if self._hasher:
            digest = self._hasher.digest()
            check(str(self._path), self._expected, digest)
            self._store._keep_digest(self._handle, digest)

    def _discard(self) -> None:
        with contextlib.suppress(OSError):
            os.unlink(self._temporary, dir_fd=self._folder)

    def _close(self) -> None:
        """Close both descriptors once: by the time of a second call their numbers may be somebody else's."""
        if self._handle >= 0:
            os.close(self._handle)
            os.close(self._folder)
            self._handle = self._folder = -1


class _Blocks:
    """Reads an open file block by block, and closes it at the end."""

    def __init__(self, handle: int, path: ArtifactPath, start: int, stop: int) -> None:
        self._handle, self._path, self._at, self._stop = handle, path, start, stop
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._open or self._at >= self._stop:
            self.close()
            raise StopIteration
        block = os.pread(self._handle, min(BLOCK, self._stop - self._at), self._at)
        if not block:
            self.close()
            raise DataLoss(f"'{self._path}' became shorter while it was read; read it again.")
        self._at += len(block)
        return block

    def close(self) -> None:
        if self._open:
            self._open = False
            os.close(self._handle)

    def __del__(self) -> None:
        self.close()


def _is_shown(entry: os.DirEntry[str]) -> bool:
    return is_listed(entry.name) and (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False))


def _entry(folder: ArtifactPath, entry: os.DirEntry[str]) -> Entry:
    path = str(folder / entry.name)
    if entry.is_dir(follow_symlinks=False):
        return Entry(FileInfo(path=path, is_dir=True))
    facts = entry.stat(follow_symlinks=False)
    return Entry(FileInfo(path=path, is_dir=False, file_size=facts.st_size), facts.st_mtime)


def _file_stat(path: ArtifactPath, handle: int) -> FileStat:
    facts = os.fstat(handle)
    if stat.S_ISDIR(facts.st_mode):
        return FileStat(path, is_dir=True, modified=facts.st_mtime)
    if not stat.S_ISREG(facts.st_mode):
        raise ResourceDoesNotExist(f"No such artifact: '{path}' is not a regular file.")
    etag = f"{facts.st_mtime_ns:x}-{facts.st_size:x}-{facts.st_ino:x}"
    return FileStat(path, False, facts.st_size, facts.st_mtime, etag, _kept_digest(handle))


def _kept_digest(handle: int) -> Digest | None:
    if not hasattr(os, "getxattr"):
        return None
    try:
        return Digest.parse(os.getxattr(handle, _DIGEST).decode())
    except (OSError, InvalidParameterValue, UnicodeDecodeError):
        return None


def _publish(source: str | Path, name: str, folder: int, source_folder: int | None = None) -> None:
    os.rename(source, name, src_dir_fd=source_folder, dst_dir_fd=folder)


def _remove(name: str, folder: int) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except (IsADirectoryError, PermissionError):
        below = os.open(name, _FOLDER, dir_fd=folder)
        try:
            for child in os.listdir(below):  # noqa: PTH208 - a handle, no path
                with contextlib.suppress(FileNotFoundError):
                    _remove(child, below)
        finally:
            os.close(below)
        os.rmdir(name, dir_fd=folder)


def failure(path: ArtifactPath, exc: OSError) -> MlflowException:
    """What a failed call of the operating system means for an artifact."""
    if exc.errno in (errno.ENOENT, errno.ENOTDIR):
        return ResourceDoesNotExist(f"No such artifact: '{path}'")
    if exc.errno == errno.ELOOP:
        return PermissionDenied(f"'{path}' passes through a link, which artifacts may not; remove the link.")
    if exc.errno in (errno.EISDIR, errno.ENOTEMPTY, errno.EEXIST):
        return InvalidParameterValue(f"Artifact path refers to a directory, not a file: '{path}'; choose another name.")
    if exc.errno == errno.ENAMETOOLONG:
        return InvalidParameterValue(f"Invalid path: '{str(path)[:80]}…' has too long a name; 255 bytes are the limit.")
    if exc.errno in (errno.EACCES, errno.EPERM):
        return PermissionDenied(f"The artifact folder does not allow this for '{path}'; check its owner and mode.")
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return MlflowException(f"No space left to write artifact '{path}'; free some and try again.", "IO_ERROR")
    return MlflowException(f"Artifact '{path}' cannot be read or written: {exc.strerror}.", "IO_ERROR")
