"""What log calls write to: per tracking store the journal of this process, and the shipper that sends it on."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from mlflow.contract.addresses import shown
from mlflow.contract.frames_operations import ModelMetrics, Operation, Params, Tags
from mlflow.contract.names import check_key, param_value, tag_value
from mlflow.entities import Metric, Param, RunTag
from mlflow.environment_variables import MLFLOW_OFFLINE
from mlflow.exceptions import InvalidParameterValue, Unreachable
from mlflow.journal.errors import JournalClosed, JournalUnavailable
from mlflow.journal.exits import EXIT_SECONDS
from mlflow.journal.forks import survive_forks
from mlflow.journal.writer import Journal
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.direct import Direct
from mlflow.tracking.exits import at_exit, register_last
from mlflow.tracking.metric_value import checked_point, to_float
from mlflow.tracking.operations import RunOperations
from mlflow.tracking.shipping import Shipping, recover, start_shipping

__all__ = ["RunLog", "run_log"]

_NO_JOURNAL = (JournalUnavailable, JournalClosed)
_FLOATS = {float}
_PATIENCE = 5.0  # seconds that a call waits for a store that does not answer
_LOOK = 0.5
_PAUSE = 0.01
_ATTEMPT = 10.0  # seconds that a store which was given up gets for one more attempt


class RunLog:
    """Appends to a journal and returns; see `Journal` and `Shipping` for what becomes of it.

    While the journal cannot be written, for a full disk say, records are sent directly.

    Attributes:
        uri: the tracking store.
        offline_tables: the bytes of tables that wait for a server, by run id and path.
        offline_models: what is known of models that wait for a server, by run id.
    """

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.offline_tables: dict[tuple[str, str], bytes] = {}
        self.offline_models: dict[str, list[dict[str, Any]]] = {}
        self._params: dict[str, dict[str, str]] = {}
        self._checked: set[tuple[str, ...]] = set()
        self._offline: set[str] = set()
        self._journal: Journal | None = None
        self._shipping: Shipping | None = None
        self._direct = Direct(uri)
        self._gave_up = False
        self._lock = threading.RLock()
        self._write = self._open_and_write
        survive_forks(self)

    # Log calls

    def metric(self, run_id: str, key: str, value: Any, step: int, timestamp: int) -> None:
        """Append one point.

        Raises:
            InvalidParameterValue: key or value is not acceptable.
        """
        check_key("metric", key)
        number = value if type(value) is float else to_float(key, value)
        try:
            self._write(run_id, {key: number}, step, timestamp)
        except _NO_JOURNAL as exc:
            self._directly(run_id, [Metric(key, number, timestamp, step)], exc)

    def metrics(self, run_id: str, metrics: Mapping[str, Any], step: int, timestamp: int) -> None:
        """Append one point of each metric.

        Raises:
            InvalidParameterValue: a key or value is not acceptable; nothing was logged.
        """
        keys = tuple(metrics)
        if keys not in self._checked:
            self._check_keys(keys)
        if set(map(type, metrics.values())) != _FLOATS:
            metrics = {key: to_float(key, value) for key, value in metrics.items()}
        try:
            self._write(run_id, metrics, step, timestamp)
        except _NO_JOURNAL as exc:
            self._directly(run_id, [Metric(key, value, timestamp, step) for key, value in metrics.items()], exc)

    def points(self, run_id: str, points: Sequence[Metric]) -> None:
        """Append points, those of a logged model or a dataset too.

        Raises:
            InvalidParameterValue: a key or value is not acceptable; nothing was logged.
        """
        checked = [checked_point(point) for point in points]
        for plain, group in groupby(checked, lambda point: not (point.model_id or point.dataset_name)):
            if plain:
                for point in group:
                    self.metric(run_id, point.key, point.value, point.step, point.timestamp)
            else:
                self.append(ModelMetrics(run_id=run_id, points=tuple(group)))

    def series(
        self, run_id: str, key: str, steps: Iterable[int], timestamps: Iterable[int], values: Iterable[float]
    ) -> None:
        """Append a metric's history: three columns of equal length, each walked once.

        Raises:
            InvalidParameterValue: the key is not acceptable, or the columns are not.
        """
        check_key("metric", key)
        self._opened().log_series(run_id, key, steps, timestamps, values)

    def params(self, run_id: str, params: Mapping[str, Any]) -> None:
        """Append params; those that are logged already, with the same value, are passed over.

        Raises:
            InvalidParameterValue: a key or value is not acceptable, or this process knows another value.
        """
        known = self._params.setdefault(run_id, {})
        new = dict(self._new_params(run_id, known, params))
        if new:
            self.append(Params(run_id=run_id, params=new))
            known.update(new)

    def tags(self, run_id: str, tags: Mapping[str, Any]) -> None:
        """Append tags.

        Raises:
            InvalidParameterValue: a key or value is not acceptable.
        """
        for key in tags:
            check_key("tag", key)
        texts = {key: tag_value(key, str(value)) for key, value in tags.items()}
        if texts:
            self.append(Tags(run_id=run_id, tags=texts))

    def batch(
        self, run_id: str, metrics: Sequence[Metric], params: Sequence[Param], tags: Sequence[RunTag]
    ) -> RunOperations:
        """Append what a log-batch holds."""
        self.params(run_id, {param.key: param.value for param in params})
        self.tags(run_id, {tag.key: tag.value for tag in tags})
        self.points(run_id, metrics)
        return self.operations(run_id)

    def append(self, operation: Operation) -> None:
        """Append any other record."""
        try:
            self._opened().append(operation)
        except _NO_JOURNAL as exc:
            self._direct.apply(operation, exc)

    def learn_params(self, run_id: str, params: Mapping[str, str]) -> None:
        """Remember what a run that is resumed has."""
        self._params[run_id] = dict(params)

    def forget(self, run_id: str) -> None:
        """A run is over: its params need not be remembered."""
        self._params.pop(run_id, None)

    def begin_offline(self, run_id: str) -> None:
        """Remember that the store does not know a run before its journal arrives."""
        self._offline.add(run_id)

    def is_offline(self, run_id: str) -> bool:
        """Whether the store does not know the run yet, or not under this id: only servers of ours keep it."""
        if run_id in self._offline and not self.pending(run_id) and tracking_backend(self.uri).extensions:
            self._offline.discard(run_id)
        return run_id in self._offline

    # Waiting

    def operations(self, run_id: str) -> RunOperations:
        """A handle to wait for what was logged to a run so far."""
        return RunOperations(lambda: self.settle(run_id))

    def settle(self, run_id: str | None = None) -> None:
        """Wait until the store has what this process logged to a run, or to any run.

        Raises:
            Unreachable: it does not get there.
        """
        if not self.drained(run_id, EXIT_SECONDS, again=_ATTEMPT):
            about = f" to run {run_id}" if run_id else ""
            raise Unreachable(
                f"The tracking store '{shown(self.uri)}' does not take what was logged{about}. It is "
                f"kept in '{self.folder}' and sent when the store answers again; until then it cannot be read."
            )

    def drained(self, run_id: str | None = None, timeout: float = EXIT_SECONDS, again: float | None = None) -> bool:
        """Wait until the store has what was logged; False when it does not answer for 5 s, or in `timeout`.

        A store that was waited for in vain gets one more attempt of `again` seconds, hardly a moment unless said
        otherwise: an attempt that begins now, because the one under way may have begun before the store came back.
        """
        journal, shipping = self._journal, self._shipping
        if journal is None:
            return True
        if shipping is None:
            return not self.pending(run_id)
        end = journal.end_offset if run_id is None else journal.end_of(run_id)  # what other threads log later can wait
        start = time.monotonic()
        patience = (again or 0.0) if self._gave_up else _PATIENCE
        while not shipping.wait_for(end, _PAUSE if self._gave_up else _LOOK):
            waited = time.monotonic() - start
            vain = waited >= patience or (self._gave_up and shipping.failed_after(start))
            if waited >= timeout or (shipping.failing and vain):
                self._gave_up = shipping.failing
                return False
            time.sleep(_PAUSE)
        self._gave_up = False
        return True

    def pending(self, run_id: str | None = None) -> bool:
        """Whether something waits to be shipped."""
        journal = self._journal
        if journal is None:
            return False
        return journal.refresh() < (journal.end_offset if run_id is None else journal.end_of(run_id))

    @property
    def lost(self) -> int:
        """How many records reached neither the journal nor the store."""
        return self._direct.lost

    @property
    def failing(self) -> bool:
        """Whether the store did not answer the last time."""
        return self._shipping is not None and self._shipping.failing

    @property
    def folder(self) -> str:
        """Where the journal is; empty before the first record."""
        return str(self._journal.folder) if self._journal else ""

    @property
    def journal(self) -> Journal:
        """The journal, opened.

        Raises:
            JournalUnavailable: it cannot be written.
        """
        return self._opened()

    def stop(self) -> None:
        """Ship what is left, for 30 s at most, and close the journal."""
        journal, shipping = self._journal, self._shipping
        if shipping is not None:
            shipping.stop(_LOOK if shipping.failing else EXIT_SECONDS)
        elif journal is not None:
            journal.close()

    def before_fork(self) -> contextlib.AbstractContextManager[object]:
        """The lock that keeps the log from being copied while it opens."""
        return self._lock

    def after_fork(self) -> None:
        """Go on; the journal opens one of the child's own, and connections are the parent's."""
        self._lock = threading.RLock()
        self._direct = Direct(self.uri)

    # Opening

    def _opened(self) -> Journal:
        if self._journal is not None:
            return self._journal
        with self._lock:
            if self._journal is None:
                journal = Journal.open(self.uri)
                if MLFLOW_OFFLINE.get() != "always":
                    self._shipping = start_shipping(journal, register_last)
                    recover(journal)
                register_last()
                self._journal, self._write = journal, journal.log_metrics
            return self._journal

    def _open_and_write(self, run_id: str, metrics: Mapping[str, float], step: int, timestamp: int) -> None:
        self._opened().log_metrics(run_id, metrics, step, timestamp)

    # Checks

    def _check_keys(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            check_key("metric", key)
        if len(self._checked) >= 65536:
            self._checked.clear()
        self._checked.add(keys)

    def _new_params(
        self, run_id: str, known: Mapping[str, str], params: Mapping[str, Any]
    ) -> Iterator[tuple[str, str]]:
        for key, value in params.items():
            check_key("param", key)
            text = param_value(key, str(value))
            old = known.get(key)
            if old is None:
                yield key, text
            elif old != text:
                raise InvalidParameterValue(
                    f"Changing param values is not allowed. Param with key='{key}' was already logged with "
                    f"value='{old}' for run ID='{run_id}'. Attempted logging new value '{text}'. Log it under another "
                    "key, or as a metric or tag."
                )

    def _directly(self, run_id: str, points: list[Metric], reason: Exception) -> None:
        self._direct.apply(ModelMetrics(run_id=run_id, points=tuple(points)), reason)


_logs: dict[str, RunLog] = {}


def run_log(uri: str) -> RunLog:
    """The log of this process for a tracking store; nothing is opened before the first record."""
    log = _logs.get(uri)
    return log if log is not None else _logs.setdefault(uri, RunLog(uri))


def _stop_all() -> None:
    for log in list(_logs.values()):
        log.stop()


at_exit(_stop_all)
