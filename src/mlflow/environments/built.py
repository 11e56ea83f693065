"""The folder of built environments: one for each content, made once, by one process at a time."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from mlflow.environment_variables import MLFLOW_ENV_ROOT
from mlflow.environments.failures import EnvironmentFailed, remedy_of

__all__ = ["ENV_MANAGERS", "Activation", "content_digest", "environments_root", "made_once"]

_MADE = ".made-by-mlflow"

ENV_MANAGERS = ("local", "virtualenv", "uv", "conda")
"""What `--env-manager` may say."""


class Activation(msgspec.Struct, frozen=True):
    """How a command runs in an environment.

    Attributes:
        kind: virtualenv, uv, conda, docker or local.
        digest: of the environment's content; None for what nobody described.
        variables: set for the command; None takes one away.
        prefix: stands before the command.
        folder: of the environment.
        reused: it was there already.
        note: said to the user, where it is not what was asked for.
    """

    kind: str
    digest: str | None = None
    variables: dict[str, str | None] = {}
    prefix: tuple[str, ...] = ()
    folder: str | None = None
    reused: bool = False
    note: str | None = None


def environments_root() -> Path:
    """MLFLOW_ENV_ROOT, else `~/.mlflow/envs`."""
    return Path(MLFLOW_ENV_ROOT.get()).expanduser().absolute()


def content_digest(*parts: object) -> str:
    """A short digest of everything that decides what an environment holds."""
    return hashlib.sha256(msgspec.json.encode([msgspec.to_builtins(part) for part in parts])).hexdigest()[:20]


def made_once(folder: Path, make: Callable[[Path], None]) -> bool:
    """Have `make` fill a folder unless it is whole already; returns whether it was.

    What a process that died left half made is removed first; so is what `make` leaves when it raises.

    Raises:
        EnvironmentFailed: the folder cannot be written, for example since the disk is full.
    """
    if (folder / _MADE).exists():
        return True
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _locked(folder.with_name(f"{folder.name}.lock")):
            return _made(folder, make)
    except OSError as exc:
        raise EnvironmentFailed(f"Making '{folder}' failed: {exc.strerror or exc}.{remedy_of(exc.errno)}") from exc


def _made(folder: Path, make: Callable[[Path], None]) -> bool:
    if (folder / _MADE).exists():
        return True
    shutil.rmtree(folder, ignore_errors=True)
    try:
        make(folder)
        (folder / _MADE).touch()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return False


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time; released by the system when it dies."""
    with path.open("w") as file:
        if os.name == "posix":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
