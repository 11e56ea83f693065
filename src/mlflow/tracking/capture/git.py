"""The git command, run so that it can neither hang, ask, page, lock nor run what a repository's hooks name."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path
from typing import BinaryIO

__all__ = ["GitFailed", "run_git", "run_git_to_file"]

_SAFE_OPTIONS = (
    "--no-pager",
    "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
    "-c", "core.quotePath=true",
    "-c", "core.untrackedCache=false",
    "-c", "diff.external=",
    "-c", "protocol.allow=never",
)  # fmt: skip
_CHUNK = 1 << 20
_LIMIT = 64 << 20


class GitFailed(Exception):
    """Git is missing, refused, took too long or answered too much."""


def run_git(root: Path, *arguments: str, stdin: bytes = b"", timeout: float = 30) -> bytes:
    """What `git <arguments>` prints in `root`.

    Raises:
        GitFailed: with git's own words, or the reason why it could not be used.
    """
    try:
        done = subprocess.run(  # noqa: S603 - an argument list; no shell
            _command(arguments),
            cwd=root, env=_environment(), input=stdin, capture_output=True, timeout=timeout, check=False,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired) as exc:
        raise GitFailed(str(exc)) from exc
    if done.returncode:
        raise GitFailed(done.stderr.decode(errors="replace").strip())
    return done.stdout


def run_git_to_file(root: Path, *arguments: str, into: Path, limit: int = _LIMIT, timeout: float = 60) -> int:
    """Write what `git <arguments>` prints to the file `into`; returns its size in bytes.

    Raises:
        GitFailed: also when there is more than `limit`; the file is gone then.
    """
    try:
        with into.open("wb") as file, subprocess.Popen(  # noqa: S603 - an argument list; no shell
            _command(arguments),
            cwd=root, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            size = _copy(process, file, limit, timeout)
        if process.returncode:
            raise GitFailed(f"git {arguments[0]} ended with status {process.returncode}")
    except (OSError, ValueError, GitFailed) as exc:
        into.unlink(missing_ok=True)
        raise GitFailed(str(exc)) from exc
    return size


def _copy(process: subprocess.Popen[bytes], target: BinaryIO, limit: int, timeout: float) -> int:
    assert process.stdout is not None
    size = 0
    overtime = threading.Timer(timeout, process.kill)
    overtime.start()
    try:
        while chunk := process.stdout.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                process.kill()
                raise GitFailed(f"more than {limit >> 20} MiB")
            target.write(chunk)
    finally:
        overtime.cancel()
    return size


def _command(arguments: tuple[str, ...]) -> list[str]:
    return ["git", *_SAFE_OPTIONS, *arguments]


def _environment() -> dict[str, str]:
    """This process's environment less git's own variables, which a hook that started us would point elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
