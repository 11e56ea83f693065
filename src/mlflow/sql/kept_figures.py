"""Figures of large experiments, kept in memory: those of before or an estimate serve while they are found anew."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, exc

from mlflow.exceptions import MlflowException
from mlflow.sql.engine import Database
from mlflow.sql.some_runs import SomeRuns
from mlflow.sql.tables import changes

__all__ = ["Kept", "KeptFigures"]

_LOG = logging.getLogger(__name__)

_SECONDS_KEPT = 30.0
_SECONDS_UNCHANGED = 600.0  # what is loaded past the change log shows after this
_FOUND_ANEW = 10_000  # runs, up to which nothing is kept
_MOST_KEPT = 1000

T = TypeVar("T")
Place = tuple[str, int]


class Kept(NamedTuple, Generic[T]):
    """Figures, and whether they are of now."""

    figures: T
    is_current: bool


class _Known(NamedTuple):
    figures: Any
    keys: frozenset[int]
    time: float
    change: int | None

    def is_fresh(self, change: int | None) -> bool:
        """Whether this is young enough, where that is the latest change."""
        most = _SECONDS_UNCHANGED if self.change == change else _SECONDS_KEPT
        return time.monotonic() - self.time < most


class KeptFigures:
    """What it took long to find out about the runs of experiments, in a thread of its own.

    Args:
        database: what it is about.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[Place, _Known] = {}
        self._wanted: dict[Place, Callable[[Connection], _Known]] = {}
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def of(
        self,
        connection: Connection,
        place: Place,
        keys: frozenset[int],
        find: Callable[[Connection], T],
        some: SomeRuns,
    ) -> Kept[T] | None:
        """What `find` answers; of a large experiment what it answered before, or None while it is under way.

        Args:
            connection: to look for changes with.
            place: what the figures are of: a table, and an experiment's number.
            keys: what the experiment has keys of; figures of others do not serve.
            find: finds the figures, on another connection too.
            some: of the experiment's runs.
        """
        known = self._known.get(place)
        if known is None and some.total <= _FOUND_ANEW:
            return Kept(find(connection), is_current=True)
        change = _latest_change(connection, place[1])
        serves = known is not None and known.keys == keys
        if not (known and serves and known.is_fresh(change)):
            self._want(place, lambda other: _Known(find(other), keys, time.monotonic(), change))
        return Kept(known.figures, is_current=known.change == change) if known and serves else None

    def wait(self) -> None:
        """Return when nothing is being found any more."""
        if (thread := self._thread) is not None:
            thread.join()

    def _want(self, place: Place, find: Callable[[Connection], _Known]) -> None:
        with self._lock:
            self._wanted.setdefault(place, find)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="mlflow-figures", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._thread = None
                    return
                place, find = next(iter(self._wanted.items()))
            try:
                found = self._database.read(find)
            except (MlflowException, exc.SQLAlchemyError) as error:
                _LOG.warning("Figures of experiment %d were not found, and are asked for again: %s", place[1], error)
                found = None
            with self._lock:
                del self._wanted[place]
                if found is not None:
                    others = self._known if len(self._known) < _MOST_KEPT else {}
                    self._known = others | {place: found}


def _latest_change(connection: Connection, experiment_id: int) -> int | None:
    latest = sa.select(changes.c.seq).where(changes.c.experiment_id == experiment_id).order_by(changes.c.seq.desc())
    return connection.scalars(latest.limit(1)).first()
