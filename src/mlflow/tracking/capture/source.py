"""The source code of a run: what the commit alone does not hold."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any, NamedTuple

from mlflow.tracking.capture import layout
from mlflow.tracking.capture.content import files_below
from mlflow.tracking.capture.git import GitFailed, run_git, run_git_to_file
from mlflow.tracking.capture.repository import Repository
from mlflow.tracking.capture.secrets import holds_private_key, secret_name
from mlflow.tracking.capture.status import Status
from mlflow.tracking.capture.untracked import pack_untracked
from mlflow.tracking.media.artifact_file import ArtifactFile

__all__ = ["Source", "SourceParts", "capture_folder", "capture_source"]

_DIFF_OPTIONS = (
    "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames",
    "--ignore-submodules=dirty", "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
_PEEK = 1 << 20
_FOLDER_LIMIT = 20_000
_LEFT_OUT_LIMIT = 1000


class SourceParts(NamedTuple):
    """Which parts of the source to record."""

    diff: bool = True
    bundle: bool = True
    untracked: bool = True


class Source(NamedTuple):
    """A captured working tree.

    Attributes:
        tags: for the run.
        files: the manifest first; the others lie in the folder given to `capture_source`.
    """

    tags: dict[str, str]
    files: list[ArtifactFile]


def capture_source(repository: Repository, status: Status, folder: Path, parts: SourceParts) -> Source:
    """Write diff, bundle and untracked files of a repository into `folder`, and say in a manifest what was left out.

    A part that git cannot give is left out with git's words in the manifest; nothing raises.
    """
    manifest: dict[str, Any] = {
        "root": str(repository.root),
        "commit": repository.commit,
        "branch": repository.branch,
        "remote_url": repository.remote_url,
        "dirty": status.dirty,
        "parts": {},
        "left_out": {},
    }
    files = []
    recorders = {layout.SOURCE_DIFF: _diff, layout.SOURCE_BUNDLE: _bundle, layout.SOURCE_UNTRACKED: _untracked}
    for wanted, (path, recorder) in zip(parts, recorders.items(), strict=True):
        if not wanted:
            continue
        target = folder / Path(path).name
        try:
            description = recorder(repository, status, target, manifest["left_out"])
        except (GitFailed, OSError) as exc:
            manifest["left_out"][path] = str(exc)
            continue
        if description is not None:
            manifest["parts"][path] = description
            files.append(ArtifactFile(path, target))
    tags = {"mlflow.source.git.dirty": str(status.dirty).lower()}
    return Source(tags, [_manifest_file(manifest), *files])


def capture_folder(root: Path, folder: Path) -> Source:
    """Write the files of a folder that is in no repository into `folder`, as if a repository did not track them."""
    names = itertools.islice(files_below(root), _FOLDER_LIMIT)
    target = folder / Path(layout.SOURCE_UNTRACKED).name
    packed = pack_untracked(root, names, target)
    manifest: dict[str, Any] = {"root": str(root), "repository": False, "parts": {}, "left_out": packed.left_out}
    if not packed.kept:
        return Source({}, [_manifest_file(manifest)])
    manifest["parts"][layout.SOURCE_UNTRACKED] = {"bytes": sum(packed.kept.values()), "files": packed.kept}
    return Source({}, [_manifest_file(manifest), ArtifactFile(layout.SOURCE_UNTRACKED, target)])


def _manifest_file(manifest: dict[str, Any]) -> ArtifactFile:
    left_out = manifest["left_out"]
    bounded = {"left_out": dict(itertools.islice(left_out.items(), _LEFT_OUT_LIMIT)), "left_out_count": len(left_out)}
    return ArtifactFile(layout.SOURCE_MANIFEST, json.dumps(manifest | bounded, indent=2).encode())


def _diff(repository: Repository, status: Status, target: Path, left_out: dict[str, str]) -> dict[str, Any] | None:
    """The difference between HEAD and the working tree, staged or not, for `git apply`."""
    secret = {path: reason for path in status.changed if (reason := _secret(repository.root, path))}
    left_out |= secret
    if len(secret) == len(status.changed):
        return None
    base = (
        "HEAD"
        if repository.commit
        else run_git(repository.root, "hash-object", "-t", "tree", "--stdin").decode().strip()
    )
    excluded = [f":(top,exclude,literal){path}" for path in secret]
    size = run_git_to_file(repository.root, "diff", *_DIFF_OPTIONS, base, "--", ":(top)", *excluded, into=target)
    return {
        "bytes": size,
        "base": base if not repository.commit else repository.commit,
        "files": len(status.changed) - len(secret),
    }


def _secret(root: Path, path: str) -> str | None:
    if secret_name(path):
        return "may hold a secret"
    try:
        with (root / path).open("rb") as file:
            return "holds a private key" if holds_private_key(file.read(_PEEK)) else None
    except (OSError, ValueError):
        return None


def _bundle(repository: Repository, status: Status, target: Path, left_out: dict[str, str]) -> dict[str, Any] | None:
    """The commits that no remote has, for `git fetch <bundle>`."""
    if repository.commit is None:
        return None
    unpushed = ("HEAD", "--not", "--remotes")
    names = run_git(repository.root, "log", "--format=%x01%H", "--name-only", "-z", *unpushed)
    entries = [
        entry.strip().decode(errors="surrogateescape") for entry in names.replace(b"\x01", b"\0\x01").split(b"\0")
    ]
    commits = sum(entry.startswith("\x01") for entry in entries)
    secret = sorted({entry for entry in entries if entry and not entry.startswith("\x01") and secret_name(entry)})
    if secret:
        left_out[layout.SOURCE_BUNDLE] = f"unpushed commits hold '{secret[0]}', which may be a secret"
        return None
    if not commits:
        return None
    size = run_git_to_file(repository.root, "bundle", "create", "--quiet", "-", *unpushed, into=target)
    return {"bytes": size, "commits": commits}


def _untracked(repository: Repository, status: Status, target: Path, left_out: dict[str, str]) -> dict[str, Any] | None:
    """The files git neither tracks nor ignores, for tar."""
    if not status.untracked:
        return None
    packed = pack_untracked(repository.root, status.untracked, target)
    left_out |= packed.left_out
    return {"bytes": sum(packed.kept.values()), "files": packed.kept} if packed.kept else None
