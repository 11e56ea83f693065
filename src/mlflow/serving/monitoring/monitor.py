"""What looks at sampled requests: windows, limits, and what may be stored of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from mlflow.exceptions import MlflowException
from mlflow.serving.failures import in_words
from mlflow.serving.monitoring.custom import CustomMonitor
from mlflow.serving.monitoring.profile import Profile
from mlflow.serving.monitoring.samples import Sample, record_line
from mlflow.serving.monitoring.settings import Alert, MonitoringSettings
from mlflow.serving.monitoring.windows import Window

__all__ = ["Monitor", "Record", "Report"]

_LOG = logging.getLogger(__name__)
_PART_BYTES = 8 << 20
_MOST_ROWS = 100_000  # a window by time that is so full ends early
_ALERTING_ROWS = 100  # the drift of fewer is chance: PSI of 10 bins and 100 rows is 0.1 without any


class Record(Protocol):
    """Where a monitor's findings go."""

    def metrics(self, values: dict[str, float], step: int) -> None:
        """Log a point of each metric."""
        ...

    def tags(self, values: dict[str, str]) -> None:
        """Set tags."""
        ...

    def text(self, content: str, path: str) -> None:
        """Store a file."""
        ...


class Report(msgspec.Struct, frozen=True):
    """What a window told.

    Attributes:
        step: its number.
        values: the metrics.
        limits: of those that have one.
        broken: metrics that are beyond theirs.
    """

    step: int
    values: dict[str, float]
    limits: dict[str, float]
    broken: list[str]


class Monitor:
    """Looks at samples, one after another, in one thread.

    Args:
        settings: the options.
        profile: the baseline; None where there is none, and so no drift.
        custom: a user's own monitors.
        record: where findings go.
        tell: told of each window.
        clock: seconds.
    """

    def __init__(
        self,
        settings: MonitoringSettings,
        profile: Profile | None,
        custom: Sequence[CustomMonitor],
        record: Record,
        tell: Callable[[Report], None] = lambda report: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._profile, self._custom = settings, profile, custom
        self._record, self._tell, self._clock = record, tell, clock
        self._redacted = frozenset(settings.redacted)
        self._step = self._part = 0
        self._lines: list[str] = []
        self._size = 0
        self._told: set[str] = set()
        self._open()
        self._guard("setting tags", lambda: record.tags(self._limits()))

    def take(self, sample: Sample) -> None:
        """Look at a sample."""
        try:
            self._window.add(sample)
            if self._settings.log_requests:
                self._keep(record_line(sample, self._redacted))
        except Exception as exc:  # noqa: BLE001 - a body of any kind
            self._warn("reading a sample", exc)
        if self._window.rows >= (self._settings.window.rows or _MOST_ROWS):
            self._end_window()

    def tick(self) -> None:
        """End a window whose time is over."""
        seconds = self._settings.window.seconds
        if seconds is not None and self._clock() - self._since >= seconds:
            if self._window.requests:
                self._end_window()
            else:
                self._open()

    def close(self) -> None:
        """End the last window, and store what is left."""
        if self._window.requests:
            self._end_window()
        self._store()

    def _open(self) -> None:
        self._window, self._since = Window(self._profile), self._clock()

    def _end_window(self) -> None:
        window = self._window
        self._open()
        values = window.metrics()
        frame = window.frame() if self._custom else None
        for monitor in self._custom:
            try:
                values |= monitor.metrics(frame)
            except Exception as exc:  # noqa: BLE001 - a user's own code
                self._warn(f"monitor '{monitor.name}'", exc)
        enough = window.rows >= min(_ALERTING_ROWS, self._settings.window.rows or _ALERTING_ROWS)
        limits = {name: limit for name in values if (limit := self._limit(name)) is not None}
        broken = [name for name, limit in limits.items() if enough and limit.is_broken(values[name])]
        values["alerts"] = float(len(broken))
        step, self._step = self._step, self._step + 1
        self._guard("logging", lambda: self._record.metrics(values, step))
        told = "; ".join(f"{name} {values[name]:.4g} ({limits[name]})" for name in broken)
        self._guard("setting tags", lambda: self._record.tags({"mlflow.monitoring.alerts": told or "none"}))
        if broken:
            _LOG.warning("Monitoring, window %s: %s", step, told)
        self._store()
        self._tell(Report(step, values, {name: limit.limit for name, limit in limits.items()}, broken))

    def _limit(self, metric: str) -> Alert | None:
        """The limit of a metric: its own before that of its statistic."""
        found = [alert for alert in self._settings.alerts if alert.concerns(metric)]
        return max(found, key=lambda alert: alert.name == metric, default=None)

    def _limits(self) -> dict[str, str]:
        return {
            f"mlflow.monitoring.limit.{alert.name}": f"{alert.side}{alert.limit:g}" for alert in self._settings.alerts
        }

    def _keep(self, line: str) -> None:
        self._lines.append(line)
        self._size += len(line)
        if self._size >= _PART_BYTES:
            self._store()

    def _store(self) -> None:
        if not self._lines:
            return
        content, self._lines, self._size = "".join(self._lines), [], 0
        part, self._part = self._part, self._part + 1
        self._guard("storing requests", lambda: self._record.text(content, f"requests/{part:06}.jsonl"))

    def _guard(self, doing: str, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as exc:  # noqa: BLE001 - stores fail in any way, and the next window is tried as usual
            self._warn(doing, exc)

    def _warn(self, doing: str, exc: Exception) -> None:
        if doing not in self._told:
            self._told.add(doing)
            words = exc.message if isinstance(exc, MlflowException) else in_words(exc)
            _LOG.warning("Monitoring: %s failed, and further failures are not told: %s", doing, words)
