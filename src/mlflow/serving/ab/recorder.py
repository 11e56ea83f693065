"""The answers of one process, on their way into the ledger."""

from __future__ import annotations

import sqlite3
import threading

from mlflow.serving.ab.experiment import Experiment
from mlflow.serving.ab.ledger import Answered, Ledger
from mlflow.serving.ab.records import Records
from mlflow.serving.ab.tallies import Slot
from mlflow.serving.traffic.observations import Observation
from mlflow.serving.traffic.state import Routing, now_ms
from mlflow.serving.traffic.traffic import Traffic

__all__ = ["Recorder"]

_MOST_SLOTS = 200  # at hand
_MOST_WAITING = 100_000  # answers, while the file takes none
_ON_THEIR_WAY = 1_500  # milliseconds after which all processes have kept what they answered


class Recorder:
    """Watches the traffic; keeps what it saw with every tick.

    Args:
        traffic: that is watched.
        records: which tell whether an experiment goes on.
        ledger: what answers are kept in.
    """

    def __init__(self, traffic: Traffic, records: Records, ledger: Ledger) -> None:
        self._traffic, self._records, self._ledger = traffic, records, ledger
        self._seen: list[Answered] = []
        self._keeping, self._closed = threading.Lock(), False
        self._number, self._experiment = self._look()
        self._names = {route.name for route in traffic.answering}
        self._guardrails = self._experiment.plan.guardrails if self._experiment is not None else ()
        self._slots: dict[tuple[int, str, str], Slot] = {}

    def observe(self, seen: Observation) -> None:
        """Note an answer, unless its caller named the variant or is to blame for its failure."""
        experiment = self._experiment
        if experiment is None or experiment.ended or seen.addressed or seen.variant not in self._names:
            return
        if seen.status != 200 and not seen.failed:
            return
        bad = tuple(guardrail.is_bad(seen.failed, seen.seconds) for guardrail in self._guardrails)
        slot = self._slot(seen.routing or self._traffic.routing, seen.variant, seen.version)
        key = seen.key if seen.key != seen.request_id else ""
        self._seen.append(Answered(seen.request_id, slot, seen.at, seen.seconds, seen.failed, bad, key))

    def keep(self) -> None:
        """Keep what was seen, and look whether the experiment goes on; from any thread."""
        with self._keeping:
            if self._closed:
                return
            seen, self._seen = self._seen, []
            if seen:
                try:
                    self._ledger.add(self._number, seen)
                except sqlite3.Error:  # a full disk, or a file that is busy: kept with the next tick
                    self._seen[:0] = seen[-_MOST_WAITING:]
                    raise
            self._number, self._experiment = self._look()

    def close(self) -> None:
        """Keep what was seen so far, and no more."""
        self.keep()
        self._closed = True

    def may_learn(self) -> bool:
        """Whether a request may be kept in a moment that is not known yet."""
        experiment = self._experiment
        return experiment is not None and (not experiment.ended or now_ms() - experiment.ended < _ON_THEIR_WAY)

    def _look(self) -> tuple[int, Experiment | None]:
        return self._records.newest() or (0, None)

    def _slot(self, routing: Routing, variant: str, version: str) -> Slot:
        key = routing.version, variant, version
        found = self._slots.get(key)
        if found is None:
            if len(self._slots) >= _MOST_SLOTS:
                self._slots.clear()
            shares = tuple((name, routing.split.share(name)) for name in routing.weights)
            found = self._slots[key] = Slot(routing.version, variant, version, shares)
        return found
