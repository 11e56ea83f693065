"""Figures of large experiments, kept: those of before or an estimate serve while they are found anew.

They are kept in memory, and in the database for the next process. Each is kept with the latest change of its experiment
that it has surely seen: whoever finds that one to be the latest still knows that the figures are of now.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, exc

from mlflow.exceptions import MlflowException
from mlflow.sql.engine import Database
from mlflow.sql.figure_tables import kept_figures
from mlflow.sql.fold import Fold
from mlflow.sql.ids import now
from mlflow.sql.kept_answers import KeptAnswers
from mlflow.sql.latest_changes import SECONDS_UNCHANGED, latest_change, settled_change
from mlflow.sql.some_runs import SomeRuns
from mlflow.sql.statements import upsert_rows

__all__ = ["Kept", "KeptFigures", "Question"]

_LOG = logging.getLogger(__name__)

_SECONDS_KEPT = 30.0
_FOUND_ANEW = 10_000  # runs, up to which nothing is answered but what is true now
_MOST_KEPT = 1000
_MOST_STORED = 1 << 20  # bytes

T = TypeVar("T")
Place = tuple[int, str]


class Question(Protocol[T]):
    """What is asked about the runs of an experiment.

    Attributes:
        experiment_id: the experiment.
        subject: what it is about them.
        kind: the type of the answer, which can be written as msgpack.
        of_metrics: whether points that wait to be folded are missing from it.
    """

    @property
    def experiment_id(self) -> int: ...

    @property
    def subject(self) -> str: ...

    @property
    def kind(self) -> type[T]: ...

    @property
    def of_metrics(self) -> bool: ...

    def find(self, connection: Connection) -> T:
        """The answer."""
        ...

    def estimate(self, connection: Connection, some: SomeRuns, former: T | None) -> T:
        """About the same, quickly, from some of the runs and what was true before."""
        ...

    def serves(self, connection: Connection, former: T) -> bool:
        """Whether what was true before is about everything that there is now."""
        ...


class Kept(NamedTuple, Generic[T]):
    """Figures, and whether nothing has changed since."""

    figures: T
    is_current: bool


class _Known(NamedTuple):
    figures: Any
    time: float
    change: int | None  # None where earlier ones may come still

    def is_fresh(self, change: int) -> bool:
        """Whether this is young enough, where that is the latest change."""
        most = SECONDS_UNCHANGED if self.change == change else _SECONDS_KEPT
        return time.monotonic() - self.time < most


class KeptFigures:
    """What it took long to find out about the runs of experiments, in a thread of its own.

    Args:
        database: what it is about.
        fold: brings metrics up to date before they are counted.
    """

    def __init__(self, database: Database, fold: Fold) -> None:
        self._database = database
        self._fold = fold
        self._known: dict[Place, _Known | None] = {}  # None where the database has none either
        self._answers = KeptAnswers()  # of experiments that are not large
        self._wanted: dict[Place, Question[Any]] = {}
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def of(self, connection: Connection, question: Question[T], some: SomeRuns) -> Kept[T]:
        """The answer to a question; of a large experiment the one before, or an estimate while it is under way.

        Args:
            connection: to look for changes with.
            question: what is asked.
            some: of the experiment's runs.
        """
        place = (question.experiment_id, question.subject)
        known = before = self._known[place] if place in self._known else self._stored(connection, question)
        if known is None and some.total <= _FOUND_ANEW:
            return Kept(self._small(connection, question), is_current=True)
        change = latest_change(connection, question.experiment_id)
        is_fresh = known is not None and known.is_fresh(change)
        if known and not (is_fresh and known.change == change) and not question.serves(connection, known.figures):
            known, is_fresh = None, False
        if known is None:
            estimate = question.estimate(connection, some, before.figures if before else None)
            known = self._remember(place, _Known(estimate, -math.inf, change), before)
        if not is_fresh:
            self._want(place, question)
        return Kept(known.figures, is_current=known.change == change)

    def _small(self, connection: Connection, question: Question[T]) -> T:
        """The answer about an experiment that is not large: never one that is no longer true."""

        def find() -> T:
            return question.find(connection)

        return self._answers.of(
            connection, [question.experiment_id], question.subject, find, of_metrics=question.of_metrics
        )

    def wait(self) -> None:
        """Return when nothing is being found any more."""
        if (thread := self._thread) is not None:
            thread.join()

    def _stored(self, connection: Connection, question: Question[Any]) -> _Known | None:
        """What an earlier process left in the database."""
        place, known = (question.experiment_id, question.subject), None
        row = connection.execute(_STORED, {"experiment_id": place[0], "subject": place[1]}).first()
        if row is not None:
            try:
                figures = msgspec.msgpack.decode(row.figures, type=question.kind)
            except msgspec.DecodeError:
                _LOG.info("Figures of experiment %d are of another version, and are found anew.", place[0])
            else:
                known = _Known(figures, time.monotonic() - max(now() - row.time, 0) / 1000, row.latest_change)
        self._remember(place, known, None)
        return known

    def _remember(self, place: Place, found: _Known | None, before: _Known | None) -> Any:
        """Keep what was found, unless others have found something since then."""
        with self._lock:
            if self._known.get(place) is before:
                others = self._known if len(self._known) < _MOST_KEPT else {}
                self._known = others | {place: found}
        return found

    def _want(self, place: Place, question: Question[Any]) -> None:
        with self._lock:
            self._wanted.setdefault(place, question)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="mlflow-figures", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._thread = None
                    return
                place, question = next(iter(self._wanted.items()))
            try:
                found = self._find(question)
            except (MlflowException, exc.SQLAlchemyError) as error:
                _LOG.warning("Figures of experiment %d were not found, and are asked for again: %s", place[0], error)
                found = None
            if found is not None:
                self._remember(place, found, self._known.get(place))
                self._store(place, found)
            with self._lock:
                del self._wanted[place]

    def _find(self, question: Question[Any]) -> _Known:
        """The answer, with the latest change at the time when it began: points noted until then are counted."""
        began = time.monotonic()
        change = self._database.read(lambda connection: settled_change(connection, question.experiment_id))
        self._fold.settle(experiment_ids=[question.experiment_id])
        return _Known(self._database.read(question.find), began, change)

    def _store(self, place: Place, found: _Known) -> None:
        figures = msgspec.msgpack.encode(found.figures)
        if len(figures) > _MOST_STORED:
            return
        age = int(1000 * (time.monotonic() - found.time))
        row = {"experiment_id": place[0], "subject": place[1], "latest_change": found.change, "time": now() - age}
        key, rows = ("experiment_id", "subject"), [row | {"figures": figures}]
        self._database.write_later(lambda connection: upsert_rows(connection, kept_figures, key, rows))


_STORED = sa.select(kept_figures.c.latest_change, kept_figures.c.time, kept_figures.c.figures).where(
    kept_figures.c.experiment_id == sa.bindparam("experiment_id"), kept_figures.c.subject == sa.bindparam("subject")
)
