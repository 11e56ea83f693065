"""The git command as the user has it: their credentials, host keys, proxies and helpers apply."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from mlflow.exceptions import ExecutionException

__all__ = ["GitError", "git"]


class GitError(ExecutionException):
    """Git is missing, or refuses."""


def git(folder: Path, *arguments: str, doing: str) -> str:
    """What `git <arguments>` prints in a folder.

    Variables of a hook that started us would point git elsewhere and are left out. Without a terminal git does not ask.

    Raises:
        GitError: with what was being done, and git's own words.
    """
    variables = {name: value for name, value in os.environ.items() if name not in {"GIT_DIR", "GIT_WORK_TREE"}}
    if not sys.stdin or not sys.stdin.isatty():
        variables.setdefault("GIT_TERMINAL_PROMPT", "0")
    try:
        command = ["git", *arguments]
        done = subprocess.run(  # noqa: S603 - an argument list; no shell
            command, cwd=folder, env=variables, capture_output=True, check=False
        )
    except FileNotFoundError as exc:
        raise GitError(f"{doing}: git is not there. Install it.") from exc
    if done.returncode:
        words = " ".join(done.stderr.decode(errors="replace").split())
        full = " Make room there, or set TMPDIR to another disk." if "No space left on device" in words else ""
        raise GitError(f"{doing} failed: {words or f'git ended with {done.returncode}'}{full}")
    return done.stdout.decode(errors="surrogateescape").strip()
