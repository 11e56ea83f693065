"""Artifacts in a bucket of S3 or of anything that speaks it, through obstore (the extra `s3`).

Credentials and region come from the usual AWS_* variables, the shared files or the instance. Beside them count
MLFLOW_S3_ENDPOINT_URL, MLFLOW_S3_IGNORE_TLS, MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE and, of MLFLOW_S3_UPLOAD_EXTRA_ARGS,
what sets an object's metadata or its encryption.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from mlflow.artifacts.digests import BLOCK, Digest, WholeHasher, check
from mlflow.artifacts.paths import ArtifactPath, Location, is_listed
from mlflow.artifacts.spool import Fed
from mlflow.artifacts.store import ArtifactStore, Buffer, Entry, FileStat, Stream
from mlflow.entities import FileInfo
from mlflow.environment_variables import (
    MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE,
    MLFLOW_S3_ENDPOINT_URL,
    MLFLOW_S3_IGNORE_TLS,
    MLFLOW_S3_UPLOAD_EXTRA_ARGS,
)
from mlflow.exceptions import (
    DataLoss,
    InvalidParameterValue,
    MissingConfigException,
    MlflowException,
    PermissionDenied,
    ResourceDoesNotExist,
    TemporarilyUnavailable,
)

if TYPE_CHECKING:
    from obstore.store import S3Store as Bucket

__all__ = ["S3Store", "open_s3"]

T = TypeVar("T")

_DIGEST = "mlflow-sha256"
_PART = 16 * BLOCK
_PARALLEL = 4
# boto3 argument -> obstore attribute
_ATTRIBUTES = {
    "CacheControl": "Cache-Control",
    "ContentDisposition": "Content-Disposition",
    "ContentEncoding": "Content-Encoding",
    "ContentLanguage": "Content-Language",
    "ContentType": "Content-Type",
}
_ENCRYPTION = {
    "ServerSideEncryption": "aws_server_side_encryption",
    "SSEKMSKeyId": "aws_sse_kms_key_id",
    "BucketKeyEnabled": "aws_sse_bucket_key_enabled",
}


def open_s3(location: Location) -> S3Store:
    """The store of an `s3://bucket/prefix` location.

    Raises:
        MissingConfigException: obstore is not installed.
        InvalidParameterValue: no bucket, or upload arguments that cannot be used.
    """
    try:
        from obstore.store import S3Store as Bucket
    except ImportError as exc:
        raise MissingConfigException("'s3:' needs the package obstore; run: pip install 'mlflow[s3]'.") from exc
    if not location.host:
        raise InvalidParameterValue(f"Invalid artifact location: '{location.uri}' names no bucket; use s3://bucket/…")
    extra = _extra_args()
    bucket = Bucket(location.host, **_config(extra))
    return S3Store(bucket, location.path, _attributes(extra))


class S3Store(ArtifactStore):
    """The objects of a bucket below a prefix; folders are what their names have in common."""

    def __init__(self, bucket: Bucket, root: ArtifactPath, attributes: dict[str, str]) -> None:
        self._bucket, self._root, self._attributes = bucket, root, attributes

    def entries(self, path: ArtifactPath = ArtifactPath(), /) -> list[Entry]:  # noqa: B008 - frozen
        import obstore

        prefix = str(self._root / path)
        found = _guard(path, lambda: obstore.list_with_delimiter(self._bucket, f"{prefix}/" if prefix else None))
        folders = [
            Entry(FileInfo(path=str(path / _base(name)), is_dir=True))
            for name in found["common_prefixes"]
            if is_listed(_base(name))
        ]
        files = [
            Entry(
                FileInfo(path=str(path / _base(meta["path"])), is_dir=False, file_size=meta["size"]),
                meta["last_modified"].timestamp(),
            )
            for meta in found["objects"]
            if meta["path"] != prefix
        ]
        return sorted(folders + files, key=lambda entry: entry.info.path)

    def list(self, path: ArtifactPath = ArtifactPath(), /) -> list[FileInfo]:  # noqa: B008 - frozen
        return [entry.info for entry in self.entries(path)]

    def stat(self, path: ArtifactPath, /) -> FileStat:
        import obstore

        try:
            if path.parts:
                return _stat(
                    path, _guard(path, lambda: obstore.get(self._bucket, self._key(path), options={"head": True}))
                )
        except ResourceDoesNotExist:
            if not self.list(path):
                raise
        return FileStat(path, is_dir=True)

    def open(self, path: ArtifactPath, /, start: int = 0, end: int | None = None) -> Stream:
        import obstore

        if not path.parts:
            raise InvalidParameterValue("Artifact path refers to a directory, not a file: ''; name a file.")
        if not start and end is None:
            result = _guard(path, lambda: obstore.get(self._bucket, self._key(path)))
            return Stream(_stat(path, result), _blocks(path, result.stream(BLOCK)))
        stat = self.stat(path)
        stop = stat.size if end is None else min(end, stat.size)
        if start >= stop:
            return Stream(stat, iter(()), start)
        result = _guard(path, lambda: obstore.get(self._bucket, self._key(path), options={"range": (start, stop)}))
        return Stream(stat, _blocks(path, result.stream(BLOCK)), start)

    def writer(self, path: ArtifactPath, /, digest: Digest | None = None, size: int | None = None) -> S3Writer:
        if not path.parts:
            raise InvalidParameterValue("Invalid path: '' is the artifact root; name a file below it.")
        return S3Writer(self, path, digest, size)

    def delete(self, path: ArtifactPath, /) -> None:
        import obstore

        prefix = str(self._root / path)
        batches = obstore.list(self._bucket, f"{prefix}/" if prefix else None, chunk_size=1000)
        for batch in _guard_each(path, batches):
            self._delete(path, [meta["path"] for meta in batch])
        if path.parts:
            try:
                self._delete(path, [prefix])
            except ResourceDoesNotExist:
                return

    def presign(self, path: ArtifactPath, method: str, expires: int, /) -> str:
        import obstore

        if method not in ("GET", "PUT") or not 1 <= expires <= 604_800:
            raise InvalidParameterValue(
                f"Invalid presigned URL: method '{method}' for {expires} seconds; use GET or PUT and 1 to 604800."
            )
        verb: Literal["GET", "PUT"] = "GET" if method == "GET" else "PUT"
        return obstore.sign(self._bucket, verb, self._key(path), timedelta(seconds=expires))

    def _key(self, path: ArtifactPath) -> str:
        return str(self._root / path)

    def _delete(self, path: ArtifactPath, keys: Sequence[str]) -> None:
        import obstore

        _guard(path, lambda: obstore.delete(self._bucket, keys))

    def _put(self, path: ArtifactPath, blocks: Iterator[bytes], digest: Digest | None) -> None:
        import obstore

        attributes: Any = self._attributes | ({_DIGEST: str(digest)} if digest else {})
        _guard(
            path,
            lambda: obstore.put(
                self._bucket,
                self._key(path),
                blocks,
                attributes=attributes or None,
                chunk_size=_PART,
                max_concurrency=_PARALLEL,
            ),
        )


class S3Writer:
    """A multipart upload of obstore, fed from here; the object appears when it is complete."""

    def __init__(self, store: S3Store, path: ArtifactPath, digest: Digest | None, size: int | None) -> None:
        self._store, self._path, self._expected, self._size = store, path, digest, size
        self._hasher = digest.hasher() if digest else WholeHasher()
        self._written = 0
        self._fed = Fed(lambda blocks: store._put(path, blocks, digest))

    def write(self, data: Buffer, /) -> None:
        self._hasher.update(data)
        self._written += len(data)
        self._fed.put(bytes(data))

    def commit(self) -> FileStat:
        try:
            if self._size is not None and self._written != self._size:
                raise DataLoss(f"'{self._path}' has {self._written} bytes, but {self._size} were announced.")
            check(str(self._path), self._expected, self._hasher.digest())
        except DataLoss as exc:
            self._fed.cancel(exc)
            raise
        self._fed.finish()
        return FileStat(self._path, size=self._written, digest=self._hasher.digest())

    def abort(self) -> None:
        self._fed.cancel(DataLoss(f"The upload of '{self._path}' was given up."))


def _config(extra: dict[str, Any]) -> dict[str, Any]:
    config: dict[str, Any] = {_ENCRYPTION[name]: str(extra[name]) for name in _ENCRYPTION if name in extra}
    endpoint = MLFLOW_S3_ENDPOINT_URL.get()
    if endpoint:
        config |= {"endpoint": endpoint.rstrip("/"), "client_options": {"allow_http": True}}
    if MLFLOW_S3_IGNORE_TLS.get():
        config.setdefault("client_options", {})["allow_invalid_certificates"] = True
    if MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE.get() == "virtual":
        config["virtual_hosted_style_request"] = True
    if not os.environ.get("AWS_REGION"):
        config["region"] = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
    return config


def _extra_args() -> dict[str, Any]:
    text = MLFLOW_S3_UPLOAD_EXTRA_ARGS.get()
    if not text:
        return {}
    try:
        extra = json.loads(text)
    except ValueError as exc:
        raise InvalidParameterValue(f"MLFLOW_S3_UPLOAD_EXTRA_ARGS is not JSON: '{text}'; give an object.") from exc
    known = {*_ATTRIBUTES, *_ENCRYPTION, "Metadata"}
    if not isinstance(extra, dict) or set(extra) - known:
        raise InvalidParameterValue(
            f"MLFLOW_S3_UPLOAD_EXTRA_ARGS cannot be used: '{text}'; the arguments known are {', '.join(sorted(known))}."
        )
    return extra


def _attributes(extra: dict[str, Any]) -> dict[str, str]:
    named = {_ATTRIBUTES[name]: str(value) for name, value in extra.items() if name in _ATTRIBUTES}
    return named | {str(name): str(value) for name, value in extra.get("Metadata", {}).items()}


def _base(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _stat(path: ArtifactPath, result: Any) -> FileStat:
    meta = result.meta
    etag = (meta["e_tag"] or "").strip('"')
    stored = result.attributes.get(_DIGEST)
    digest = Digest.parse(stored) if stored else None
    return FileStat(path, False, meta["size"], meta["last_modified"].timestamp(), etag, digest)


def _blocks(path: ArtifactPath, stream: Any) -> Iterator[bytes]:
    for block in _guard_each(path, stream):
        yield bytes(block)


def _guard_each(path: ArtifactPath, items: Any) -> Iterator[Any]:
    source = iter(items)
    done = object()
    while (item := _guard(path, lambda: next(source, done))) is not done:
        yield item


def _guard(path: ArtifactPath, action: Callable[[], T]) -> T:
    """Do something with obstore, whose failures come out as ours."""
    from obstore import exceptions as failures

    try:
        return action()
    except (failures.NotFoundError, FileNotFoundError) as exc:
        raise ResourceDoesNotExist(f"No such artifact: '{path}'") from exc
    except (failures.PermissionDeniedError, failures.UnauthenticatedError, PermissionError) as exc:
        raise PermissionDenied(f"S3 does not allow this for '{path}'; check the AWS_* credentials. {exc}") from exc
    except failures.BaseError as exc:
        words = str(exc).partition("\n\nDebug source")[0]
        raise TemporarilyUnavailable(f"S3 failed for '{path}': {words}; check the address and AWS_* settings") from exc
    except MlflowException:
        raise
