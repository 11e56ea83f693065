"""A git repository's commit, branch and remote, read from its files: 0.1 ms, where each call of git takes 2 ms.

The files are those of gitrepository-layout(5); what they cannot answer (reftable) counts as unknown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

__all__ = ["Repository", "find_repository", "without_credentials"]

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_HEAD_FILE_LIMIT = 4096


class Repository(NamedTuple):
    """What HEAD and the configuration say.

    Attributes:
        root: the working tree's top folder.
        commit: full hash; None before the first commit.
        branch: None when HEAD is detached.
        remote_url: of "origin", else of the first remote, without credentials.
    """

    root: Path
    commit: str | None
    branch: str | None
    remote_url: str | None


def find_repository(folder: Path) -> Repository | None:
    """The repository whose working tree `folder` lies in; None without one, or when it belongs to another user.

    Git itself refuses a foreign repository unless it is listed as safe, for its configuration names programs to run.
    """
    try:
        folder = folder.absolute()
        root = next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)
        if root is None or not _is_own(root):
            return None
        return _read(root)
    except (OSError, ValueError):
        return None


def without_credentials(url: str) -> str:
    """A URL without password, query and fragment; the user stays for ssh alone, where it is part of the address."""
    parts = urlsplit(url)
    if not parts.scheme or not parts.netloc:
        return url
    user, at, host = parts.netloc.rpartition("@")
    keep_user = at and parts.scheme.endswith("ssh")
    return urlunsplit((parts.scheme, f"{user.partition(':')[0]}@{host}" if keep_user else host, parts.path, "", ""))


def _is_own(root: Path) -> bool:
    if not hasattr(os, "geteuid"):
        return True
    owners = {os.geteuid(), int(os.environ.get("SUDO_UID", os.geteuid()))}
    return {root.stat().st_uid, (root / ".git").stat().st_uid} <= owners


def _read(root: Path) -> Repository | None:
    git_folder = _git_folder(root / ".git")
    shared = _shared_folder(git_folder)
    head = _short_text(git_folder / "HEAD")
    if head.startswith("ref: "):
        reference = head.removeprefix("ref: ")
        commit = _loose(git_folder, reference) or _loose(shared, reference) or _packed(shared, reference)
        return Repository(root, commit, reference.removeprefix("refs/heads/"), _remote_url(shared))
    if _COMMIT.fullmatch(head):
        return Repository(root, head, None, _remote_url(shared))
    return None


def _git_folder(dot_git: Path) -> Path:
    """The repository proper: `.git` itself, or where a worktree's or submodule's `.git` file points."""
    if dot_git.is_dir():
        return dot_git
    return dot_git.parent / _short_text(dot_git).removeprefix("gitdir: ")


def _shared_folder(git_folder: Path) -> Path:
    pointer = git_folder / "commondir"
    return git_folder / _short_text(pointer) if pointer.exists() else git_folder


def _short_text(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(_HEAD_FILE_LIMIT).strip()


def _loose(folder: Path, reference: str) -> str | None:
    if ".." in reference:
        return None
    try:
        text = _short_text(folder / reference)
    except OSError:
        return None
    return text if _COMMIT.fullmatch(text) else None


def _packed(folder: Path, reference: str) -> str | None:
    try:
        lines = (folder / "packed-refs").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return next((line.split(" ")[0] for line in lines if line.endswith(f" {reference}") and line[0] not in "#^"), None)


def _remote_url(shared: Path) -> str | None:
    urls = dict(_remotes((shared / "config").read_text(encoding="utf-8", errors="replace")))
    url = urls.get("origin") or next(iter(urls.values()), None)
    return without_credentials(url) if url else None


def _remotes(config: str) -> Iterator[tuple[str, str]]:
    remote = None
    for line in map(str.strip, config.splitlines()):
        if line.startswith("["):
            section = re.match(r'\[remote "(.+)"\]', line)
            remote = section[1] if section else None
        elif remote and (setting := re.match(r"url\s*=\s*(.+)", line)):
            yield remote, setting[1].strip('"')
