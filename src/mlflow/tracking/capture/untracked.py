"""The files that git does not know, packed: the newest script is often among them."""

from __future__ import annotations

import io
import os
import stat
import tarfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from mlflow.tracking.capture.secrets import holds_private_key, secret_name

__all__ = ["Packed", "pack_untracked", "refusal"]

_SIZE_LIMIT = 50 << 20
_COUNT_LIMIT = 10_000
_MADE_BY_TOOLS = frozenset(
    {
        "mlruns",
        "mlartifacts",
        ".mlflow",
        "__pycache__",
        "node_modules",
        ".ipynb_checkpoints",
        ".venv",
        "venv",
        ".tox",
        ".git",
    }
)
_DATABASE_NAMES = ("mlflow.db", "mlflow.db-wal", "mlflow.db-shm", "mlflow.db-journal")


class Packed(NamedTuple):
    """What went into an archive.

    Attributes:
        kept: paths and their sizes in bytes.
        left_out: paths and why.
    """

    kept: dict[str, int]
    left_out: dict[str, str]


def pack_untracked(root: Path, paths: Iterable[str], into: Path) -> Packed:
    """Write files below `root` to the tar.gz archive `into`, small ones first, up to 50 MiB before compression.

    Only regular files: links, devices and other repositories are left out, as is whatever may hold a secret.
    Without anything to keep there is no archive.
    """
    packed = Packed({}, {})
    with into.open("wb") as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
        room = _SIZE_LIMIT
        for path in sorted(paths, key=lambda path: (_size(root / path), path)):
            reason = refusal(path) or (
                f"more than {_COUNT_LIMIT:,} files" if len(packed.kept) >= _COUNT_LIMIT else None
            )
            content = b"" if reason else _content(root / path, room)
            if isinstance(content, str) or reason:
                packed.left_out[path] = reason or str(content)
                continue
            room -= len(content)
            packed.kept[path] = len(content)
            _add(archive, path, content, (root / path))
    if not packed.kept:
        into.unlink()
    return packed


def refusal(path: str) -> str | None:
    """Why a path is never captured; None when it may be."""
    parts = PurePosixPath(path).parts
    if not _MADE_BY_TOOLS.isdisjoint(parts) or PurePosixPath(path).name in _DATABASE_NAMES:
        return "made by a tool"
    if path.endswith("/"):
        return "another repository"
    return "may hold a secret" if secret_name(path) else None


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except (OSError, ValueError):
        return 0


def _content(path: Path, room: int) -> bytes | str:
    """The file's bytes, or why it is left out; read through one descriptor, so a swap meanwhile changes nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as exc:
        return "a link" if path.is_symlink() else f"unreadable: {exc.strerror}"
    with os.fdopen(descriptor, "rb") as file:
        return _regular_content(file, room)


def _regular_content(file: BinaryIO, room: int) -> bytes | str:
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):
        return "not a regular file"
    no_room = f"no room left in {_SIZE_LIMIT >> 20} MiB ({found.st_size:,} bytes)"
    if found.st_size > room:
        return no_room
    content = file.read(room + 1)
    if len(content) > room:
        return no_room
    return "holds a private key" if holds_private_key(content) else content


def _add(archive: tarfile.TarFile, path: str, content: bytes, source: Path) -> None:
    member = tarfile.TarInfo(path)
    member.size = len(content)
    member.mode = 0o755 if os.access(source, os.X_OK) else 0o644
    archive.addfile(member, io.BytesIO(content))
