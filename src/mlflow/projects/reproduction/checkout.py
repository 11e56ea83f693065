"""A run's code, as it was: the commit from its remote or its bundle, then the diff, then the untracked files."""

from __future__ import annotations

import logging
import shutil
import tarfile
from pathlib import Path, PurePosixPath

from mlflow.exceptions import ExecutionException
from mlflow.projects.git_command import GitError, git
from mlflow.projects.reproduction.record import Record
from mlflow.tracking.capture import layout

__all__ = ["CodeLost", "restore_code"]

_logger = logging.getLogger(__name__)


class CodeLost(ExecutionException):
    """A run's commit is not to be had: neither from its remote nor from its bundle."""


def restore_code(record: Record, folder: Path) -> None:
    """Lay a run's code into an empty folder.

    Raises:
        CodeLost: the commit is not to be had.
        GitError: the diff does not apply.
    """
    if not record.source:
        if record.entry is not None:
            shutil.copy2(record.entry, folder / record.entry.name)
        return
    git(folder, "init", "--quiet", doing="Making a working copy")
    commit = record.source.get("commit")
    if commit:
        _fetch_commit(record, str(commit), folder)
        git(folder, "checkout", "--quiet", "--detach", str(commit), doing=f"Checking out {commit}")
    diff = record.file(layout.SOURCE_DIFF)
    if diff is not None:
        options = ("--binary", "--whitespace=nowarn", *(("--index",) if commit else ()))
        git(folder, "apply", *options, str(diff), doing="Applying the recorded changes")
    untracked = record.file(layout.SOURCE_UNTRACKED)
    if untracked is not None:
        _unpack(untracked, folder)


def _fetch_commit(record: Record, commit: str, folder: Path) -> None:
    bundle, remote = record.file(layout.SOURCE_BUNDLE), record.source.get("remote_url")
    reasons: list[str] = []
    if bundle is not None and _try_fetch(folder, reasons, str(bundle), "HEAD"):
        return  # all of its history was unpushed
    if remote:
        git(folder, "remote", "add", "origin", str(remote), doing="Making a working copy")
        if bundle is None and _try_fetch(folder, reasons, "--depth", "1", "origin", commit):
            return
        everything = ("--tags", "origin", "+refs/heads/*:refs/remotes/origin/*")
        if _try_fetch(folder, reasons, *everything):
            if bundle is not None:
                _try_fetch(folder, reasons, str(bundle), "HEAD")
            if _has(folder, commit):
                return
    if record.root is not None and record.root.is_dir() and _try_fetch(folder, reasons, str(record.root), commit):
        _logger.info("Took commit %s from '%s', where the run was.", commit, record.root)
        return
    raise CodeLost(f"Commit {commit} is not to be had. {' '.join(reasons) or 'The run has neither remote nor bundle.'}")


def _try_fetch(folder: Path, reasons: list[str], *arguments: str) -> bool:
    try:
        git(folder, "fetch", "--quiet", *arguments, doing=f"Fetching from {arguments[0]}")
    except GitError as exc:
        reasons.append(exc.message)
        return False
    return True


def _has(folder: Path, commit: str) -> bool:
    try:
        git(folder, "cat-file", "-e", f"{commit}^{{commit}}", doing="Looking up the commit")
    except GitError:
        return False
    return True


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack regular files below a folder; anything else in there was not written by us."""
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts
            if not member.isfile() or ".." in parts or member.name.startswith("/") or ".git" in parts:
                raise CodeLost(f"The recorded files hold '{member.name}', which leads elsewhere. Nothing was run.")
            target = folder.joinpath(*parts)
            if not target.parent.resolve().is_relative_to(folder.resolve()):
                raise CodeLost(f"The recorded files hold '{member.name}', which leads elsewhere. Nothing was run.")
            target.parent.mkdir(parents=True, exist_ok=True)
            source = tar.extractfile(member)
            assert source is not None
            with source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
            target.chmod(0o755 if member.mode & 0o100 else 0o644)
