"""Artifacts behind a tracking server: MLflow's requests to any server, faster and resumable ones to a server of ours.

Beyond MLflow's GET, PUT, DELETE and listing, a server that answers `GET /api/ext/v1/artifacts/features` gets files over
16 MiB as multipart uploads and small files of a folder as bundles; its answer is asked for once per connection.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec

from mlflow.artifacts.bundle import CONTENT_TYPE, MAX_FILE, Decoder, Entry, encode
from mlflow.artifacts.digests import PART_SIZE, Digest
from mlflow.artifacts.http import Answer, Connection
from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.pipeline import pipelined
from mlflow.artifacts.push import push
from mlflow.artifacts.registry import Access
from mlflow.artifacts.spool import SpoolWriter
from mlflow.artifacts.store import ArtifactStore, Buffer, FileStat, Part, Stream, Upload, Writer
from mlflow.artifacts.transfer import each, local_files, read_file
from mlflow.artifacts.wire import (
    API,
    EXTENSION,
    CompleteUpload,
    CreateUpload,
    Features,
    Stored,
    UploadState,
)
from mlflow.entities import FileInfo
from mlflow.exceptions import DataLoss, MlflowException, ResourceDoesNotExist

__all__ = ["ProxiedStore", "RemoteUploads"]

_BUNDLES = 2
# Fewer small files than this are sent one by one.
_WORTH_A_BUNDLE = 4
_RANGE_NOT_SATISFIABLE = 416


class ProxiedStore(ArtifactStore):
    """The files below one folder of a server.

    Args:
        connection: the server.
        root: the folder.
        endpoint: the path of the artifact API below the server's address.
        extended: whether to ask the server for what MLflow lacks.
    """

    def __init__(
        self, connection: Connection, root: ArtifactPath, endpoint: str = API, *, extended: bool = True
    ) -> None:
        self._connection, self._root, self._endpoint = connection, root, endpoint
        self._extended = extended

    @classmethod
    def through(cls, access: Access, location: Location) -> ProxiedStore:
        """The store of a `mlflow-artifacts:` location; its host, if it names one, replaces the tracking server's."""
        url = urlsplit(access.tracking_uri or "")
        base = urlunsplit((url.scheme, location.host or url.netloc, url.path, "", ""))
        return cls(access.connection(base), location.path)

    @classmethod
    def at(cls, access: Access, location: Location) -> ProxiedStore:
        """The store of an address: of a tracking server's artifact API, or of anything that speaks like it."""
        prefix, api, root = f"/{location.path}".partition(API)
        base = f"{location.scheme}://{location.host}"
        if api:
            return cls(access.connection(base + prefix), ArtifactPath.parse(root.strip("/")))
        folder = location.path.parent
        endpoint = f"/{folder}" if folder.parts else ""
        return cls(access.connection(base), ArtifactPath(location.path.parts[-1:]), endpoint, extended=False)

    @property
    def uploads(self) -> RemoteUploads | None:
        return RemoteUploads(self._connection, self._root) if self._features.uploads else None

    def list(self, path: ArtifactPath = ArtifactPath(), /) -> list[FileInfo]:  # noqa: B008 - frozen
        answer = self._connection.send("GET", self._endpoint, query={"path": str(self._root / path)})
        files = msgspec.json.decode(answer.body(), type=_Listing).files
        return [
            FileInfo(path=str(path / _base_name(file.path)), is_dir=file.is_dir, file_size=_size(file))
            for file in files
        ]

    def stat(self, path: ArtifactPath, /) -> FileStat:
        if not path.parts:
            return FileStat(path, is_dir=True)
        for info in self.list(path.parent):
            if info.path == str(path):
                return FileStat(path, info.is_dir, info.file_size or 0)
        raise ResourceDoesNotExist(f"No such artifact: '{path}'")

    def open(self, path: ArtifactPath, /, start: int = 0, end: int | None = None) -> Stream:
        if end is not None and end <= start:
            return Stream(self.stat(path), iter(()), start)
        answer = self._get(path, start, end)
        if answer.status == _RANGE_NOT_SATISFIABLE:
            answer.close()
            answer, start = self._get(path, 0, None), 0
        stat = _stat(path, answer)
        first = start if answer.status == 206 else 0
        return Stream(stat, answer.blocks(), first)

    def writer(self, path: ArtifactPath, /, digest: Digest | None = None, size: int | None = None) -> Writer[FileStat]:
        return SpoolWriter(self, path, digest, size)

    def delete(self, path: ArtifactPath, /) -> None:
        self._connection.send("DELETE", self._url(path)).body()

    def upload_file(self, local: Path, path: ArtifactPath, /) -> None:
        size = local.stat().st_size
        if size <= PART_SIZE:
            self._put(path, local.read_bytes())
        elif self._features.uploads:
            uploads = RemoteUploads(self._connection, self._root)
            push(uploads, self._connection.base, local, path, self._features.part_size or PART_SIZE)
        else:
            headers = {"Content-Length": str(size)}
            self._connection.send("PUT", self._url(path), body=lambda: read_file(local), headers=headers).body()

    def upload_directory(self, local: Path, path: ArtifactPath, /) -> None:
        files = [*local_files(local)]
        small = [file for file in files if file[0].stat().st_size <= MAX_FILE]
        if len(small) < _WORTH_A_BUNDLE or not self._features.bundle:
            small = []
        bundled = {name for _, name in small}
        each(lambda share: self._put_bundle(path, share), [small[n::_BUNDLES] for n in range(_BUNDLES) if small[n:]])
        each(lambda file: self.upload_file(file[0], path / file[1]), [file for file in files if file[1] not in bundled])

    def download(self, path: ArtifactPath, destination: Path, /) -> Path:
        if not self._features.bundle or (path.parts and not self.stat(path).is_dir):
            return super().download(path, destination)
        target = destination / path.name
        target.mkdir(parents=True, exist_ok=True)
        omitted = self._get_bundle(path, LocalStore(target))
        each(lambda name: self.download_file(path / name, target.joinpath(*name.parts)), omitted)
        return target

    @property
    def _features(self) -> Features:
        return self._connection.features() if self._extended else Features()

    def _url(self, path: ArtifactPath) -> str:
        return f"{self._endpoint}/{self._root / path}"

    def _get(self, path: ArtifactPath, start: int, end: int | None) -> Answer:
        wanted = {"Range": f"bytes={start}-{'' if end is None else end - 1}"} if start or end is not None else {}
        return self._connection.send("GET", self._url(path), headers=wanted, accept=(_RANGE_NOT_SATISFIABLE,))

    def _put(self, path: ArtifactPath, content: bytes) -> None:
        headers = {
            "Content-Type": "application/octet-stream",
            "X-Content-SHA256": hashlib.sha256(content).hexdigest(),
        }
        self._connection.send("PUT", self._url(path), body=content, headers=headers).body()

    def _put_bundle(self, path: ArtifactPath, files: Sequence[tuple[Path, ArtifactPath]]) -> None:
        url = f"{EXTENSION}/bundle/{self._root / path}"
        headers = {"Content-Type": CONTENT_TYPE}
        self._connection.send("PUT", url, body=lambda: encode(map(_entry, files)), headers=headers).body()

    def _get_bundle(self, path: ArtifactPath, target: LocalStore) -> Sequence[ArtifactPath]:
        decoder = Decoder()
        omitted: list[ArtifactPath] = []

        def keep(block: bytes) -> None:
            for entry, content in decoder.feed(block):
                name = ArtifactPath.parse_file(entry.name)
                if entry.omitted:
                    omitted.append(name)
                else:
                    target.write(name, [content])

        answer = self._connection.send("GET", f"{EXTENSION}/bundle/{self._root / path}")
        pipelined(answer.blocks(), keep, MAX_FILE * PART_SIZE)
        decoder.close()
        return omitted


class RemoteUploads:
    """Multipart uploads of a server of ours, below one of its folders."""

    def __init__(self, connection: Connection, root: ArtifactPath) -> None:
        self._connection, self._root = connection, root

    def create(self, path: ArtifactPath, size: int, part_size: int) -> Upload:
        body = CreateUpload(str(self._root / path), size, part_size)
        return self._upload(self._connection.send_json("POST", f"{EXTENSION}/uploads", body))

    def get(self, upload_id: str) -> Upload:
        return self._upload(self._connection.send_json("GET", f"{EXTENSION}/uploads/{upload_id}"))

    def put(self, upload: Upload, number: int, blocks: Iterable[Buffer], sha256: str) -> Part:
        headers = {"Content-Type": "application/octet-stream", "X-Content-SHA256": sha256}
        url = f"{EXTENSION}/uploads/{upload.id}/parts/{number}"
        content = _single(blocks)
        return msgspec.json.decode(self._connection.send("PUT", url, body=content, headers=headers).body(), type=Part)

    def parts(self, upload: Upload) -> list[Part]:
        state = self._connection.send_json("GET", f"{EXTENSION}/uploads/{upload.id}")
        return msgspec.json.decode(state, type=UploadState).parts

    def complete(self, upload: Upload, digest: Digest) -> FileStat:
        url = f"{EXTENSION}/uploads/{upload.id}/complete"
        stored = msgspec.json.decode(self._connection.send_json("POST", url, CompleteUpload(str(digest))), type=Stored)
        return FileStat(upload.path, size=stored.size, digest=Digest.parse(stored.sha256))

    def abort(self, upload: Upload) -> None:
        self._connection.send("DELETE", f"{EXTENSION}/uploads/{upload.id}").body()

    def _upload(self, body: bytes) -> Upload:
        state = msgspec.json.decode(body, type=UploadState)
        path = ArtifactPath.parse(state.path)
        below = ArtifactPath(path.parts[len(self._root.parts) :])
        return Upload(state.upload_id, below, state.size, state.part_size)


class _File(msgspec.Struct):
    path: str
    is_dir: bool = False
    file_size: int | str | None = None


class _Listing(msgspec.Struct):
    files: list[_File] = []


def _entry(file: tuple[Path, ArtifactPath]) -> tuple[Entry, bytes]:
    local, name = file
    content = local.read_bytes()
    return Entry(str(name), len(content), hashlib.sha256(content).hexdigest()), content


def _single(blocks: Iterable[Buffer]) -> bytes:
    block, *rest = blocks
    return block if isinstance(block, bytes) and not rest else b"".join([block, *rest])


def _base_name(path: str) -> str:
    name = path.rpartition("/")[2]
    if name in ("", ".", "..") or "\x00" in name or (os.sep == "\\" and "\\" in name):
        raise MlflowException(f"The artifact server listed the file name '{name}', which cannot be one; ask its owner.")
    return name


def _size(file: _File) -> int | None:
    return None if file.is_dir or file.file_size is None else int(file.file_size)


def _stat(path: ArtifactPath, answer: Answer) -> FileStat:
    headers = answer.headers
    total = headers.get("Content-Range", "").rpartition("/")[2] or headers.get("Content-Length", "")
    if not total.isdecimal():
        raise DataLoss(f"The artifact server did not say how long '{path}' is; remove the proxy that hides it.")
    etag = headers.get("ETag", "").strip().removeprefix("W/").strip('"')
    return FileStat(path, False, int(total), _seconds(headers), etag, Digest.from_headers(headers.items()))


def _seconds(headers: Mapping[str, str]) -> float:
    try:
        return parsedate_to_datetime(headers.get("Last-Modified", "")).timestamp()
    except ValueError:
        return 0.0
