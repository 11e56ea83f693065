"""Answers about experiments that took long, kept until something changes there."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from mlflow.sql.latest_changes import SECONDS_UNCHANGED, latest_change, settled_change
from mlflow.sql.pending import find_pending
from mlflow.sql.recent import Recent

__all__ = ["KeptAnswers"]

_LONG = 0.005  # seconds
_FEW = 8  # experiments
_MOST_KEPT = 200

T = TypeVar("T")


class _Kept(NamedTuple):
    answer: Any
    time: float
    changes: list[int]


class KeptAnswers:
    """What was answered lately; on MySQL and MariaDB nothing, where to know what is settled takes locks."""

    def __init__(self) -> None:
        self._recent: Recent[Hashable, _Kept] = Recent(_MOST_KEPT)

    def of(
        self,
        connection: Connection,
        experiment_ids: Sequence[int],
        question: Hashable,
        find: Callable[[], T],
        *,
        of_metrics: bool = False,
    ) -> T:
        """The answer that `find` reads on this connection; the one before where nothing has changed since.

        One of metrics is kept where no points wait to be folded: those are noted already, and not in the answer yet.
        """
        if len(experiment_ids) > _FEW or connection.dialect.name in {"mysql", "mariadb"}:
            return find()
        place = (tuple(experiment_ids), question)
        kept = self._recent.get(place)
        if kept and time.monotonic() - kept.time < SECONDS_UNCHANGED:
            changes = [latest_change(connection, number) for number in experiment_ids]
            if changes == kept.changes:
                answer: T = kept.answer
                return answer
        before = [settled_change(connection, number) for number in experiment_ids]
        waiting = of_metrics and find_pending(connection, experiment_ids)
        began = time.monotonic()
        found = find()
        sure = [change for change in before if change is not None]
        if time.monotonic() - began > _LONG and len(sure) == len(before) and not waiting:
            self._recent.put(place, _Kept(found, began, sure))
        return found
