"""What every store tells about a whole sweep: columns of many runs, what params tell about metrics, groups."""

from __future__ import annotations

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.columns import Figures, RunGroup
from mlflow.contract.store import TrackingStore
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.exceptions import InvalidParameterValue
from mlflow.testing.fixtures import Suite

__all__ = ["MatrixSuite"]


class MatrixSuite(Suite):
    """Matrices, importance and groups."""

    def sweep(self, store: TrackingStore, experiment_id: str) -> list[str]:
        """Four runs, the loss of which falls with the rate and is lower with adam."""
        rows = [("0.1", "sgd", 0.9), ("0.2", "sgd", 0.8), ("0.3", "adam", 0.2), ("0.4", "adam", 0.1)]
        return [
            self.make_run(
                store, experiment_id, params={"rate": rate, "kind": kind, "same": "x"}, metrics={"loss": loss}
            )
            for rate, kind, loss in rows
        ]

    def test_matrix_has_a_list_a_column(self, store: TrackingStore, experiment_id: str) -> None:
        made = self.sweep(store, experiment_id)
        bare = self.make_run(store, experiment_id)
        columns = ["metrics.loss", "max(metrics.loss)", "params.rate", "params.kind", "params.absent"]
        matrix = store.columns.get_matrix(EVERYONE, [experiment_id], columns)
        rows = dict(zip(matrix.run_ids, zip(*matrix.values, strict=True), strict=True))
        assert matrix.total == 5
        assert rows[made[0]] == (0.9, 0.9, 0.1, "sgd", None)
        assert rows[bare] == (None,) * 5

    def test_matrix_follows_the_filter_and_the_limit(self, store: TrackingStore, experiment_id: str) -> None:
        made = self.sweep(store, experiment_id)
        matrix = store.columns.get_matrix(EVERYONE, [experiment_id], ["params.rate"], "params.kind = 'adam'")
        assert set(matrix.run_ids) == set(made[2:])
        few = store.columns.get_matrix(EVERYONE, [experiment_id], [], max_runs=3)
        assert (few.total, len(few.run_ids)) == (4, 3)

    def test_a_column_with_one_word_in_it_is_text(self, store: TrackingStore, experiment_id: str) -> None:
        for value in ("1", "auto"):
            self.make_run(store, experiment_id, params={"mixed": value})
        matrix = store.columns.get_matrix(EVERYONE, [experiment_id], ["params.mixed"])
        assert set(matrix.values[0]) == {"1", "auto"}

    def test_importance_tells_numbers_from_words(self, store: TrackingStore, experiment_id: str) -> None:
        self.sweep(store, experiment_id)
        columns = ["params.rate", "params.kind", "params.same", "params.absent"]
        rate, kind = store.columns.get_importance(EVERYONE, [experiment_id], "metrics.loss", columns)
        assert (rate.column, rate.kind, rate.score, rate.sign, rate.runs) == ("params.rate", "number", 1.0, -1, 4)
        assert (kind.column, kind.kind, kind.sign) == ("params.kind", "word", 0)
        assert kind.score == pytest.approx(0.98)

    def test_groups_tell_mean_and_spread(self, store: TrackingStore, experiment_id: str) -> None:
        self.sweep(store, experiment_id)
        self.make_run(store, experiment_id)
        groups = store.columns.get_groups(EVERYONE, [experiment_id], ["params.kind"], ["metrics.loss"])
        assert [(one.values, one.runs) for one in groups] == [(["adam"], 2), (["sgd"], 2), ([None], 1)]
        adam = groups[0].figures[0]
        assert (adam.n, adam.min, adam.max) == (2, 0.1, 0.2)
        assert adam.mean == pytest.approx(0.15)
        assert adam.std == pytest.approx(0.07071068)
        assert groups[2] == RunGroup([None], 1, [Figures(0, None, None, None, None)])

    def test_runs_are_grouped_by_the_datasets_they_used(self, store: TrackingStore, experiment_id: str) -> None:
        for names in (["train"], ["train", "val"], ["val", "train"], []):
            run_id = self.make_run(store, experiment_id, metrics={"loss": 1.0})
            used = [DatasetInput(Dataset(name, "d1", "local", "{}"), []) for name in names]
            store.inputs.log_inputs(EVERYONE, run_id, used)
        groups = store.columns.get_groups(EVERYONE, [experiment_id], ["dataset"], ["metrics.loss"])
        assert [(group.values, group.runs) for group in groups] == [(["train\nval"], 2), ([None], 1), (["train"], 1)]

    @pytest.mark.parametrize("column", ["loss", "metrics.", "min(params.x)", "min(metrics.x", ""])
    def test_a_column_that_is_none_is_refused(self, store: TrackingStore, experiment_id: str, column: str) -> None:
        with pytest.raises(InvalidParameterValue):
            store.columns.get_matrix(EVERYONE, [experiment_id], [column])

    def test_a_target_must_be_a_metric(self, store: TrackingStore, experiment_id: str) -> None:
        with pytest.raises(InvalidParameterValue):
            store.columns.get_importance(EVERYONE, [experiment_id], "params.rate", [])
        with pytest.raises(InvalidParameterValue):
            store.columns.get_groups(EVERYONE, [experiment_id], [], [])

    def test_who_may_nothing_sees_no_run(self, store: TrackingStore, experiment_id: str) -> None:
        self.sweep(store, experiment_id)
        assert store.columns.get_matrix(NOBODY, [experiment_id], ["metrics.loss"]).run_ids == []
        assert store.columns.get_importance(NOBODY, [experiment_id], "metrics.loss", ["params.rate"]) == []
        assert store.columns.get_groups(NOBODY, [experiment_id], ["params.kind"], []) == []
