"""A wheel of the running distribution, packed from its own files: what every built environment gets as its mlflow.

No build tool and no index take part, so it is made offline in under a second, from a checkout as from an installation.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from mlflow.version import VERSION

__all__ = ["WHEEL", "own_wheel", "own_wheel_digest"]

_PACKAGE = Path(__file__).resolve().parents[1]
WHEEL = f"mlflow-{VERSION}-py3-none-any.whl"
"""The name of its file."""

_INFO = f"mlflow-{VERSION}.dist-info"
_WHEEL = "Wheel-Version: 1.0\nGenerator: mlflow\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_KEPT = ("Requires-Python", "Provides-Extra", "Requires-Dist")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def own_wheel_digest() -> str:
    """Changes with every file of the package: from their names, sizes and times of change."""
    digest = hashlib.sha256(_metadata().encode())
    for path in _files():
        found = path.stat()
        digest.update(f"{path.relative_to(_PACKAGE)}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def own_wheel(folder: Path) -> Path:
    """The wheel's file, below `folder`; packed unless it is there."""
    target = folder / own_wheel_digest() / WHEEL
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = target.with_suffix(f".{os.getpid()}.part")
        try:
            _pack(staged)
            staged.replace(target)
        finally:
            staged.unlink(missing_ok=True)
    return target


def _pack(target: Path) -> None:
    contents = {f"mlflow/{path.relative_to(_PACKAGE).as_posix()}": path.read_bytes() for path in _files()}
    contents |= {
        f"{_INFO}/METADATA": _metadata().encode(),
        f"{_INFO}/WHEEL": _WHEEL.encode(),
        f"{_INFO}/entry_points.txt": b"[console_scripts]\nmlflow = mlflow.cli:main\n",
    }
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in contents.items())
    contents[f"{_INFO}/RECORD"] = f"{record}{_INFO}/RECORD,,\n".encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in contents.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.external_attr = 0o644 << 16
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)


def _files() -> Iterator[Path]:
    for folder, folders, names in os.walk(_PACKAGE):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (Path(folder, name) for name in sorted(names) if not name.endswith((".pyc", ".part")))


@functools.cache
def _metadata() -> str:
    """The installed metadata, whose requirements the wheel has too."""
    from importlib.metadata import distribution

    message = distribution("mlflow").metadata
    headers = [f"{name}: {value}" for name in _KEPT for value in message.get_all(name) or ()]
    lines = ["Metadata-Version: 2.1", "Name: mlflow", f"Version: {VERSION}", *headers]
    return "\n".join(lines) + "\n"


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
