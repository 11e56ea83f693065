"""What differs from the last commit, by git's own account."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mlflow.tracking.capture.git import run_git

__all__ = ["Status", "read_status"]


class Status(NamedTuple):
    """The working tree against HEAD; paths are relative to the tree's top folder.

    Attributes:
        changed: tracked paths that differ, staged or not, sorted.
        untracked: paths that git neither tracks nor ignores, sorted; a nested repository ends with a slash.
        text: git's answer as it came, for telling whether anything moved since.
    """

    changed: tuple[str, ...]
    untracked: tuple[str, ...]
    text: bytes

    @property
    def dirty(self) -> bool:
        """Whether a tracked file differs from the commit; untracked ones do not count, as for `git describe`."""
        return bool(self.changed)


def read_status(root: Path) -> Status:
    """Ask git what differs from HEAD below `root`.

    Raises:
        GitFailed: git is missing or refuses this repository.
    """
    text = run_git(root, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
    entries = [entry.decode(errors="surrogateescape") for entry in text.split(b"\0") if entry]
    changed = sorted(entry[3:] for entry in entries if not entry.startswith("?? "))
    untracked = sorted(entry[3:] for entry in entries if entry.startswith("?? "))
    return Status(tuple(changed), tuple(untracked), text)
