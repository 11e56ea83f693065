"""The serving side of `mlflow-artifacts:`: requests in, replies out, without any web framework.

A server mounts it by handing over the path and the headers of a request, streaming the body into the writer it gets
(`pipeline.pump`), and sending what a reply holds. SHA-256 of local files are kept in extended attributes, which travel
with the file by rename and vanish with it; of S3 objects in their user metadata.
"""

from __future__ import annotations

import contextlib
import os
import stat as file_modes
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from mlflow.artifacts.bundle import BundleWriter, pack
from mlflow.artifacts.content import content_disposition, content_type, safety_headers
from mlflow.artifacts.digests import PART_SIZE, Digest
from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import STAGING, ArtifactPath, Location
from mlflow.artifacts.ranges import UNSATISFIABLE, byte_range, http_date, is_unchanged
from mlflow.artifacts.registry import Access, open_store
from mlflow.artifacts.store import ArtifactStore, FileStat, Stream, Writer
from mlflow.artifacts.uploads import UploadSessions
from mlflow.artifacts.wire import CompleteUpload, CreateUpload, Features, Stored, UploadState
from mlflow.entities import FileInfo
from mlflow.exceptions import InvalidParameterValue, PermissionDenied

__all__ = ["ArtifactProxy", "Reply"]


class Reply(msgspec.Struct):
    """What to answer to a GET or HEAD; the body's stream is to be closed when the client goes away."""

    status: int
    headers: dict[str, str]
    body: Stream | None = None


class ArtifactProxy:
    """One destination, served.

    Args:
        store: where the files are.
        staging: a private local folder for multipart uploads under way; all processes of a server share it.
    """

    def __init__(self, store: ArtifactStore, staging: Path) -> None:
        self.store = store
        self.uploads = UploadSessions(store, staging)

    @classmethod
    def at(cls, destination: str, staging: Path | None = None) -> ArtifactProxy:
        """The proxy of a server's `--artifacts-destination`.

        A local destination stages uploads below itself; for others `staging` says where, else the temporary folder.

        Raises:
            PermissionDenied: somebody else has the place in the temporary folder.
        """
        location = Location.parse(destination)
        if location.scheme == "file":
            return cls(LocalStore(location.folder, private=True), location.folder / STAGING / "uploads")
        return cls(open_store(location, Access()), staging or _own_staging())

    def features(self) -> Features:
        """What clients may use beyond MLflow's own requests."""
        return Features(uploads=True, bundle=True, part_size=PART_SIZE)

    def list(self, path: str | None) -> list[FileInfo]:
        """The files of a folder, by base name."""
        parsed = ArtifactPath.parse(path)
        return [
            FileInfo(path=info.path.rpartition("/")[2], is_dir=info.is_dir, file_size=info.file_size)
            for info in self.store.list(parsed)
        ]

    def read(self, path: str, headers: Mapping[str, str], method: str = "GET") -> Reply:
        """A file or the part of it that the request's headers, in lower case, ask for.

        Raises:
            ResourceDoesNotExist: there is no such file.
            InvalidParameterValue: it is a folder.
        """
        parsed = ArtifactPath.parse_file(path.rstrip("/"))
        stat = self.store.stat(parsed)
        if stat.is_dir:
            raise InvalidParameterValue(f"Artifact path refers to a directory, not a file: '{parsed}'; name a file.")
        if is_unchanged(headers, stat):
            return Reply(304, _facts(stat))
        wanted = byte_range(headers, stat)
        if wanted == UNSATISFIABLE:
            return Reply(416, {"Content-Range": f"bytes */{stat.size}", "Content-Length": "0"})
        reply = self._reply(stat, wanted)
        if method != "HEAD":
            start, end = wanted or (0, stat.size)
            reply.body = self.store.open(parsed, start, end)
            if reply.body.stat.etag != stat.etag:
                # The file was replaced since; its facts must be those of the bytes.
                reply.body.close()
                return self.read(path, headers, method)
        return reply

    def writer(self, path: str, headers: Mapping[str, str]) -> Writer[FileStat]:
        """The writer for a PUT's body; a digest and a length among its headers are checked."""
        length = headers.get("content-length", "")
        size = int(length) if length.isdecimal() else None
        return self.store.writer(ArtifactPath.parse_file(path), Digest.from_headers(headers.items()), size)

    def delete(self, path: str) -> None:
        """Remove a file or folder; the destination itself is never emptied by a client."""
        self.store.delete(ArtifactPath.parse_file(path.rstrip("/")))

    def bundle_writer(self, path: str | None) -> Writer[int]:
        """The writer for a bundle's body; commit answers how many files it held."""
        return BundleWriter(self.store, ArtifactPath.parse(path))

    def bundle(self, path: str | None) -> Iterator[bytes]:
        """A folder as a bundle."""
        return pack(self.store, ArtifactPath.parse(path))

    def create_upload(self, body: CreateUpload) -> UploadState:
        """Begin a multipart upload."""
        path = ArtifactPath.parse_file(body.path)
        return self._state(self.uploads.create(path, body.size, body.part_size or PART_SIZE).id)

    def upload(self, upload_id: str) -> UploadState:
        """What an upload is for, and the parts it holds; its path is what access depends on."""
        return self._state(upload_id)

    def part_writer(self, upload_id: str, number: int, headers: Mapping[str, str]) -> Writer[object]:
        """The writer for a part's body; its header X-Content-SHA256 is required."""
        digest = Digest.from_headers(headers.items())
        if digest is None or digest.part_size:
            raise InvalidParameterValue(f"Part '{number}' comes without its SHA-256; send the header X-Content-SHA256.")
        return self.uploads.part_writer(self.uploads.get(upload_id), number, digest.sha256)

    def complete_upload(self, upload_id: str, body: CompleteUpload) -> Stored:
        """Put a finished upload into place."""
        digest = Digest.parse(body.sha256)
        stat = self.uploads.complete(self.uploads.get(upload_id), digest)
        return Stored(str(stat.path), stat.size, str(digest))

    def abort_upload(self, upload_id: str) -> None:
        """Drop an upload."""
        self.uploads.abort(self.uploads.get(upload_id))

    def _state(self, upload_id: str) -> UploadState:
        upload = self.uploads.get(upload_id)
        return UploadState(upload.id, str(upload.path), upload.size, upload.part_size, self.uploads.parts(upload))

    @staticmethod
    def _reply(stat: FileStat, wanted: tuple[int, int] | None) -> Reply:
        start, end = wanted or (0, stat.size)
        headers = _facts(stat) | {"Content-Length": str(end - start)}
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{stat.size}"
        return Reply(206 if wanted else 200, headers)


def _own_staging() -> Path:
    """This user's folder among everybody's temporary ones: its name is known, so that another may have made it."""
    folder = Path(tempfile.gettempdir(), f"mlflow-{os.getuid()}")
    with contextlib.suppress(FileExistsError):
        folder.mkdir(0o700)
    found = folder.lstat()
    if not file_modes.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionDenied(
            f"'{folder}', where uploads are kept until they are whole, is not a folder that this user alone can write "
            "to. Remove it, or set TMPDIR to a folder of this user."
        )
    return folder


def _facts(stat: FileStat) -> dict[str, str]:
    facts = {
        "Content-Type": content_type(stat.path.name),
        "Content-Disposition": content_disposition(stat.path.name),
        "Accept-Ranges": "bytes",
        "ETag": f'"{stat.etag}"',
        "Last-Modified": http_date(stat.modified),
    }
    return facts | safety_headers() | (stat.digest.headers() if stat.digest else {})
