"""Files of two runs by content, less what names a run, a model or a time in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from msgspec import Struct

from mlflow.exceptions import MlflowException
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.client import MlflowClient

__all__ = ["REPORTS", "ArtifactDifference", "compare_artifacts", "plain_content", "plain_name"]

REPORTS = "reproduction"
"""The folder of reports, which no comparison counts."""

_MODEL_ID = re.compile(rb"\bm-[0-9a-f]{32}\b")
_UUID = re.compile(rb"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_MODEL_UUID = re.compile(rb"(model_uuid|model_id)(\W+)[0-9a-f]{32}\b")
_TIME = re.compile(rb"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?")
_NAMED_TIME = re.compile(
    rb"([\"']?[a-z_]*(?:timestamp|_time|created_at|updated_at)[a-z_]*[\"']?\s*[:=]\s*)\d{10,13}(?:\.\d+)?"
)
_IMAGE_NAME = re.compile(r"\+timestamp\+\d+\+[0-9a-f-]+|(?<=/step-)(\d+)\+\d+\+[0-9a-f]{8}|%timestamp%\d+%[0-9a-f-]+")
_WHOLE = 256 << 20  # bytes: larger files are compared as they are


class ArtifactDifference(Struct, frozen=True):
    """A file that is not the same in both runs.

    Attributes:
        path: its name, less times in it.
        what: "changed", "only in the first" or "only in the second".
    """

    path: str
    what: str


def compare_artifacts(
    client: MlflowClient, first: str, second: str, without: Collection[str] = ()
) -> tuple[list[ArtifactDifference], int]:
    """The files that differ, and how many there are in the first run; those named in `without` do not count."""
    left, right = _digests(client, first, without), _digests(client, second, without)
    found = []
    for path in sorted(left.keys() | right.keys()):
        if path not in right:
            found.append(ArtifactDifference(path, "only in the first"))
        elif path not in left:
            found.append(ArtifactDifference(path, "only in the second"))
        elif left[path] != right[path]:
            found.append(ArtifactDifference(path, "changed"))
    return found, sum(map(len, left.values()))


def plain_content(content: bytes, run_id: str) -> bytes:
    """A file's content with the ids of its run and models, and times, taken out; binary files keep their times."""
    plain = content.replace(run_id.encode(), b"RUN")
    plain = _MODEL_UUID.sub(rb"\1\2MODEL", _MODEL_ID.sub(b"MODEL", plain))
    if b"\0" in plain[:8192]:
        return plain
    return _NAMED_TIME.sub(rb"\1TIME", _TIME.sub(b"TIME", _UUID.sub(b"UUID", plain)))


def plain_name(path: str) -> str:
    """A file's name without the time and the random part that images and media have in theirs."""
    return _IMAGE_NAME.sub(lambda match: match[1] or "", path)


def _digests(client: MlflowClient, run_id: str, without: Collection[str]) -> dict[str, list[str]]:
    """Digests by plain name; several files may have one."""
    found: dict[str, list[str]] = {}
    with temporary_folder("compare") as place:
        for path in _files(client, run_id, None):
            if path in without:
                continue
            local = Path(client.download_artifacts(run_id, path, str(place)))
            found.setdefault(plain_name(path), []).append(_digest(local, run_id))
            if local.is_relative_to(place):
                local.unlink()
    return {path: sorted(digests) for path, digests in found.items()}


def _files(client: MlflowClient, run_id: str, folder: str | None) -> Iterator[str]:
    for info in client.list_artifacts(run_id, folder):
        if info.is_dir and info.path != REPORTS:
            yield from _files(client, run_id, info.path)
        elif not info.is_dir:
            yield info.path


def _digest(path: Path, run_id: str) -> str:
    try:
        if path.stat().st_size <= _WHOLE:
            return hashlib.sha256(plain_content(path.read_bytes(), run_id)).hexdigest()
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise MlflowException(f"'{path}' cannot be read: {exc.strerror}.") from exc
