"""What every store does with points of metrics."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np
import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.store import TrackingStore
from mlflow.contract.wire.answers import encode_answer
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.exceptions import BadRequest, InvalidParameterValue, PermissionDenied, ResourceDoesNotExist
from mlflow.testing.fixtures import Suite, reader_of

__all__ = ["MetricsSuite"]

LARGEST = 1.7976931348623157e308
UNACCEPTABLE = [
    pytest.param({"timestamp": -1}, id="time below 0"),
    pytest.param({"timestamp": 2**63}, id="time beyond int64"),
    pytest.param({"step": 2**63}, id="step beyond int64"),
    pytest.param({"step": -(2**63) - 1}, id="step below int64"),
    pytest.param({"key": ""}, id="no key"),
    pytest.param({"key": "../x"}, id="key that leads elsewhere"),
    pytest.param({"key": "a\nb"}, id="key with a line end"),
    pytest.param({"key": "x" * 251}, id="long key"),
]


def log(store: TrackingStore, run_id: str, *points: tuple[float, int, int], key: str = "loss") -> None:
    """Log (value, timestamp, step) of one key."""
    store.runs.log_batch(EVERYONE, run_id, [Metric(key, *point) for point in points])


def history(store: TrackingStore, run_id: str, key: str = "loss") -> list[tuple[float, int, int]]:
    """(value, timestamp, step) of a key as get-history orders them."""
    points = store.metrics.get_metric_history(EVERYONE, run_id, key)
    return [(point.value, point.timestamp, point.step) for point in points]


class MetricsSuite(Suite):
    """Logging points, histories, charts and summaries."""

    def test_point_is_read_as_it_was_logged(self, store: TrackingStore, run_id: str) -> None:
        store.metrics.log_metric(EVERYONE, run_id, "loss", 0.25, 17, -3)
        (point,) = store.metrics.get_metric_history(EVERYONE, run_id, "loss")
        assert point == Metric("loss", 0.25, 17, -3)
        assert store.runs.get_run(EVERYONE, run_id).data.latest_metrics == [point]

    def test_identical_point_counts_once_whenever_it_comes(self, store: TrackingStore, run_id: str) -> None:
        log(store, run_id, (1.0, 5, 0), (1.0, 5, 0))
        log(store, run_id, (1.0, 5, 0))
        assert history(store, run_id) == [(1.0, 5, 0)]
        log(store, run_id, (1.0, 5, 0), (2.0, 5, 0))
        assert history(store, run_id) == [(1.0, 5, 0), (2.0, 5, 0)]
        (summary,) = store.metrics.summarize_metrics(EVERYONE, [run_id])
        assert (summary.count, summary.mean) == (2, 1.5)

    @pytest.mark.parametrize(
        ("points", "latest"),
        [
            pytest.param([(1.0, 100, 5), (2.0, 200, 3)], (1.0, 100, 5), id="the greatest step"),
            pytest.param([(1.0, 100, 5), (2.0, 200, 5), (3.0, 50, 5)], (2.0, 200, 5), id="then the latest time"),
            pytest.param([(1.0, 100, 5), (9.0, 100, 5), (3.0, 100, 5)], (9.0, 100, 5), id="then the greatest value"),
            pytest.param([(math.nan, 100, 5), (-1.0, 100, 5)], (-1.0, 100, 5), id="a number before NaN"),
            pytest.param([(1.0, 100, -5), (2.0, 100, -7)], (1.0, 100, -5), id="steps below 0"),
        ],
    )
    @pytest.mark.parametrize("at_once", [True, False], ids=["one batch", "read in between"])
    def test_latest_point(
        self,
        store: TrackingStore,
        run_id: str,
        points: list[tuple[float, int, int]],
        latest: tuple[float, int, int],
        at_once: bool,
    ) -> None:
        for part in [points] if at_once else [[point] for point in points]:
            log(store, run_id, *part)
            store.runs.get_run(EVERYONE, run_id)
        (found,) = store.runs.get_run(EVERYONE, run_id).data.latest_metrics
        assert (found.value, found.timestamp, found.step) == latest

    def test_infinities_become_the_greatest_doubles_and_nan_stays(self, store: TrackingStore, run_id: str) -> None:
        log(store, run_id, (math.inf, 1, 0), (-math.inf, 2, 0), (math.nan, 3, 0))
        first, second, third = (value for value, _, _ in history(store, run_id))
        assert (first, second) == (LARGEST, -LARGEST)
        assert math.isnan(third)
        assert math.isnan(store.runs.get_run(EVERYONE, run_id).data.metrics["loss"])

    @pytest.mark.parametrize("change", UNACCEPTABLE)
    @pytest.mark.parametrize("filler", [0, 100], ids=["alone", "in a batch"])
    def test_unacceptable_point_is_refused_and_nothing_is_stored(
        self, store: TrackingStore, run_id: str, change: dict[str, object], filler: int
    ) -> None:
        bad = msgspec.structs.replace(Metric("loss", 1.0, 5, 0), **change)
        good = [Metric("good", float(step), 5, step) for step in range(filler)]
        with pytest.raises(InvalidParameterValue):
            store.runs.log_batch(EVERYONE, run_id, [*good, bad])
        assert store.runs.get_run(EVERYONE, run_id).data.metrics == {}

    def test_unknown_model_is_refused_with_all_of_the_batch(self, store: TrackingStore, run_id: str) -> None:
        with pytest.raises(BadRequest):
            store.metrics.log_metric(EVERYONE, run_id, "loss", 1.0, 5, 0, "m-0123")
        with pytest.raises(BadRequest):
            points = [Metric("loss", 1.0, 5, 0), Metric("loss", 1.0, 5, 1, "m-0123", "train", "abc")]
            store.runs.log_batch(EVERYONE, run_id, points, [Param("p", "1")])
        assert store.runs.get_run(EVERYONE, run_id).data.params == {}
        assert history(store, run_id) == []

    def test_run_must_exist_and_be_active(self, store: TrackingStore, run_id: str) -> None:
        with pytest.raises(ResourceDoesNotExist):
            store.metrics.log_metric(EVERYONE, "f" * 32, "loss", 1.0, 5)
        with pytest.raises(ResourceDoesNotExist):
            store.runs.log_batch(EVERYONE, "f" * 32)
        store.runs.delete_run(EVERYONE, run_id)
        with pytest.raises(InvalidParameterValue, match="'active' state"):
            store.metrics.log_metric(EVERYONE, run_id, "loss", 1.0, 5)
        store.runs.restore_run(EVERYONE, run_id)
        store.metrics.log_metric(EVERYONE, run_id, "loss", 1.0, 5)

    def test_history_is_by_time_then_step_then_value(self, store: TrackingStore, run_id: str) -> None:
        points = [(1.0, 30, 1), (2.0, 10, 2), (3.0, 20, 3), (2.5, 20, 3), (9.0, 20, 1)]
        log(store, run_id, *points)
        assert history(store, run_id) == sorted(points, key=lambda point: (point[1], point[2], point[0]))

    def test_unknown_run_or_key_has_an_empty_history(self, store: TrackingStore, run_id: str) -> None:
        assert store.metrics.get_metric_history(EVERYONE, "f" * 32, "loss") == []
        assert store.metrics.get_metric_history(EVERYONE, run_id, "never logged") == []
        log(store, run_id, (1.0, 5, 0))
        assert store.metrics.get_metric_history(EVERYONE, run_id, "Loss") == []

    def test_pages_join_to_the_whole_history(self, store: TrackingStore, run_id: str) -> None:
        points = [(float(step), 1000 - step, step) for step in range(250)]
        log(store, run_id, *points)
        pages, token = [], ""
        while True:
            page = store.metrics.get_metric_history(EVERYONE, run_id, "loss", token, 99)
            pages.append([(point.value, point.timestamp, point.step) for point in page])
            token = page.token or ""
            if not token:
                break
        assert [len(page) for page in pages] == [99, 99, 52]
        assert [point for page in pages for point in page] == points[::-1]

    def test_bad_pages_are_refused(self, store: TrackingStore, run_id: str) -> None:
        for size in (0, -1):
            with pytest.raises(InvalidParameterValue, match="max_results"):
                store.metrics.get_metric_history(EVERYONE, run_id, "loss", "", size)
        for token in ("garbage", "eyJvZmZzZXQiOiAtMX0=", "e30="):
            with pytest.raises(InvalidParameterValue, match="token"):
                store.metrics.get_metric_history(EVERYONE, run_id, "loss", token)

    def test_late_points_take_their_place_in_a_long_history(self, store: TrackingStore, run_id: str) -> None:
        for first in range(0, 9000, 1000):
            log(store, run_id, *((float(step), step, 2 * step) for step in range(first, first + 1000)))
        store.runs.get_run(EVERYONE, run_id)
        late = [(-1.0, step, 2 * step + 1) for step in range(0, 9000, 1000)]
        log(store, run_id, *late, (5.0, 5, 10))
        found = history(store, run_id)
        assert len(found) == 9009
        assert set(late) < set(found)
        assert found == sorted(found, key=lambda point: (point[1], point[2], point[0]))
        (summary,) = store.metrics.summarize_metrics(EVERYONE, [run_id])
        assert (summary.count, summary.min, summary.min_step) == (9009, -1.0, 1)
        assert (summary.last, summary.last_step, summary.max) == (8999.0, 17998, 8999.0)

    def test_bulk_history_is_run_by_run_and_bounded(self, store: TrackingStore, experiment_id: str) -> None:
        runs = sorted(self.make_run(store, experiment_id) for _ in range(3))
        for run_id in runs:
            log(store, run_id, (1.0, 30, 0), (2.0, 20, 1), (3.0, 10, 2))
        asked = [runs[2], runs[0], runs[1], runs[0], "f" * 32]
        found = store.metrics.get_metric_history_bulk(EVERYONE, asked, "loss")
        assert [(point.run_id, point.value) for point in found] == [(run, value) for run in runs for value in (3, 2, 1)]
        assert len(store.metrics.get_metric_history_bulk(EVERYONE, asked, "loss", 4)) == 4
        assert store.metrics.get_metric_history_bulk(EVERYONE, asked, "loss", 0) == []
        for wrong in ([], asked * 21):
            with pytest.raises(InvalidParameterValue):
                store.metrics.get_metric_history_bulk(EVERYONE, wrong, "loss")

    def test_thinned_history_keeps_first_and_last(self, store: TrackingStore, experiment_id: str) -> None:
        first, second = (self.make_run(store, experiment_id) for _ in range(2))
        log(store, first, *((float(step), 5, step) for step in range(1000)))
        log(store, second, (7.0, 5, 3))
        found = store.metrics.get_metric_history_bulk_interval(EVERYONE, [second, first], "loss", None, None, 4)
        assert [(point.run_id, point.step) for point in found] == [(second, 3)] + [
            (first, step) for step in (0, 250, 500, 999)
        ]
        found = store.metrics.get_metric_history_bulk_interval(EVERYONE, [first], "loss", 10, 20, 1)
        assert [point.step for point in found] == [20]
        found = store.metrics.get_metric_history_bulk_interval(EVERYONE, [first], "loss", 10, 12)
        assert [point.step for point in found] == [10, 11, 12]

    def test_thinned_history_follows_new_points(self, store: TrackingStore, run_id: str) -> None:
        for steps in (3, 6, 6):
            log(store, run_id, *((float(step), 5, step) for step in range(steps)))
            for _ in range(2):
                found = store.metrics.get_metric_history_bulk_interval(EVERYONE, [run_id], "loss", None, None, 3)
                assert [point.step for point in found] == [0, steps // 3, steps - 1]

    @pytest.mark.parametrize(
        "arguments",
        [
            pytest.param(([], None, None, 10), id="no runs"),
            pytest.param((["a"] * 101, None, None, 10), id="too many runs"),
            pytest.param((["a"], 1, None, 10), id="start alone"),
            pytest.param((["a"], None, 1, 10), id="end alone"),
            pytest.param((["a"], 2, 1, 10), id="end before start"),
            pytest.param((["a"], None, None, 0), id="no points"),
            pytest.param((["a"], None, None, 2501), id="too many points"),
        ],
    )
    def test_wrong_interval_is_refused(
        self, store: TrackingStore, arguments: tuple[list[str], int | None, int | None, int]
    ) -> None:
        runs, start, end, most = arguments
        with pytest.raises(InvalidParameterValue):
            store.metrics.get_metric_history_bulk_interval(EVERYONE, runs, "loss", start, end, most)

    def test_columns_hold_the_whole_history(self, store: TrackingStore, run_id: str) -> None:
        points = [(float(step) if step % 7 else math.nan, 5000 - step, step) for step in range(1000)]
        log(store, run_id, *points)
        columns = store.metrics.get_metric_columns(EVERYONE, run_id, "loss")
        assert columns.count == 1000
        assert np.frombuffer(columns.steps, "<i8").tolist() == list(range(999, -1, -1))
        assert np.frombuffer(columns.timestamps, "<i8").tolist() == list(range(4001, 5001))
        values = np.frombuffer(columns.values, "<f8")
        assert np.array_equal(values, [point[0] for point in reversed(points)], equal_nan=True)
        assert store.metrics.get_metric_columns(EVERYONE, run_id, "other").count == 0

    def test_short_series_is_charted_point_by_point(self, store: TrackingStore, experiment_id: str) -> None:
        run_id = self.make_run(store, experiment_id, start_time=100)
        log(store, run_id, (1.0, 110, 0), (math.nan, 120, 1), (3.0, 130, 2), key="a")
        log(store, run_id, (5.0, 150, 9), key="b")
        first, second = store.metrics.sample_metrics(EVERYONE, [run_id, "f" * 32], ["a", "b", "c"])
        assert (first.run_id, first.key, first.count, first.exact) == (run_id, "a", 3, True)
        assert (first.x, first.last) == ([0.0, 1.0, 2.0], [1.0, None, 3.0])
        assert first.last == first.min == first.max == first.mean
        assert (second.key, second.x, second.last) == ("b", [9.0], [5.0])
        (wall, _) = store.metrics.sample_metrics(EVERYONE, [run_id], ["a", "b"], "wall")
        assert wall.x == [110.0, 120.0, 130.0]
        (relative,) = store.metrics.sample_metrics(EVERYONE, [run_id], ["a"], "relative", 15, 30)
        assert relative.x == [20.0, 30.0]

    def test_long_series_is_charted_in_buckets(self, store: TrackingStore, run_id: str) -> None:
        count = 40_000
        for first in range(0, count, 1000):
            log(store, run_id, *((float(step % 10), step, step) for step in range(first, first + 1000)))
        (chart,) = store.metrics.sample_metrics(EVERYONE, [run_id], ["loss"], buckets=100)
        assert (chart.count, chart.exact, len(chart.x)) == (count, False, 100)
        assert chart.x == sorted(chart.x)
        assert (min(chart.min), max(chart.max)) == (0.0, 9.0)  # type: ignore[type-var]  # numbers, for none is NaN
        (zoomed,) = store.metrics.sample_metrics(EVERYONE, [run_id], ["loss"], "step", 20_000, 20_049, 100)
        assert (zoomed.exact, zoomed.x) == (True, [float(step) for step in range(20_000, 20_050)])
        assert store.metrics.sample_metrics(EVERYONE, [run_id], ["loss"], "step", 50_000, 60_000) == []

    @pytest.mark.parametrize(
        "arguments",
        [
            pytest.param(("step", None, None, 0), id="no buckets"),
            pytest.param(("step", None, None, 10_001), id="too many buckets"),
            pytest.param(("step", 2.0, 1.0, 10), id="end before start"),
            pytest.param(("step", math.nan, None, 10), id="start is no number"),
        ],
    )
    def test_wrong_chart_is_refused(self, store: TrackingStore, run_id: str, arguments: tuple[object, ...]) -> None:
        with pytest.raises(InvalidParameterValue):
            store.metrics.sample_metrics(EVERYONE, [run_id], ["loss"], *arguments)  # type: ignore[arg-type]  # wrong on purpose

    def test_summary_tells_first_last_extremes_and_mean(self, store: TrackingStore, run_id: str) -> None:
        log(store, run_id, (4.0, 10, 0), (math.nan, 20, 1), (2.0, 30, 2), (9.0, 40, 3), (9.0, 50, 4))
        log(store, run_id, (math.nan, 10, 0), key="all nan")
        nothing, summary = store.metrics.summarize_metrics(EVERYONE, [run_id])
        assert (summary.key, summary.count, summary.nan_count) == ("loss", 5, 1)
        assert (summary.first, summary.first_step, summary.last, summary.last_step) == (4.0, 0, 9.0, 4)
        assert (summary.min, summary.min_step, summary.max, summary.max_step) == (2.0, 2, 9.0, 3)
        assert (summary.mean, summary.last_timestamp) == (6.0, 50)
        assert (nothing.key, nothing.count, nothing.min, nothing.max, nothing.mean) == ("all nan", 1, None, None, None)
        assert math.isnan(nothing.last)
        assert [found.key for found in store.metrics.summarize_metrics(EVERYONE, [run_id], ["loss", "no"])] == ["loss"]

    def test_what_a_caller_may_not_read_is_left_out(
        self, store: TrackingStore, experiment_id: str, run_id: str
    ) -> None:
        other = self.make_run(store, store.experiments.create_experiment(EVERYONE, f"other-{run_id}"))
        for run in (run_id, other):
            log(store, run, (1.0, 5, 0))
        reader, both = reader_of(experiment_id), [other, run_id]
        metrics = store.metrics
        assert {point.run_id for point in metrics.get_metric_history_bulk(reader, both, "loss")} == {run_id}
        thinned = metrics.get_metric_history_bulk_interval(reader, both, "loss")
        assert {point.run_id for point in thinned} == {run_id}
        assert {chart.run_id for chart in metrics.sample_metrics(reader, both, ["loss"])} == {run_id}
        assert {summary.run_id for summary in metrics.summarize_metrics(reader, both)} == {run_id}
        assert metrics.summarize_metrics(NOBODY, both) == []
        with pytest.raises(PermissionDenied):
            metrics.log_metric(reader, run_id, "loss", 1.0, 5)

    def test_points_of_many_threads_all_arrive(self, store: TrackingStore, experiment_id: str) -> None:
        runs = [self.make_run(store, experiment_id) for _ in range(4)]

        def work(thread: int) -> None:
            for step in range(8):
                log(store, runs[thread % 4], (float(thread), step, step))
                log(store, runs[step % 4], (float(thread), step, step), key=f"own-{thread}")
                if step % 4 == 0:
                    store.runs.get_run(EVERYONE, runs[thread % 4])

        with ThreadPoolExecutor(32) as threads:
            list(threads.map(work, range(32)))
        for number, run_id in enumerate(runs):
            own = {(float(thread), step, step) for thread in range(number, 32, 4) for step in range(8)}
            assert set(history(store, run_id)) == own
        points = sum(summary.count for summary in store.metrics.summarize_metrics(EVERYONE, runs))
        assert points == 2 * 32 * 8

    def test_refused_point_does_not_harm_those_of_others(self, store: TrackingStore, run_id: str) -> None:
        def work(step: int) -> bool:
            try:
                store.metrics.log_metric(EVERYONE, "f" * 32 if step % 3 == 0 else run_id, "loss", 1.0, 5, step)
            except ResourceDoesNotExist:
                return False
            return True

        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(work, range(96)))
        assert answers == [step % 3 != 0 for step in range(96)]
        assert [step for _, _, step in history(store, run_id)] == [step for step in range(96) if step % 3]

    def test_bodies_agree_with_what_the_methods_answer(self, store: TrackingStore, run_id: str) -> None:
        log(store, run_id, (0.1, 5, 0), (math.nan, 6, 1), (math.inf, 7, -2), (1e22, 8, 3))
        for name, arguments in (
            ("get_metric_history", (run_id, "loss", "", 3)),
            ("get_metric_history", (run_id, "loss")),
            ("get_metric_history_bulk", ([run_id], "loss")),
            ("get_metric_history_bulk_interval", ([run_id], "loss")),
        ):
            encoded = getattr(store.metrics, f"{name}_json", None)
            if encoded is None:
                pytest.skip("this store has no bodies of its own")
            answer = encode_answer(getattr(store.metrics, name)(EVERYONE, *arguments), "metrics")
            assert msgspec.json.decode(encoded(EVERYONE, *arguments)) == msgspec.json.decode(answer)
