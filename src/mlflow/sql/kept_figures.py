"""Figures of large experiments, kept in memory: of before as long as nothing changed, else at most 30 s old."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.tables import changes

__all__ = ["KeptFigures"]

_SECONDS_KEPT = 30.0
_SECONDS_UNCHANGED = 600.0  # what is loaded past the change log shows after this
_FOUND_ANEW = 10_000  # runs with a key
_MOST_KEPT = 1000

T = TypeVar("T")


class _Kept(NamedTuple):
    figures: Any
    keys: frozenset[int]
    time: float
    change: int | None

    def serves(self, keys: frozenset[int], change: int | None) -> bool:
        """Whether this is young enough, where those are the keys and the latest change."""
        most = _SECONDS_UNCHANGED if self.change == change else _SECONDS_KEPT
        return self.keys == keys and time.monotonic() - self.time < most


class KeptFigures:
    """What it took long to find out about the runs of experiments."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], _Kept] = {}
        self._lock = threading.Lock()

    def of(
        self,
        connection: Connection,
        place: tuple[str, int],
        keys: frozenset[int],
        find: Callable[[], T],
        most_runs: Callable[[T], int],
    ) -> T:
        """What `find` answers, or answered a little before.

        Args:
            connection: to look for changes with.
            place: what the figures are of: a table, and an experiment's number.
            keys: what the experiment has keys of; with another one, everything is found anew.
            find: finds the figures.
            most_runs: how many runs have the most frequent key; figures of few are not kept.
        """
        change = _latest_change(connection, place[1])
        kept = self._kept.get(place)
        if kept and kept.serves(keys, change):
            figures: T = kept.figures
            return figures
        found = find()
        if most_runs(found) > _FOUND_ANEW:
            with self._lock:
                others = self._kept if len(self._kept) < _MOST_KEPT else {}
                self._kept = others | {place: _Kept(found, keys, time.monotonic(), change)}
        return found


def _latest_change(connection: Connection, experiment_id: int) -> int | None:
    latest = sa.select(changes.c.seq).where(changes.c.experiment_id == experiment_id).order_by(changes.c.seq.desc())
    return connection.scalars(latest.limit(1)).first()
