"""Where a project's code comes from: a folder, a git repository or a zip; `#sub/folder` chooses a part of it."""

from __future__ import annotations

import errno
import re
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from mlflow.artifacts.archive import extract
from mlflow.exceptions import ExecutionException, InvalidParameterValue
from mlflow.projects.git_command import GitError, git
from mlflow.temporary_folders import held_folder, release
from mlflow.tracking.capture.repository import find_repository, without_credentials

__all__ = ["Source", "SourceNotFound", "fetch"]

_GIT = re.compile(r"(git|ssh|https?|file|git\+[a-z]+)://|[\w.-]+@[\w.-]+:(?!\d+/)")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
GIT_FETCH_DEPTH = 1
_ZIP_LIMIT = 8 << 30  # bytes unpacked: more is no source code


class SourceNotFound(ExecutionException):
    """There is nothing at a project's address, or not the version or the folder that was asked for."""


class Source(Struct, frozen=True):
    """A project's code, lying in a folder.

    Attributes:
        folder: of the project.
        name: the address as it is recorded, without credentials.
        commit: of a repository.
        branch: likewise; None where a commit or tag was asked for.
        repository_url: likewise; None for a local folder without a remote.
        fetched: the held folder that it was copied to for this run; None where it is the user's own.
    """

    folder: Path
    name: str
    commit: str | None = None
    branch: str | None = None
    repository_url: str | None = None
    fetched: Path | None = None

    def tags(self) -> dict[str, str]:
        """The tags that tell where a run's code came from."""
        found = {
            "mlflow.source.name": self.name,
            "mlflow.source.type": "PROJECT",
            "mlflow.source.git.commit": self.commit,
            "mlflow.source.git.branch": self.branch,
            "mlflow.source.git.repoURL": self.repository_url,
        }
        return {name: value for name, value in found.items() if value}


def fetch(uri: str, version: str | None = None) -> Source:
    """Have a project's code in a folder.

    Args:
        uri: a path, `file://`, `https://`, `ssh://`, `git@host:path`, or a zip's path or URL; then `#sub/folder` maybe.
        version: a branch, tag or commit of a repository.

    Raises:
        SourceNotFound: there is no such thing.
        GitError: git cannot reach the repository.
    """
    try:
        return _fetch(uri, version)
    except OSError as exc:
        place = f" in '{exc.filename or tempfile.gettempdir()}'"
        full = " Make room there, or set TMPDIR to another disk." if exc.errno in {errno.ENOSPC, errno.EDQUOT} else ""
        raise SourceNotFound(
            f"'{without_credentials(uri)}' could not be fetched: {exc.strerror or exc}{place}.{full}"
        ) from exc


def _fetch(uri: str, version: str | None) -> Source:
    address, _, inside = uri.partition("#")
    if address.lower().endswith(".zip"):
        _refuse_version(version)
        return _of_zip(address, inside)
    if _GIT.match(address) and not _is_plain_folder(address):
        return _of_git(address, inside, version)
    _refuse_version(version)
    return _of_folder(_local_path(address), inside)


def _refuse_version(version: str | None) -> None:
    if version:
        raise SourceNotFound(
            f"Version '{version}' was asked for, but only git addresses have versions. For a local repository write "
            "file:///its/path."
        )


def _local_path(address: str) -> Path:
    return Path(unquote(urlsplit(address).path) if address.startswith("file://") else address).expanduser().absolute()


def _is_plain_folder(address: str) -> bool:
    """A `file://` folder that is no repository of its own."""
    if not address.startswith("file://"):
        return False
    path = _local_path(address)
    return path.is_dir() and not (path / ".git").exists() and not (path / "HEAD").is_file()


def _of_folder(path: Path, inside: str) -> Source:
    folder = _inside(path, inside)
    name = f"{path}#{inside}" if inside else str(folder)
    repository = find_repository(folder)
    if repository is None:
        return Source(folder, name)
    if not inside:  # a folder of a repository is named by both, as the published package does
        below = folder.relative_to(repository.root).as_posix()
        name = f"file://{repository.root}" + (f"#{below}" if below != "." else "")
    return Source(folder, name, repository.commit, repository.branch, repository.remote_url)


def _inside(root: Path, inside: str) -> Path:
    """The folder that `#…` names, which may not lead out of the project."""
    if not root.is_dir():
        raise SourceNotFound(
            f"There is no folder '{root}'. Check the path; a git address begins with https:// or ssh://."
        )
    folder = root / unquote(inside)
    if ".." in PurePosixPath(unquote(inside)).parts or not folder.resolve().is_relative_to(root.resolve()):
        raise SourceNotFound(f"'{inside}' leads out of '{root}'. Name a folder inside of it.")
    if not folder.is_dir():
        raise SourceNotFound(f"There is no folder '{inside}' in '{root}'. Check what follows '#'.")
    return folder


def _of_git(address: str, inside: str, version: str | None) -> Source:
    url = address.removeprefix("git+")
    shown = without_credentials(url)
    if url.startswith("-") or (version or "").startswith("-"):
        raise SourceNotFound(f"'{version or url}' is no name of git's: it begins with a dash.")
    root = held_folder("project")
    try:
        git(root, "init", "--quiet", doing="Making a working copy")
        git(root, "remote", "add", "origin", "--", url, doing="Making a working copy")
        branch = _check_out(root, shown, version)
        if (root / ".gitmodules").exists():
            git(root, "submodule", "--quiet", "update", "--init", "--recursive", doing="Fetching submodules")
        commit = git(root, "rev-parse", "HEAD", doing="Reading the commit")
        folder = _inside(root, inside)
    except BaseException:
        release(root)
        raise
    name = f"{shown}#{inside}" if inside else shown
    return Source(folder, name, commit, branch, shown, fetched=root)


def _check_out(root: Path, shown: str, version: str | None) -> str | None:
    """Fetch what was asked for, and nothing of its history where the server can; returns the branch."""
    listing = git(root, "ls-remote", "--symref", "origin", "HEAD", doing=f"Reaching '{shown}'")
    if version is None:
        _fetch_one(root, "HEAD", shown)
        default = re.search(r"^ref: refs/heads/(\S+)\s+HEAD$", listing, re.MULTILINE)
        return default[1] if default else None
    references = (f"refs/heads/{version}", f"refs/tags/{version}")
    named = git(root, "ls-remote", "origin", *references, doing=f"Reaching '{shown}'")
    if named:
        is_branch = f"refs/heads/{version}" in named
        _fetch_one(root, f"refs/{'heads' if is_branch else 'tags'}/{version}", shown)
        return version if is_branch else None
    if not _COMMIT.fullmatch(version):
        raise SourceNotFound(f"'{shown}' has no branch, tag or commit '{version}'. `git ls-remote {shown}` lists them.")
    try:
        _fetch_one(root, version, shown)
    except GitError:  # an abbreviated commit, or a server that hands out branches and tags only
        everything = ("--tags", "origin", "+refs/heads/*:refs/remotes/origin/*")
        git(root, "fetch", "--quiet", *everything, doing=f"Fetching '{shown}'")
        try:
            git(root, "checkout", "--quiet", "--detach", f"{version}^{{commit}}", doing="Checking out")
        except GitError as exc:
            raise SourceNotFound(f"'{shown}' has no branch, tag or commit '{version}'.") from exc
    return None


def _fetch_one(root: Path, reference: str, shown: str) -> None:
    depth = str(GIT_FETCH_DEPTH)
    git(root, "fetch", "--quiet", "--depth", depth, "origin", reference, doing=f"Fetching {reference} of '{shown}'")
    git(root, "checkout", "--quiet", "--detach", "FETCH_HEAD", doing=f"Checking out {reference}")


def _of_zip(address: str, inside: str) -> Source:
    root = held_folder("project")
    try:
        remote = "://" in address and not address.startswith("file://")
        path = _downloaded(address, root) if remote else _local_path(address)
        _unpack(path, root / "code")
        folder = _inside(_only_folder(root / "code"), inside)
    except BaseException:
        release(root)
        raise
    name = without_credentials(address) if "://" in address else str(path)
    return Source(folder, f"{name}#{inside}" if inside else name, fetched=root)


def _downloaded(address: str, folder: Path) -> Path:
    from mlflow.artifacts import download_artifacts

    return Path(download_artifacts(artifact_uri=address, dst_path=str(folder)))


def _only_folder(root: Path) -> Path:
    """Where a zip holds one folder and nothing else, as those of code hosts do, the project is in there."""
    entries = list(root.iterdir())
    return entries[0] if len(entries) == 1 and entries[0].is_dir() else root


def _unpack(path: Path, target: Path) -> None:
    """Unpack files and folders below `target`; links, and names that lead elsewhere, are refused."""
    if not path.is_file():
        raise SourceNotFound(f"There is no file '{path}'. Check the path.")
    if not zipfile.is_zipfile(path):
        raise SourceNotFound(f"'{path}' is no zip.")
    try:
        extract(path, target, max_bytes=_ZIP_LIMIT)
    except InvalidParameterValue as exc:
        raise SourceNotFound(f"'{path}' cannot be a project. {exc.message}") from exc
