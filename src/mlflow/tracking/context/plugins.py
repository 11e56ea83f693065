"""Providers found by class or entry point: what context, request_header, request_auth, default_experiment share."""

from __future__ import annotations

import functools
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

P = TypeVar("P")


class ProviderRegistry(Generic[P]):
    """Providers in the order they were registered; those of entry points join last, on first use.

    A subclass names its entry-point `group`. Entry points name classes, which are made without arguments.
    """

    group: ClassVar[str]

    def __init__(self) -> None:
        self._providers: list[P] = []
        self._entry_points_pending = True

    def register(self, provider_class: Callable[[], P]) -> None:
        """Add one provider, made from its class now."""
        self._providers.append(provider_class())

    def register_entrypoints(self) -> None:
        """Add the providers that installed distributions name; one that fails to load is warned about and left out."""
        self._entry_points_pending = False
        if self.group not in _installed_groups():
            return
        from importlib.metadata import entry_points

        for entry_point in entry_points(group=self.group):
            try:
                self.register(entry_point.load())
            except Exception as exc:  # noqa: BLE001 - a plugin may fail in any way
                warnings.warn(
                    f"Plugin '{entry_point.name}' of '{self.group}' cannot be loaded: {exc}. Repair or uninstall it.",
                    stacklevel=2,
                )

    def __iter__(self) -> Iterator[P]:
        if self._entry_points_pending:
            self.register_entrypoints()
        return iter(tuple(self._providers))


@functools.cache
def _installed_groups() -> frozenset[str]:
    """The `mlflow.` groups that installed distributions mention.

    Reads entry_points.txt files only: importing importlib.metadata takes longer than the rest of a start of a run.
    """
    return frozenset(
        line.strip("[] \t\r")
        for folder in sys.path
        for text in _entry_point_texts(Path(folder or "."))
        for line in text.split("\n")
        if line.startswith("[mlflow.")
    )


def _entry_point_texts(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        found = [Path(entry.path) for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
    for metadata in found:
        try:
            yield (metadata / "entry_points.txt").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
