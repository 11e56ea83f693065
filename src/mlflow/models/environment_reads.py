"""Which environment variables a model reads while it is called: whoever serves it has to set them there.

Only names are kept, in `environment_variables.txt` and in the manifest: of variables that are set, and named as keys of
services are. They are looked for while a model is logged, whose code runs once for its input example anyway.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

from mlflow.environment_variables import MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING
from mlflow.models.yaml_files import write_text

__all__ = ["HEADER", "READS_FILE", "are_noted", "model_code", "noted_names", "noting_reads", "write_reads"]

READS_FILE = "environment_variables.txt"
HEADER = (
    "# Names of environment variables that the model read while it was logged. Set those that it needs where it is\n"
    "# served; it may work without some of them.\n"
)
_PARTS = ("API_KEY", "API_TOKEN")
_WORDS = ("HOST", "TOKEN", "USERNAME", "PASSWORD", "CLIENT_ID", "CLIENT_SECRET")
_NAMES = frozenset(f"DATABRICKS_{word}" for word in _WORDS)
_names: ContextVar[set[str] | None] = ContextVar("names of variables that the model being logged read", default=None)


@contextlib.contextmanager
def noting_reads() -> Iterator[None]:
    """Have the names be noted that a model reads which is saved inside the block, unless the setting forbids it."""
    token = _names.set(set() if MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING.get() else None)
    try:
        yield
    finally:
        _names.reset(token)


def noted_names() -> set[str]:
    """What was noted so far."""
    return _names.get() or set()


def are_noted() -> bool:
    """Whether names are noted here."""
    return _names.get() is not None


@contextlib.contextmanager
def model_code() -> Iterator[None]:
    """Inside the block the model's own code runs, in this thread or in others that it starts."""
    names = _names.get()
    if names is None:
        yield
        return
    _watch.start(names)
    try:
        yield
    finally:
        _watch.stop(names)


def write_reads(folder: Path, names: set[str]) -> None:
    """Write the file of names into a model's folder."""
    write_text(folder / READS_FILE, HEADER + "".join(f"{name}\n" for name in sorted(names)))


class _Watch:
    """Sees what is read from `os.environ`, whose class is another one as long as anybody listens."""

    def __init__(self) -> None:
        self.listeners: list[set[str]] = []
        self._lock = threading.Lock()
        self._usual = type(os.environ)
        self._watched = _watched(self._usual, self)

    def start(self, names: set[str]) -> None:
        with self._lock:
            self.listeners = [*self.listeners, names]
            os.environ.__class__ = self._watched

    def stop(self, names: set[str]) -> None:
        with self._lock:
            place = next(place for place, one in enumerate(self.listeners) if one is names)
            self.listeners = [*self.listeners[:place], *self.listeners[place + 1 :]]
            if not self.listeners:
                os.environ.__class__ = self._usual

    def saw(self, name: str) -> None:
        if _is_key(name):
            for names in self.listeners:
                names.add(name)


def _is_key(name: str) -> bool:
    """Whether a variable is named as keys of services are, such as OPENAI_API_KEY."""
    return name in _NAMES or any(part in name for part in _PARTS)


def _watched(usual: type, watch: _Watch) -> type:
    class Watched(usual):  # type: ignore[misc]  # whatever class the environment has here
        def __getitem__(self, name: str) -> str:
            value: str = super().__getitem__(name)
            watch.saw(name)
            return value

    return Watched


_watch = _Watch()
