"""The folder that a run's code is brought back to."""

from __future__ import annotations

from pathlib import Path

from mlflow.projects.reproduction.failures import NotReproducible
from mlflow.temporary_folders import held_folder, release

__all__ = ["Place"]


class Place:
    """A fresh folder: the caller's, which is kept, or one that goes away with the `with` block."""

    def __init__(self, folder: Path | None = None) -> None:
        self._given = folder
        self._folder = folder

    def __enter__(self) -> Path:
        if self._given is None:
            self._folder = held_folder("reproduce").resolve()
            return self._folder
        if self._given.exists() and any(self._given.iterdir()):
            raise NotReproducible(f"The folder '{self._given}' is not empty. Name another one.")
        self._given.mkdir(parents=True, exist_ok=True)
        return self._given.resolve()

    def __exit__(self, *raised: object) -> None:
        if self._given is None and self._folder is not None:
            release(self._folder)
