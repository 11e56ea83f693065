"""What looks at sampled requests: windows, limits, and what may be stored of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from mlflow.exceptions import MlflowException
from mlflow.models.profile import Profile
from mlflow.serving.failures import in_words
from mlflow.serving.monitoring.custom import CustomMonitor
from mlflow.serving.monitoring.samples import Sample, record_line
from mlflow.serving.monitoring.settings import Alert, MonitoringSettings
from mlflow.serving.monitoring.windows import Window

__all__ = ["Monitor", "Record", "Report"]

_LOG = logging.getLogger(__name__)
_PART_BYTES = 8 << 20
_MOST_ROWS = 100_000  # a window by time that is so full ends early
_QUIET = 60.0  # seconds without a sample after which a version that was replaced is done with
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


Follow = Callable[[str], Profile | None]
"""Finds the baseline of another version of the model that the baseline is of."""


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


class _Generation:
    """Versions that answer at the same time, and the window of their requests.

    Processes of a server replace a model one after the other, so those before and after come in any order for a while.
    """

    def __init__(self, versions: dict[str, str], profile: Profile | None, now: float, *, is_told: bool = True) -> None:
        self.versions, self.profile, self.is_told = versions, profile, is_told
        self.seen = now
        self.reopen(now)

    def reopen(self, now: float) -> None:
        self.window, self.since = Window(self.profile), now

    def numbers(self) -> dict[str, float]:
        """The versions, as far as they are numbers."""
        told = self.versions.items()
        return {f"traffic/version/{name}": float(version) for name, version in told if version.isdecimal()}


class Monitor:
    """Looks at samples, one after another, in one thread.

    Args:
        settings: the options.
        profile: the baseline, of the version that answers first; None where there is none, and so no drift.
        custom: a user's own monitors.
        record: where findings go.
        tell: told of each window.
        clock: seconds.
        follow: finds the baseline when another version answers; the same goes on without it.
    """

    def __init__(
        self,
        settings: MonitoringSettings,
        profile: Profile | None,
        custom: Sequence[CustomMonitor],
        record: Record,
        tell: Callable[[Report], None] = lambda report: None,
        clock: Callable[[], float] = time.monotonic,
        follow: Follow | None = None,
    ) -> None:
        self._settings, self._custom = settings, custom
        self._record, self._tell, self._clock = record, tell, clock
        self._follow, self._main = follow, settings.models[0][0] if settings.models else ""
        self._redacted = frozenset(settings.redacted)
        self._step = self._part = 0
        self._lines: list[str] = []
        self._size = 0
        self._told: set[str] = set()
        self._generations = [_Generation({}, profile, clock())]
        self._guard("setting tags", lambda: record.tags(self._limits()))

    def take(self, sample: Sample) -> None:
        """Look at a sample."""
        generation = self._generation_of(sample)
        generation.seen = self._clock()
        try:
            generation.window.add(sample)
            if self._settings.log_requests:
                self._keep(record_line(sample, self._redacted))
        except Exception as exc:  # noqa: BLE001 - a body of any kind
            self._warn("reading a sample", exc)
        if generation.window.rows >= (self._settings.window.rows or _MOST_ROWS):
            self._end_window(generation)

    def tick(self) -> None:
        """End windows whose time is over, and those of versions that answer no more."""
        now, seconds = self._clock(), self._settings.window.seconds
        for generation in self._generations[:]:
            replaced = generation is not self._generations[-1] and now - generation.seen >= _QUIET
            if replaced or (seconds is not None and now - generation.since >= seconds):
                self._end_window(generation)
            if replaced:
                self._generations.remove(generation)

    def close(self) -> None:
        """End the last windows, and store what is left."""
        for generation in self._generations:
            self._end_window(generation)
        self._store()

    def _generation_of(self, sample: Sample) -> _Generation:
        """The newest versions among which the sample's is; new ones where it is among none."""
        for generation in reversed(self._generations):
            if generation.versions.setdefault(sample.variant, sample.version) == sample.version:
                return generation
        versions = {**self._generations[-1].versions, sample.variant: sample.version}
        profile, is_told = self._profile_of(versions)
        self._generations.append(_Generation(versions, profile, self._clock(), is_told=is_told))
        told = ", ".join(f"{name}={version}" for name, version in versions.items())
        _LOG.warning("Monitoring goes on with other versions: %s.", told)
        self._guard("setting tags", lambda: self._record.tags({"mlflow.monitoring.versions": told}))
        return self._generations[-1]

    def _profile_of(self, versions: Mapping[str, str]) -> tuple[Profile | None, bool]:
        """The baseline of the main variant's version, and whether it could be asked for."""
        version = versions.get(self._main)
        known = [one for one in self._generations if one.versions.get(self._main) == version and one.is_told]
        if known or self._follow is None or version is None:
            return (known or self._generations)[0].profile, True
        try:
            return self._follow(version), True
        except Exception as exc:  # noqa: BLE001 - registries and stores fail in any way
            self._warn(f"finding the baseline of version {version}", exc)
            return None, False

    def _end_window(self, generation: _Generation) -> None:
        window = generation.window
        if not generation.is_told:
            generation.profile, generation.is_told = self._profile_of(generation.versions)
        generation.reopen(self._clock())
        if not window.requests:
            return
        values = window.metrics() | generation.numbers()
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
