"""Metrics in a SQL database."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.limits import MAX_BULK_POINTS, MAX_BULK_RUNS, MAX_SAMPLED_POINTS, MAX_SPARKLINES
from mlflow.contract.metrics import MetricColumns, Metrics, MetricSummary, RunMetric, SampledSeries, Sparkline
from mlflow.contract.pages import Offset, Page, decode_token, query_digest
from mlflow.entities.metric import Metric
from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceDoesNotExist
from mlflow.sql.appends import Appends
from mlflow.sql.arrivals import Arrival
from mlflow.sql.chart_range import ChartRange
from mlflow.sql.charts import sample
from mlflow.sql.engine import Database
from mlflow.sql.fold import Fold
from mlflow.sql.histories import read_beginnings, read_page
from mlflow.sql.metric_summaries import summarize
from mlflow.sql.points_json import point_objects
from mlflow.sql.readable_runs import readable_runs
from mlflow.sql.run_rows import RunRow, find_run
from mlflow.sql.series.points import Points
from mlflow.sql.sparklines import Sparklines
from mlflow.sql.thin_histories import ThinHistories

__all__ = ["SqlMetrics"]

T = TypeVar("T")
OfRuns = list[tuple[str, Points]]
LogMetric = tuple[Caller, str, str, float, int, int, str, str, str]  # the arguments of `log_metric`


class SqlMetrics(Metrics):
    """Metrics in a SQL database.

    Args:
        database: where.
        fold: brings what is read up to date first.
        appends: takes new points.
    """

    def __init__(self, database: Database, fold: Fold, appends: Appends) -> None:
        self._database = database
        self._keys = database.keys
        self._fold = fold
        self._appends = appends
        self._thin_histories = ThinHistories()
        self._sparklines = Sparklines(self._keys)

    def log_metric(
        self,
        caller: Caller,
        run_id: str,
        key: str,
        value: float,
        timestamp: int,
        step: int = 0,
        model_id: str = "",
        dataset_name: str = "",
        dataset_digest: str = "",
    ) -> None:
        point = _point(key, value, timestamp, step, model_id, dataset_name, dataset_digest)
        self._appends.append(caller, run_id, self._appends.arrive([point]))

    def log_metric_together(self, calls: Sequence[LogMetric]) -> list[BaseException | None]:
        """What `log_metric` raises for each of several calls, or None."""
        outcomes: list[BaseException | None] = [None] * len(calls)
        arrived: dict[int, tuple[Caller, str, Arrival]] = {}
        for place, call in enumerate(calls):
            try:
                arrived[place] = call[0], call[1], self._appends.arrive([_point(*call[2:])])
            except MlflowException as error:
                outcomes[place] = error
        for place, refusal in zip(arrived, self._appends.append_all(arrived.values()), strict=True):
            outcomes[place] = refusal
        return outcomes

    def get_metric_history(
        self, caller: Caller, run_id: str, metric_key: str, page_token: str = "", max_results: int | None = None
    ) -> Page[Metric]:
        points, token = self._page(caller, run_id, metric_key, page_token, max_results)
        return Page([Metric(metric_key, *point) for point in _tuples(points)], token)

    def get_metric_history_json(
        self, caller: Caller, run_id: str, metric_key: str, page_token: str = "", max_results: int | None = None
    ) -> bytes:
        """The body that answers `get_metric_history`."""
        points, token = self._page(caller, run_id, metric_key, page_token, max_results)
        if not len(points):
            return b"{}"
        end = b"]}" if token is None else b'],"next_page_token":"' + token.encode() + b'"}'
        return b"".join([b'{"metrics":[', *point_objects(metric_key, points), end])

    def get_metric_history_bulk(
        self, caller: Caller, run_id: Sequence[str], metric_key: str, max_results: int = MAX_BULK_POINTS
    ) -> list[RunMetric]:
        return _run_metrics(metric_key, self._bulk(caller, run_id, metric_key, max_results))

    def get_metric_history_bulk_json(
        self, caller: Caller, run_id: Sequence[str], metric_key: str, max_results: int = MAX_BULK_POINTS
    ) -> bytes:
        """The body that answers `get_metric_history_bulk`; it names its list also when that is empty."""
        return _bulk_body(metric_key, self._bulk(caller, run_id, metric_key, max_results))

    def get_metric_history_bulk_interval(
        self,
        caller: Caller,
        run_ids: Sequence[str],
        metric_key: str,
        start_step: int | None = None,
        end_step: int | None = None,
        max_results: int = MAX_SAMPLED_POINTS,
    ) -> list[RunMetric]:
        return _run_metrics(metric_key, self._thinned(caller, run_ids, metric_key, start_step, end_step, max_results))

    def get_metric_history_bulk_interval_json(
        self,
        caller: Caller,
        run_ids: Sequence[str],
        metric_key: str,
        start_step: int | None = None,
        end_step: int | None = None,
        max_results: int = MAX_SAMPLED_POINTS,
    ) -> bytes:
        """The body that answers `get_metric_history_bulk_interval`."""
        found = self._thinned(caller, run_ids, metric_key, start_step, end_step, max_results)
        return _bulk_body(metric_key, found) if found else b"{}"

    def get_metric_columns(self, caller: Caller, run_id: str, metric_key: str) -> MetricColumns:
        points, _ = self._page(caller, run_id, metric_key, "", None)
        steps, timestamps = points.steps.astype("<i8", copy=False), points.timestamps.astype("<i8", copy=False)
        values = points.values.astype("<f8", copy=False)
        return MetricColumns(len(points), steps.tobytes(), timestamps.tobytes(), values.tobytes())

    def sample_metrics(
        self,
        caller: Caller,
        run_ids: Sequence[str],
        keys: Sequence[str],
        x: str = "step",
        start: float | None = None,
        end: float | None = None,
        buckets: int = 320,
    ) -> list[SampledSeries]:
        chart = ChartRange(x, start, end, buckets)
        return self._sampled(caller, run_ids, keys, chart, is_rounded=True)

    def _sampled(
        self,
        caller: Caller,
        run_ids: Sequence[str],
        keys: Sequence[str],
        chart: ChartRange,
        *,
        is_rounded: bool = False,
    ) -> list[SampledSeries]:
        return self._settled(
            self._readable(caller, run_ids),
            lambda connection, rows: sample(connection, self._keys, rows, keys, chart, is_rounded=is_rounded),
        )

    def sparklines(
        self, caller: Caller, run_ids: Sequence[str], keys: Sequence[str], points: int = 60
    ) -> list[Sparkline]:
        if len(run_ids) * len(keys) > MAX_SPARKLINES:
            raise InvalidParameterValue(
                f"{len(run_ids)} runs with {len(keys)} keys each are too many lines; ask for {MAX_SPARKLINES} at once."
            )
        return self._settled(
            self._readable(caller, run_ids),
            lambda connection, rows: self._sparklines.read(connection, rows, keys, points),
        )

    def summarize_metrics(
        self, caller: Caller, run_ids: Sequence[str], keys: Sequence[str] | None = None
    ) -> list[MetricSummary]:
        return self._settled(
            self._readable(caller, run_ids), lambda connection, rows: summarize(connection, self._keys, rows, keys)
        )

    def _page(
        self, caller: Caller, run_id: str, key: str, page_token: str, max_results: int | None
    ) -> tuple[Points, str | None]:
        """Points of one series by time, and the token of the next page; none of an unknown run or key."""
        offset = _checked_offset(page_token, max_results)
        try:
            run = self._database.read(lambda connection: find_run(connection, caller, run_id, Permission.READ))
        except ResourceDoesNotExist:
            return Points.joined(()), None

        def read(connection: Connection, rows: Sequence[RunRow]) -> tuple[Points, bool]:
            number = self._keys.find(connection, "metric", [key]).get(key, 0)
            return read_page(connection, rows[0].id, number, offset, max_results)

        points, more = self._settled([run], read)
        return points, _token(offset + len(points)) if more else None

    def _bulk(self, caller: Caller, run_ids: Sequence[str], key: str, max_results: int) -> OfRuns:
        _check_runs("run_id", run_ids)
        _check_key(key)
        if max_results < 0:
            raise InvalidParameterValue(
                f"Invalid value '{max_results}' for parameter 'max_results'; ask for 0 to {MAX_BULK_POINTS}."
            )

        def read(connection: Connection, rows: Sequence[RunRow]) -> OfRuns:
            number = self._keys.find(connection, "metric", [key]).get(key, 0)
            found = read_beginnings(connection, [row.id for row in rows], number, min(max_results, MAX_BULK_POINTS))
            return [(row.run_id, found[row.id]) for row in rows]

        return self._settled(self._readable(caller, sorted(run_ids)), read)

    def _thinned(
        self, caller: Caller, run_ids: Sequence[str], key: str, start: int | None, end: int | None, most: int
    ) -> OfRuns:
        _check_runs("run_ids", run_ids)
        _check_key(key)
        window = _checked_window(start, end)
        if not 1 <= most <= MAX_SAMPLED_POINTS:
            raise InvalidParameterValue(
                f"max_results must be between 1 and {MAX_SAMPLED_POINTS}, but is '{most}'. Ask for fewer points."
            )

        def read(connection: Connection, rows: Sequence[RunRow]) -> OfRuns:
            number = self._keys.find(connection, "metric", [key]).get(key, 0)
            found = self._thin_histories.read(connection, [row.id for row in rows], number, window, most)
            by_id = {row.run_id: found[row.id] for row in rows if len(found[row.id])}
            return [(run_id, by_id[run_id]) for run_id in run_ids if run_id in by_id]

        return self._settled(self._readable(caller, run_ids), read)

    def _readable(self, caller: Caller, run_ids: Sequence[str]) -> list[RunRow]:
        return list(self._database.read(lambda connection: readable_runs(connection, caller, run_ids)).values())

    def _settled(self, rows: list[RunRow], read: Callable[[Connection, list[RunRow]], T]) -> T:
        """What a job reads of runs that are brought up to date first."""
        self._fold.settle(run_pks=[row.id for row in rows])
        return self._database.read(lambda connection: read(connection, rows))


def _point(
    key: str, value: float, timestamp: int, step: int, model_id: str, dataset_name: str, dataset_digest: str
) -> Metric:
    return Metric(key, value, timestamp, step, model_id or None, dataset_name or None, dataset_digest or None)


_DIGEST = query_digest("history")  # no token of another list is one of ours: these are MLflow's


def _checked_offset(page_token: str, max_results: int | None) -> int:
    if max_results is not None and max_results < 1:
        raise InvalidParameterValue(
            f"Invalid value '{max_results}' for parameter 'max_results' supplied. It must be a positive integer."
        )
    position = decode_token(page_token, _DIGEST)
    return position.offset if isinstance(position, Offset) else 0


def _token(offset: int) -> str:
    return base64.b64encode(msgspec.json.encode(Offset(offset))).decode()


def _check_runs(name: str, run_ids: Sequence[str]) -> None:
    if not 1 <= len(run_ids) <= MAX_BULK_RUNS:
        raise InvalidParameterValue(
            f"Invalid value for parameter '{name}': it has {len(run_ids)} runs; name 1 to {MAX_BULK_RUNS}."
        )


def _check_key(key: str) -> None:
    if not key:
        raise InvalidParameterValue("Missing value for required parameter 'metric_key'; name a metric.")


def _checked_window(start: int | None, end: int | None) -> tuple[int, int] | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise InvalidParameterValue("If either start step or end step are specified, both must be specified.")
    if start > end:
        raise InvalidParameterValue(
            f"end_step must be greater than start_step. Found start_step={start} and end_step={end}."
        )
    return start, end


def _tuples(points: Points) -> Iterator[tuple[float, int, int]]:
    return zip(points.values.tolist(), points.timestamps.tolist(), points.steps.tolist(), strict=True)


def _run_metrics(key: str, found: OfRuns) -> list[RunMetric]:
    return [RunMetric(key, *point, run_id) for run_id, points in found for point in _tuples(points)]


def _bulk_body(key: str, found: OfRuns) -> bytes:
    objects = [b"".join(point_objects(key, points, run_id)) for run_id, points in found if len(points)]
    return b'{"metrics":[' + b",".join(objects) + b"]}"
