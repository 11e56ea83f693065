"""What every store tells about runs below others."""

from __future__ import annotations

import math

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.store import TrackingStore
from mlflow.entities.metric import Metric
from mlflow.exceptions import InvalidParameterValue
from mlflow.testing.fixtures import Suite

__all__ = ["NestedSuite"]


class NestedSuite(Suite):
    """Parents and their children."""

    def child(self, store: TrackingStore, experiment_id: str, parent: str, *losses: float) -> str:
        """A run below another, which logged these at steps 0, 1, and so on."""
        run_id = self.make_run(store, experiment_id, tags={"mlflow.parentRunId": parent})
        points = [Metric("loss", value, step + 1, step) for step, value in enumerate(losses)]
        store.runs.log_batch(EVERYONE, run_id, points, [], [])
        return run_id

    def test_best_child_is_the_one_with_the_smallest_or_largest_figure(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        one, two, alone = (self.make_run(store, experiment_id) for _ in range(3))
        dips = self.child(store, experiment_id, one, 0.1, 0.5)
        ends_low = self.child(store, experiment_id, one, 0.9, 0.2)
        only = self.child(store, experiment_id, two, 7.0)
        self.child(store, experiment_id, two, math.nan)
        self.child(store, experiment_id, two)
        store.runs.delete_run(EVERYONE, self.child(store, experiment_id, one, 0.0))

        def best(column: str, largest: bool = False) -> list[tuple[object, str]]:
            parents = [two, one, alone]
            found = store.run_tables.get_best_children(EVERYONE, parents, column, largest, ["tags.mlflow.parentRunId"])
            return list(zip(found.values[0], found.run_ids, strict=True))

        assert best("metrics.loss") == [(two, only), (one, ends_low)]
        assert best("min(metrics.loss)") == [(two, only), (one, dips)]
        assert best("metrics.loss", largest=True) == [(two, only), (one, dips)]
        assert best("metrics.never") == []

    def test_best_child_comes_with_the_columns_asked_for(self, store: TrackingStore, experiment_id: str) -> None:
        parent = self.make_run(store, experiment_id)
        child = self.child(store, experiment_id, parent, 0.5)
        columns = ["metrics.loss", "params.lr"]
        found = store.run_tables.get_best_children(EVERYONE, [parent], "metrics.loss", columns=columns)
        assert (found.run_ids, found.values) == ([child], [[0.5], [None]])
        assert store.run_tables.get_best_children(NOBODY, [parent], "metrics.loss").run_ids == []

    def test_best_child_is_told_by_a_metric_of_few_parents(self, store: TrackingStore) -> None:
        with pytest.raises(InvalidParameterValue, match=r"params\.lr"):
            store.run_tables.get_best_children(EVERYONE, [], "params.lr")
        with pytest.raises(InvalidParameterValue, match="500"):
            store.run_tables.get_best_children(EVERYONE, [str(number) for number in range(501)], "metrics.loss")
