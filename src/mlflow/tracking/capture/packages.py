"""The installed packages as a lock that pip and uv can read."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mlflow.tracking.capture.repository import without_credentials

__all__ = ["package_lock"]

_SUFFIXES = (".dist-info", ".egg-info")
_lock: tuple[object, str] | None = None


def package_lock() -> str:
    """One line a distribution, sorted: `name==version`, `name @ url` or `-e path`; above them the interpreter.

    Names and versions are those of the metadata folders: parsing each METADATA file would take twenty times as long.
    The answer is kept until a folder of `sys.path` changes, as pip makes it in a notebook.
    """
    global _lock
    folders = [Path(entry) for entry in sys.path if entry and Path(entry).is_dir()]
    state = tuple((str(folder), folder.stat().st_mtime_ns) for folder in folders)
    if _lock is None or _lock[0] != state:
        _lock = (state, _render(folders))
    return _lock[1]


def _render(folders: list[Path]) -> str:
    lines: dict[str, str] = {}
    for folder in folders:
        for name, line in _distributions(folder):
            lines.setdefault(name, line)
    header = (
        f"# {platform.python_implementation()} {platform.python_version()} on {sys.platform} {platform.machine()}\n"
    )
    return header + "".join(f"{lines[name]}\n" for name in sorted(lines))


def _distributions(folder: Path) -> Iterator[tuple[str, str]]:
    with os.scandir(folder) as entries:
        found = [Path(entry.path) for entry in entries if entry.name.endswith(_SUFFIXES)]
    for metadata in found:
        name, _, version = metadata.stem.partition("-")
        if metadata.suffix == ".egg-info":
            version = re.sub(r"-py\d.*", "", version)
        if name and version:
            normal = re.sub(r"[-_.]+", "-", name).lower()
            yield normal, _direct_line(normal, metadata) or f"{normal}=={version}"


def _direct_line(name: str, metadata: Path) -> str | None:
    """The line of a package installed from a URL or a folder, as PEP 610 records it."""
    try:
        record = json.loads((metadata / "direct_url.json").read_text(encoding="utf-8"))
        url = without_credentials(record["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    source = record.get("vcs_info")
    if source:
        url = f"{source.get('vcs', 'git')}+{url}@{source.get('commit_id', '')}"
    if record.get("subdirectory"):
        url += f"#subdirectory={record['subdirectory']}"
    if record.get("dir_info", {}).get("editable"):
        return f"-e {url}  # {name}"
    return f"{name} @ {url}"
