"""Digests of a project's code: what decides whether a step must run anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mlflow.tracking.capture.content import files_below, files_digest
from mlflow.tracking.capture.git import GitFailed, run_git
from mlflow.tracking.capture.repository import find_repository
from mlflow.tracking.capture.untracked import refusal

__all__ = ["code_digest"]


def code_digest(folder: Path, only: Iterable[str], without: Iterable[str]) -> str:
    """Of a project's code: what git knows or does not ignore, else all files but those that tools make.

    Args:
        folder: the project's.
        only: these files and folders; empty for all.
        without: files and folders that are data.
    """
    chosen, data = tuple(only), tuple(without)
    names = (
        name
        for name in sorted(_code_names(folder))
        if name.lower() != "mlproject"  # what it says about the step counts by itself
        and refusal(name) is None
        and not _below(name, data)
        and (not chosen or _below(name, chosen))
    )
    return files_digest(folder, names)


def _code_names(folder: Path) -> list[str]:
    if find_repository(folder) is not None:
        try:
            listing = run_git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
            return [name for name in listing.decode(errors="surrogateescape").split("\0") if name]
        except GitFailed:
            pass
    return list(files_below(folder))


def _below(name: str, places: Iterable[str]) -> bool:
    return any(name == place or name.startswith(f"{place}/") for place in places)
