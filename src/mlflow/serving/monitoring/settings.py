"""What a monitor is told when it starts.

>>> parse_window("5m").seconds
300.0
>>> parse_alert("psi>0.2").is_broken(0.3)
True
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from mlflow.exceptions import InvalidParameterValue

__all__ = ["DEFAULT_ALERTS", "Address", "Alert", "MonitoringSettings", "WindowLength", "parse_alert", "parse_window"]

_UNITS = {"s": 1, "m": 60, "h": 3600}
_WINDOW = re.compile(r"(\d+)([smh]?)")
_ALERT = re.compile(r"\s*([^<>]+?)\s*([<>])\s*([-+.\deE]+)\s*")
DEFAULT_ALERTS = ("psi>0.2",)
"""The limit that practice gives the population stability index."""


class WindowLength(msgspec.Struct, frozen=True):
    """How much one point of each metric tells of.

    Attributes:
        rows: a window ends with so many; None where it ends by time.
        seconds: a window ends after so long; None where it ends by rows.
    """

    rows: int | None = None
    seconds: float | None = None


class Alert(msgspec.Struct, frozen=True):
    """A limit of a metric.

    Attributes:
        name: of the metric, such as `input/psi/age`, or of a statistic of all columns, such as `psi`.
        side: which values are beyond it.
        limit: the last value that is not.
    """

    name: str
    side: Literal["<", ">"]
    limit: float

    def concerns(self, metric: str) -> bool:
        """Whether the metric has this limit."""
        return self.name in {metric, *metric.split("/")[1:2]}

    def is_broken(self, value: float) -> bool:
        """Whether the value is beyond the limit; NaN never is."""
        return value > self.limit if self.side == ">" else value < self.limit

    def __str__(self) -> str:
        return f"{self.name}{self.side}{self.limit:g}"


class MonitoringSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one monitor.

    Attributes:
        sample_rate: the share of requests that it looks at, above 0 and at most 1.
        models: the variants, and the URIs of their models; the first is the one that the baseline is of.
        log_requests: whether requests and answers are stored.
        redacted: columns, members and parameters whose values are not.
        baseline: a profile, or a table of rows; None for what is recorded with the model.
        window: how much one point tells of.
        monitors: further ones, `module:function` or names of entry points.
        alerts: limits.
        experiment: the name of the experiment of the monitor's run.
    """

    sample_rate: float
    models: tuple[tuple[str, str], ...] = ()
    log_requests: bool = False
    redacted: tuple[str, ...] = ()
    baseline: str | None = None
    window: WindowLength = WindowLength(rows=1000)
    monitors: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    experiment: str = "monitoring"

    def __post_init__(self) -> None:
        if not 0 < self.sample_rate <= 1:
            raise InvalidParameterValue(
                f"The sample rate is '{self.sample_rate}'. Give the share of requests to look at, above 0, at most 1."
            )


class Address(msgspec.Struct, frozen=True):
    """Where a monitor listens.

    Attributes:
        place: its socket's path, or host and port.
        key: what both ends know.
        sample_rate: the share of requests it is to get.
    """

    place: str | tuple[str, int]
    key: bytes
    sample_rate: float


def parse_window(text: str) -> WindowLength:
    """A window of `1000` rows, or of `30s`, `5m`, `1h`.

    Raises:
        InvalidParameterValue: it is neither.
    """
    found = _WINDOW.fullmatch(text.strip())
    if found is None or not int(found[1]):
        raise InvalidParameterValue(f"The window is '{text}'. Give a number of rows (1000), or a time (30s, 5m, 1h).")
    number, unit = int(found[1]), found[2]
    return WindowLength(seconds=float(number * _UNITS[unit])) if unit else WindowLength(rows=number)


def parse_alert(text: str) -> Alert:
    """A limit such as `psi>0.2` or `monitor/accuracy<0.9`.

    Raises:
        InvalidParameterValue: it is none.
    """
    found = _ALERT.fullmatch(text)
    try:
        limit = float(found[3]) if found else None
    except ValueError:
        limit = None
    if found is None or limit is None:
        raise InvalidParameterValue(
            f"The alert is '{text}'. Give a metric, < or >, and a number, such as 'psi>0.2' or 'monitor/accuracy<0.9'."
        )
    return Alert(found[1], ">" if found[2] == ">" else "<", limit)
