"""Sealing: what runs have logged is folded into segments behind the scenes, by one process at a time.

Readers fold what they read. This sees to the rest: runs that are over or silent, and so many blocks or points that the
next reader would notice. It also gives back the room that blocks leave behind in a SQLite file, and shortens the
change log.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import Connection, exc

from mlflow.entities.run_status import RunStatus
from mlflow.exceptions import MlflowException
from mlflow.sql.changes_pruning import prune_changes
from mlflow.sql.engine import Database
from mlflow.sql.fold import Fold
from mlflow.sql.ids import now
from mlflow.sql.leases import Lease
from mlflow.sql.tables import blocks, runs

__all__ = ["Sealer"]

_LOG = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
SILENT_SECONDS = 5.0
MANY_BLOCKS = 1000  # of one run
MANY_POINTS = 100_000  # of all runs: each may begin a series, which costs a reader 8 µs of processor time
LEASE_SECONDS = 60.0
PRUNE_SECONDS = 300.0
CHANGES_MS = 24 * 3600 * 1000
MOST_CHANGES = 200_000

_OVER = [RunStatus.to_string(status) for status in RunStatus.all_status() if RunStatus.is_terminated(status)]
_RUNS_AT_ONCE = 100
_PAGES_AT_ONCE = 500
_FREE_PAGES = 16
_COUNTS = (
    sa.select(blocks.c.run, runs.c.status, sa.func.count(), sa.func.sum(blocks.c.n), sa.func.max(blocks.c.id))
    .join(runs, runs.c.id == blocks.c.run)
    .group_by(blocks.c.run, runs.c.status)
)


class Sealer:
    """Folds what has gathered, in a thread of its own once it is started.

    Args:
        database: where.
        fold: what folds.
    """

    def __init__(self, database: Database, fold: Fold) -> None:
        self._database = database
        self._fold = fold
        self._lease = Lease("sealing", LEASE_SECONDS)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen: dict[int, tuple[int, float]] = {}
        self._pruned = 0.0

    def start(self) -> None:
        """Look after the database every two seconds from now on."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="mlflow-sealer", daemon=True)
            self._thread.start()

    def close(self, seconds: float = 5.0) -> None:
        """Stop, after sealing what is over unless that takes longer."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        deadline = time.monotonic() + seconds
        self._guarded(lambda: self.seal(lambda: time.monotonic() < deadline))

    def seal(self, going_on: Callable[[], bool] = lambda: True) -> None:
        """Fold the runs that are due, unless another process is at it.

        Args:
            going_on: asked between the parts of the work.
        """
        due = self._due()
        if due:
            self._fold_runs(due, going_on)
        if not self._seen:  # whatever is pending will want the free pages again
            self._shrink(going_on)

    def prune(self) -> None:
        """Remove what is too old or too much from the change log."""
        self._pruned = time.monotonic()
        while self._database.write(lambda connection: prune_changes(connection, now() - CHANGES_MS, MOST_CHANGES)):
            if self._stopping.is_set():
                return

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            self._guarded(lambda: self.seal(lambda: not self._stopping.is_set()))
            if time.monotonic() - self._pruned > PRUNE_SECONDS:
                self._guarded(self.prune)

    def _guarded(self, work: Callable[[], None]) -> None:
        """Work that is tried again later anyway must not end the thread, nor keep a process from ending."""
        try:
            work()
        except (MlflowException, exc.SQLAlchemyError) as error:
            _LOG.warning("Sealing metrics failed and is tried again later: %s", error)

    def _fold_runs(self, due: list[int], going_on: Callable[[], bool]) -> None:
        for start in range(0, len(due), _RUNS_AT_ONCE):
            if not self._database.write(self._lease.take):
                return
            if not going_on():
                break
            self._fold.settle(run_pks=due[start : start + _RUNS_AT_ONCE])
        self._database.write(self._lease.give_back)

    def _due(self) -> list[int]:
        """The runs to fold now; the others are remembered, to find out which have fallen silent."""
        due: list[int] = []
        left: dict[int, int] = {}
        seen, self._seen, time_now = self._seen, {}, time.monotonic()
        for run, status, count, points, last in self._database.read(_count_blocks):
            since = seen[run][1] if run in seen and seen[run][0] == last else time_now
            if status in _OVER or count >= MANY_BLOCKS or time_now - since > SILENT_SECONDS:
                due.append(run)
            else:
                self._seen[run] = last, since
                left[run] = points
        total = sum(left.values())
        for run in sorted(left, key=left.__getitem__, reverse=True):
            if total <= MANY_POINTS:
                break
            due.append(run)
            total -= left[run]
        return due

    def _shrink(self, going_on: Callable[[], bool]) -> None:
        """Give the free pages of a SQLite file back to the disk."""
        if self._database.kind != "sqlite":
            return
        while going_on() and self._database.read(_free_pages) > _FREE_PAGES:
            if not self._database.write(_vacuum):
                return


def _count_blocks(connection: Connection) -> list[tuple[int, str, int, int, int]]:
    """Of each run that has any: its number, its status, how many they are, their points, the number of the last."""
    return [(run, status, count, int(points), last) for run, status, count, points, last in connection.execute(_COUNTS)]


def _free_pages(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())


def _vacuum(connection: Connection) -> bool:
    """Free some pages; False when the file was made without that ability."""
    before, driver = _free_pages(connection), connection.connection.driver_connection
    assert driver is not None
    # a row a page, but no columns: SQLAlchemy takes that for no result, and what is not fetched is not freed
    driver.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})").fetchall()
    return _free_pages(connection) < before
