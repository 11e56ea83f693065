"""What every store draws of metrics over many runs: sparklines, and groups with their spread."""

from __future__ import annotations

import base64
import math

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.store import TrackingStore
from mlflow.entities.metric import Metric
from mlflow.exceptions import InvalidParameterValue
from mlflow.testing.fixtures import Suite

__all__ = ["ChartsSuite"]


class ChartsSuite(Suite):
    """Sparklines and series of groups."""

    def run_with(self, store: TrackingStore, experiment_id: str, kind: str, points: dict[int, float]) -> str:
        """A run whose param `kind` and metric `loss` are these; the points are by step, a second a step."""
        run_id = self.make_run(store, experiment_id, params={"kind": kind})
        logged = [Metric("loss", value, step * 1000, step) for step, value in points.items()]
        store.runs.log_batch(EVERYONE, run_id, logged, [], [])
        return run_id

    def test_sparkline_tells_bounds_and_shape(self, store: TrackingStore, experiment_id: str) -> None:
        falls = self.run_with(store, experiment_id, "a", {0: 3.0, 1: 2.0, 2: 1.0})
        flat = self.run_with(store, experiment_id, "a", {0: 7.0, 1: 7.0})
        empty = self.make_run(store, experiment_id)
        found = {one.run_id: one for one in store.metrics.sparklines(EVERYONE, [falls, flat, empty], ["loss"])}
        assert set(found) == {falls, flat}
        assert (found[falls].min, found[falls].max) == (1.0, 3.0)
        assert list(base64.b64decode(found[falls].shape)) == [255, 128, 0]
        assert list(base64.b64decode(found[flat].shape)) == [128, 128]

    def test_sparklines_of_several_metrics_tell_which_they_are(self, store: TrackingStore, experiment_id: str) -> None:
        run_id = self.make_run(store, experiment_id, metrics={"loss": 0.5, "acc": 0.9})
        lines = store.metrics.sparklines(EVERYONE, [run_id], ["acc", "loss", "never"])
        assert {line.key: line.max for line in lines} == {"acc": 0.9, "loss": 0.5}

    def test_sparkline_of_a_long_series_is_short(self, store: TrackingStore, experiment_id: str) -> None:
        points = {step: float(step) for step in range(900)} | {900: math.nan, 901: math.inf}
        (line,) = store.metrics.sparklines(EVERYONE, [self.run_with(store, experiment_id, "a", points)], ["loss"], 10)
        shape = list(base64.b64decode(line.shape))
        assert len(shape) == 10
        assert shape == sorted(shape)

    def test_sparkline_that_was_drawn_before_has_what_was_logged_since(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        one, other = (self.run_with(store, experiment_id, "a", {0: 3.0, 1: 1.0}) for _ in range(2))

        def shapes(key: str = "loss", points: int = 60) -> dict[str, list[int]]:
            lines = store.metrics.sparklines(EVERYONE, [other, one], [key, key], points)
            return {line.run_id: list(base64.b64decode(line.shape)) for line in lines}

        assert shapes() == shapes() == {other: [255, 0], one: [255, 0]}
        assert shapes("acc") == shapes("acc") == {}
        assert shapes(points=1) == {other: [128], one: [128]}
        store.runs.log_batch(EVERYONE, one, [Metric("loss", 5.0, 2000, 2), Metric("acc", 0.5, 0, 0)], [], [])
        assert shapes() == {other: [255, 0], one: [128, 0, 255]}
        assert shapes("acc") == {one: [128]}
        assert store.metrics.sparklines(NOBODY, [other, one], ["loss"]) == []

    def test_sparkline_without_numbers_has_no_shape(self, store: TrackingStore, experiment_id: str) -> None:
        run_id = self.run_with(store, experiment_id, "a", {0: math.nan})
        (line,) = store.metrics.sparklines(EVERYONE, [run_id], ["loss"])
        assert (line.min, line.max, line.shape) == (None, None, "")

    def test_too_many_sparklines_are_refused(self, store: TrackingStore) -> None:
        with pytest.raises(InvalidParameterValue, match="200"):
            store.metrics.sparklines(EVERYONE, [str(number) for number in range(201)], ["loss"])

    def test_group_has_mean_spread_and_bounds_at_each_step(self, store: TrackingStore, experiment_id: str) -> None:
        self.run_with(store, experiment_id, "a", {0: 1.0, 1: 2.0, 2: 4.0})
        self.run_with(store, experiment_id, "a", {0: 3.0, 1: 2.0})
        self.run_with(store, experiment_id, "b", {0: 5.0, 2: 7.0})
        self.make_run(store, experiment_id, params={"kind": "without"})
        a, b = store.columns.sample_groups(EVERYONE, [experiment_id], ["params.kind"], ["loss"])
        assert (a.values, a.key, a.runs, a.x, a.n) == (["a"], "loss", 2, [0, 1, 2], [2, 2, 1])
        assert a.mean == [2.0, 2.0, 4.0]
        assert a.std == [pytest.approx(math.sqrt(2)), 0.0, 0.0]
        assert (a.min, a.max) == ([1.0, 2.0, 4.0], [3.0, 2.0, 4.0])
        assert (b.values, b.x, b.mean) == (["b"], [0, 2], [5.0, 7.0])

    def test_runs_that_log_seldom_are_on_the_line_between_their_points(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        self.run_with(store, experiment_id, "a", {0: 0.0, 10: 10.0})
        self.run_with(store, experiment_id, "a", dict.fromkeys(range(11), 0.0))
        (group,) = store.columns.sample_groups(EVERYONE, [experiment_id], ["params.kind"], ["loss"])
        assert group.n == [2] * 11
        assert group.mean == pytest.approx([step / 2 for step in range(11)])

    def test_group_is_cut_to_a_range_and_to_so_many_buckets(self, store: TrackingStore, experiment_id: str) -> None:
        points = {step: float(step) for step in range(1000)}
        self.run_with(store, experiment_id, "a", points)
        (whole,) = store.columns.sample_groups(EVERYONE, [experiment_id], ["params.kind"], ["loss"], buckets=10)
        assert len(whole.x) == 10
        assert whole.mean == sorted(whole.mean)
        (part,) = store.columns.sample_groups(EVERYONE, [experiment_id], ["params.kind"], ["loss"], start=500, end=503)
        assert (part.x, part.mean) == ([500, 501, 502, 503], [500.0, 501.0, 502.0, 503.0])
        (timed,) = store.columns.sample_groups(
            EVERYONE, [experiment_id], ["params.kind"], ["loss"], x="relative", buckets=5
        )
        assert timed.x[-1] == 999_000
        nothing = store.columns.sample_groups(EVERYONE, [experiment_id], ["params.kind"], ["loss"], start=2000)
        assert nothing == []

    def test_groups_follow_the_filter_and_what_one_may_read(self, store: TrackingStore, experiment_id: str) -> None:
        self.run_with(store, experiment_id, "a", {0: 1.0})
        asked = ([experiment_id], ["params.kind"], ["loss", "absent"])
        assert len(store.columns.sample_groups(EVERYONE, *asked, "params.kind = 'a'")) == 1
        assert store.columns.sample_groups(EVERYONE, *asked, "params.kind = 'b'") == []
        assert store.columns.sample_groups(NOBODY, *asked) == []
        with pytest.raises(InvalidParameterValue, match="by"):
            store.columns.sample_groups(EVERYONE, [experiment_id], [], ["loss"])

    def test_metric_is_drawn_over_another_one(self, store: TrackingStore, experiment_id: str) -> None:
        run_id = self.run_with(store, experiment_id, "a", {step: float(step) for step in range(12)})
        seldom = [Metric("epoch", value, 0, step) for step, value in ((4, 1.0), (8, 2.0), (9, math.nan))]
        together = [Metric("tokens", 100.0 - step, 0, step) for step in range(12)]
        store.runs.log_batch(EVERYONE, run_id, [*seldom, *together], [], [])
        sample = store.metrics.sample_metrics
        (epochs,) = sample(EVERYONE, [run_id, "f" * 32], ["loss", "absent"], "metric:epoch")
        assert (epochs.key, epochs.count, epochs.exact, epochs.x) == ("loss", 8, False, [1.0, 2.0])
        assert (epochs.last, epochs.min, epochs.max, epochs.mean) == ([7.0, 11.0], [4.0, 8.0], [7.0, 11.0], [5.5, 9.5])
        (tokens,) = sample(EVERYONE, [run_id], ["loss"], "metric:tokens", 90, 92)
        assert (tokens.exact, tokens.x, tokens.last) == (True, [90.0, 91.0, 92.0], [10.0, 9.0, 8.0])
        (few,) = sample(EVERYONE, [run_id], ["loss"], "metric:tokens", buckets=3)
        assert (few.x, few.min, few.max) == ([92.0, 96.0, 100.0], [8.0, 4.0, 0.0], [11.0, 7.0, 3.0])
        assert sample(EVERYONE, [run_id], ["loss"], "metric:absent") == []
        with pytest.raises(InvalidParameterValue, match="'epoch'"):
            sample(EVERYONE, [run_id], ["loss"], "epoch")

    def test_groups_are_drawn_over_another_metric(self, store: TrackingStore, experiment_id: str) -> None:
        for shift in (0.0, 2.0):
            run_id = self.run_with(store, experiment_id, "a", {step: step + shift for step in range(4)})
            store.runs.log_batch(EVERYONE, run_id, [Metric("half", step / 2, 0, step) for step in range(4)], [], [])
        asked = ([experiment_id], ["params.kind"], ["loss"])
        (group,) = store.columns.sample_groups(EVERYONE, *asked, x="metric:half", buckets=3)
        assert (group.n, group.mean) == ([2, 2, 2], [1.0, 2.0, 3.5])
        assert group.x == pytest.approx([0.5, 1.0, 1.5])
        assert store.columns.sample_groups(EVERYONE, *asked, x="metric:absent") == []
