"""What every store tells about how the numbers of a column lie."""

from __future__ import annotations

import math

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.columns import Histogram
from mlflow.contract.store import TrackingStore
from mlflow.exceptions import InvalidParameterValue
from mlflow.testing.fixtures import Suite

__all__ = ["HistogramSuite"]


class HistogramSuite(Suite):
    """Histograms of columns."""

    def test_runs_are_counted_in_equal_intervals(self, store: TrackingStore, experiment_id: str) -> None:
        """A number at an edge is in the bin that begins there, the greatest in the last."""
        for loss in (0.0, 0.1, 0.25, 0.5, 0.5, 1.0):
            self.make_run(store, experiment_id, metrics={"loss": loss})
        self.make_run(store, experiment_id)
        histogram = store.columns.get_histogram(EVERYONE, [experiment_id], "metrics.loss", bins=4)
        assert histogram == Histogram([0.0, 0.25, 0.5, 0.75, 1.0], [2, 1, 2, 1], 7, 1)

    def test_texts_that_are_numbers_count(self, store: TrackingStore, experiment_id: str) -> None:
        for text in ("1", "2", "1e1", "auto", "nan"):
            self.make_run(store, experiment_id, params={"lr": text}, tags={"size": text})
        for column in ("params.lr", "tags.size"):
            histogram = store.columns.get_histogram(EVERYONE, [experiment_id], column, bins=3)
            assert histogram == Histogram([1.0, 4.0, 7.0, 10.0], [2, 0, 1], 5, 2)

    def test_what_is_not_finite_is_missing(self, store: TrackingStore, experiment_id: str) -> None:
        for loss in (math.nan, math.inf, -math.inf, 2.0, 3.0):
            self.make_run(store, experiment_id, metrics={"loss": loss})
        histogram = store.columns.get_histogram(EVERYONE, [experiment_id], "metrics.loss", bins=1)
        assert histogram == Histogram([2.0, 3.0], [2], 5, 3)

    def test_numbers_at_the_ends_of_what_there_is_are_counted(self, store: TrackingStore, experiment_id: str) -> None:
        for loss in (-1.7e308, 0.0, 1.7e308):
            self.make_run(store, experiment_id, metrics={"far": loss})
        for loss in (5e-324, 1e-323):
            self.make_run(store, experiment_id, metrics={"near": loss})
        far = store.columns.get_histogram(EVERYONE, [experiment_id], "metrics.far", bins=2)
        assert far.counts == [1, 2]
        near = store.columns.get_histogram(EVERYONE, [experiment_id], "metrics.near", bins=4)
        assert (near.edges, near.counts) == ([5e-324, 1e-323], [2])

    def test_equal_numbers_are_in_one_bin(self, store: TrackingStore, experiment_id: str) -> None:
        for _ in range(3):
            self.make_run(store, experiment_id, metrics={"loss": 0.5})
        histogram = store.columns.get_histogram(EVERYONE, [experiment_id], "metrics.loss")
        assert histogram == Histogram([0.5, 0.5], [3], 3, 0)

    def test_only_runs_that_match_are_counted(self, store: TrackingStore, experiment_id: str) -> None:
        made = [
            self.make_run(store, experiment_id, params={"kind": kind}, metrics={"loss": loss})
            for kind, loss in (("a", 1.0), ("a", 2.0), ("b", 9.0), ("a", 50.0))
        ]
        store.runs.delete_run(EVERYONE, made[3])
        asked = {"column": "metrics.loss", "bins": 2}
        histogram = store.columns.get_histogram(EVERYONE, [experiment_id], **asked, filter="params.kind = 'a'")  # type: ignore[arg-type]
        assert histogram == Histogram([1.0, 1.5, 2.0], [1, 1], 2, 0)
        active = store.columns.get_histogram(EVERYONE, [experiment_id], **asked)  # type: ignore[arg-type]
        assert active == Histogram([1.0, 5.0, 9.0], [2, 1], 3, 0)
        every = store.columns.get_histogram(EVERYONE, [experiment_id], **asked, run_view_type="ALL")  # type: ignore[arg-type]
        assert (sum(every.counts), every.edges[-1]) == (4, 50.0)

    def test_other_figures_and_durations_have_histograms(self, store: TrackingStore, experiment_id: str) -> None:
        run_id = self.make_run(store, experiment_id, start_time=1000, metrics={"loss": 3.0})
        self.make_run(store, experiment_id)
        store.runs.update_run(EVERYONE, run_id, "FINISHED", 6000)
        least = store.columns.get_histogram(EVERYONE, [experiment_id], "min(metrics.loss)")
        assert least == Histogram([3.0, 3.0], [1], 2, 1)
        assert store.columns.get_histogram(EVERYONE, [experiment_id], "duration").edges == [5000.0, 5000.0]

    def test_without_numbers_there_are_no_bins(self, store: TrackingStore, experiment_id: str) -> None:
        self.make_run(store, experiment_id, params={"kind": "a"})
        empty = Histogram([], [], 1, 1)
        assert store.columns.get_histogram(EVERYONE, [experiment_id], "params.kind") == empty
        assert store.columns.get_histogram(EVERYONE, [experiment_id], "metrics.none logged anywhere") == empty
        assert store.columns.get_histogram(NOBODY, [experiment_id], "metrics.loss") == Histogram([], [], 0, 0)

    @pytest.mark.parametrize(
        ("asked", "named"),
        [({"column": "dataset"}, "dataset"), ({"column": "loss"}, "loss"), ({"bins": 0}, "0"), ({"bins": 201}, "201")],
    )
    def test_impossible_requests_are_refused(
        self, store: TrackingStore, experiment_id: str, asked: dict[str, object], named: str
    ) -> None:
        self.make_run(store, experiment_id)
        with pytest.raises(InvalidParameterValue, match=f"'{named}'"):
            store.columns.get_histogram(EVERYONE, [experiment_id], **({"column": "metrics.loss"} | asked))  # type: ignore[arg-type]
