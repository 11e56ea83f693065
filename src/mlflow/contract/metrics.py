"""Metrics over time: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Protocol

import msgspec

from mlflow.contract.access import edit, filtered, read
from mlflow.contract.caller import Caller
from mlflow.contract.limits import MAX_BULK_POINTS, MAX_SAMPLED_POINTS
from mlflow.contract.pages import Page
from mlflow.contract.route import Text, route, stream
from mlflow.entities.metric import Metric

__all__ = ["MetricColumns", "MetricSummary", "Metrics", "RunMetric", "SampledSeries", "Sparkline"]


class RunMetric(msgspec.Struct, frozen=True):
    """A point together with its run's id, as bulk histories answer it."""

    key: str
    value: float
    timestamp: int
    step: int
    run_id: str


class MetricSummary(msgspec.Struct, frozen=True):
    """What is known of one series without its history; NaN points count, but are no minimum, maximum or mean."""

    run_id: str
    key: str
    count: int
    nan_count: int
    last: float
    last_step: int
    last_timestamp: int
    first: float
    first_step: int
    min: float | None
    min_step: int | None
    max: float | None
    max_step: int | None
    mean: float | None


class SampledSeries(msgspec.Struct, frozen=True):
    """One series in at most as many buckets as asked for, column by column.

    `exact` says that every point is there, so that last, min and max are the points themselves. Otherwise values are
    rounded to four digits of their own and to 1/10,000 of the series' range, whichever is finer.
    """

    run_id: str
    key: str
    count: int
    exact: bool
    x: list[float]
    last: list[float | None]
    min: list[float | None]
    max: list[float | None]
    mean: list[float | None]


class Sparkline(msgspec.Struct, frozen=True):
    """A series small enough for a cell of a table.

    `shape` has one byte for each of its points, in base64: 0 stands for `min`, 255 for `max`. A series without numbers
    has no shape.
    """

    run_id: str
    key: str
    min: float | None
    max: float | None
    shape: str


class MetricColumns(msgspec.Struct, frozen=True):
    """A whole history as three packed little-endian columns, ordered by timestamp, step, value.

    `steps` and `timestamps` are int64, `values` float64 with NaN as it is.
    """

    count: int
    steps: bytes
    timestamps: bytes
    values: bytes


class Metrics(Protocol):
    """Points of metrics; (run, key, timestamp, step, value) identifies one, so repeating it changes nothing."""

    @route("POST", "2.0/mlflow/runs/log-metric", access=edit(run="run_id"))
    def log_metric(
        self,
        caller: Caller,
        run_id: Text,
        key: Text,
        value: float,
        timestamp: int,
        step: int = 0,
        model_id: str = "",
        dataset_name: str = "",
        dataset_digest: str = "",
    ) -> None:
        """Log one point; `timestamp` is UTC milliseconds."""
        ...

    @route("GET", "2.0/mlflow/metrics/get-history", access=read(run="run_id"), envelope="metrics")
    def get_metric_history(
        self, caller: Caller, run_id: Text, metric_key: Text, page_token: str = "", max_results: int | None = None
    ) -> Page[Metric]:
        """Answer a series ordered by timestamp, step, value; all of it without `max_results`."""
        ...

    @route("GET", "/ajax-api/2.0/mlflow/metrics/get-history-bulk", access=filtered(), envelope="metrics")
    def get_metric_history_bulk(
        self, caller: Caller, run_id: list[str], metric_key: Text, max_results: int = MAX_BULK_POINTS
    ) -> list[RunMetric]:
        """Answer one metric of up to 100 runs, run by run, up to 25,000 points in all."""
        ...

    @route("GET", "2.0/mlflow/metrics/get-history-bulk-interval", access=filtered(), envelope="metrics")
    def get_metric_history_bulk_interval(
        self,
        caller: Caller,
        run_ids: list[str],
        metric_key: Text,
        start_step: int | None = None,
        end_step: int | None = None,
        max_results: int = MAX_SAMPLED_POINTS,
    ) -> list[RunMetric]:
        """Answer one metric of up to 100 runs, each evenly thinned to `max_results` points."""
        ...

    @stream("GET", "ext/v1/metrics/history", access=read(run="run_id"))
    def get_metric_columns(self, caller: Caller, run_id: Text, metric_key: Text) -> MetricColumns:
        """Answer a whole series as packed columns (msgpack of `MetricColumns`)."""
        ...

    @route("POST", "ext/v1/metrics/sample", access=filtered(), envelope="series")
    def sample_metrics(
        self,
        caller: Caller,
        run_ids: list[str],
        keys: list[str],
        x: str = "step",
        start: float | None = None,
        end: float | None = None,
        buckets: int = 320,
    ) -> list[SampledSeries]:
        """Answer series for a chart: `buckets` equal intervals of x between `start` and `end`.

        x is "step", "wall" (UTC ms), "relative" (ms since the run started), or "metric:" with the key of another
        metric: what that was last at or before a point's step.
        """
        ...

    @route("POST", "ext/v1/sparklines", access=filtered(), envelope="sparklines")
    def sparklines(self, caller: Caller, run_ids: list[str], keys: list[str], points: int = 60) -> list[Sparkline]:
        """Answer the shapes of metrics over the steps of runs, up to 200 of them, each in at most `points` points."""
        ...

    @route("POST", "ext/v1/metrics/summaries", access=filtered(), envelope="summaries")
    def summarize_metrics(
        self, caller: Caller, run_ids: list[str], keys: list[str] | None = None
    ) -> list[MetricSummary]:
        """Answer last, first, min, max, mean and counts of each series, of all keys when none are named."""
        ...
