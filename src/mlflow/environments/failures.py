"""A tool that an environment needs fails, or is not there."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Mapping, Sequence

from mlflow.exceptions import ExecutionException

__all__ = ["EnvironmentFailed", "remedy_of", "run_tool"]

_SHOWN_LINES = 12


class EnvironmentFailed(ExecutionException):
    """An environment could not be made."""


def run_tool(command: Sequence[str], doing: str, variables: Mapping[str, str] | None = None) -> str:
    """Run a tool, and return what it printed.

    Raises:
        EnvironmentFailed: it is not there, or failed; with the end of its own words.
    """
    try:
        done = subprocess.run(  # noqa: S603 - an argument list; no shell
            list(command),
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as exc:
        raise EnvironmentFailed(f"{doing} failed: '{command[0]}' cannot be run: {exc.strerror}.") from exc
    if done.returncode:
        words = "\n".join(done.stdout.strip().splitlines()[-_SHOWN_LINES:])
        full = "No space left on device" in done.stdout or f"os error {errno.ENOSPC}" in done.stdout
        remedy = remedy_of(errno.ENOSPC if full else None)
        raise EnvironmentFailed(f"{doing} failed with exit code {done.returncode}:\n{words}{remedy}")
    return done.stdout


def remedy_of(number: int | None) -> str:
    """What to do about an error of the system; empty where nobody knows."""
    if number in {errno.ENOSPC, errno.EDQUOT}:
        return " Make room there, or set MLFLOW_ENV_ROOT to another disk."
    return ""
