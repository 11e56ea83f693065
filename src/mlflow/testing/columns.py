"""What every store tells about the keys and values of an experiment's runs."""

from __future__ import annotations

import msgspec
import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.columns import Column, ValueCount
from mlflow.contract.store import TrackingStore
from mlflow.entities.metric import Metric
from mlflow.exceptions import PermissionDenied, ResourceDoesNotExist
from mlflow.testing.fixtures import Suite

__all__ = ["ColumnsSuite"]


def figures(columns: list[Column]) -> dict[str, Column]:
    """Columns by key, wherever a screen would put them."""
    return {column.key: msgspec.structs.replace(column, place=None) for column in columns}


class ColumnsSuite(Suite):
    """Discovery of keys and values."""

    def test_columns_tell_what_active_runs_have(self, store: TrackingStore, experiment_id: str) -> None:
        for number, kind in enumerate(("a", "b", "b")):
            metrics = {"loss": number / 2} if number else {}
            self.make_run(store, experiment_id, params={"lr": f"1e-{number}", "kind": kind}, metrics=metrics)
        deleted = self.make_run(store, experiment_id, params={"gone": "1", "lr": "100"})
        store.runs.delete_run(EVERYONE, deleted)
        columns = figures(store.columns.get_columns(EVERYONE, experiment_id))
        assert columns["loss"] == Column("metric", "loss", 2, None, True, 0.5, 1.0, 1)
        assert columns["lr"] == Column("param", "lr", 3, 3, True, 0.01, 1.0)
        assert columns["kind"] == Column("param", "kind", 3, 2, False, None, None)
        assert "gone" not in columns

    def test_columns_to_show_first_have_a_place(self, store: TrackingStore, experiment_id: str) -> None:
        """Metrics that most runs have, the telling ones before; params that vary; params that are equal in all runs."""
        for number in range(3):
            metrics = {"acc": 1.0, "epoch": 1.0, "val_loss": 0.1, "system/cpu": 5.0, "a": 1.0, "b": 1.0}
            params = {f"varies_{key}": str(number) for key in range(7)} | {f"same_{key}": "x" for key in range(5)}
            params["alike"] = "x" * 64 + str(number)  # as far as they are compared
            some = {"rare": "1", "twice": str(number)} if number else {}
            self.make_run(store, experiment_id, params=params | some, metrics=metrics)
        columns = store.columns.get_columns(EVERYONE, experiment_id)
        placed = sorted((column.place, column.key) for column in columns if column.place is not None)
        varies, same = [f"varies_{key}" for key in range(6)], [f"same_{key}" for key in range(4)]
        assert [key for _, key in placed] == ["val_loss", "acc", "a", "b", *varies, *same]
        assert [place for place, _ in placed] == list(range(14))
        assert store.columns.find_columns(EVERYONE, [experiment_id]) == columns

    def test_what_only_deleted_runs_have_is_left_out_until_they_come_back(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        self.make_run(store, experiment_id, params={"kind": "a", "lr": "0.1"}, metrics={"loss": float("nan")})
        second = self.make_run(store, experiment_id, params={"kind": "b", "lr": "0.5"}, metrics={"loss": 1.0})
        other = self.make_run(
            store, experiment_id, params={"kind": "c", "lr": "word", "x": "1"}, metrics={"loss": 9.0, "y": 1.0}
        )
        before = store.columns.get_columns(EVERYONE, experiment_id)
        store.runs.delete_run(EVERYONE, other)
        columns = figures(store.columns.get_columns(EVERYONE, experiment_id))
        assert columns["kind"] == Column("param", "kind", 2, 2, False, None, None)
        assert columns["lr"] == Column("param", "lr", 2, 2, True, 0.1, 0.5)
        assert columns["loss"] == Column("metric", "loss", 2, None, True, 1.0, 1.0, 1)
        assert {"x", "y"}.isdisjoint(columns)
        store.runs.restore_run(EVERYONE, other)
        assert store.columns.get_columns(EVERYONE, experiment_id) == before
        for step in (1, 2):
            store.runs.log_batch(EVERYONE, second, [Metric("loss", 1.0, 1, step)])
        (loss,) = (one for one in store.columns.get_columns(EVERYONE, experiment_id) if one.key == "loss")
        assert loss.points == 3

    def test_different_values_are_counted_up_to_a_limit(self, store: TrackingStore, experiment_id: str) -> None:
        run = self.make_run(store, experiment_id, params={"seed": "-1", "long": "x" * 70})
        for number in range(201):
            params = {"seed": str(number), "some": str(number % 200), "long": "x" * 69 + str(number)}
            self.make_run(store, experiment_id, params=params)
        columns = figures(store.columns.get_columns(EVERYONE, experiment_id))
        assert columns["seed"] == Column("param", "seed", 202, 201, True, -1.0, 200.0)
        assert columns["some"] == Column("param", "some", 201, 200, True, 0.0, 199.0)
        assert columns["long"] == Column("param", "long", 202, 1, False, None, None)  # they begin alike
        other = store.experiments.create_experiment(EVERYONE, f"words of {experiment_id}")
        self.make_run(store, other, params={"seed": "none"})
        both = figures(store.columns.find_columns(EVERYONE, [experiment_id, other]))
        assert both["seed"] == Column("param", "seed", 203, 201, False, -1.0, 200.0)
        store.runs.delete_run(EVERYONE, run)
        (seed,) = (one for one in store.columns.get_columns(EVERYONE, experiment_id) if one.key == "seed")
        assert (seed.runs, seed.distinct, seed.min) == (201, 201, 0.0)

    def test_columns_are_sorted_by_kind_and_key(self, store: TrackingStore, experiment_id: str) -> None:
        self.make_run(store, experiment_id, params={"b": "1", "a": "1"}, tags={"c": "1"}, metrics={"z": 1.0})
        keys = [(column.kind, column.key) for column in store.columns.get_columns(EVERYONE, experiment_id)]
        assert keys == sorted(keys)
        assert {("metric", "z"), ("param", "a"), ("param", "b"), ("tag", "c")} <= set(keys)

    def test_values_come_most_frequent_first(self, store: TrackingStore, experiment_id: str) -> None:
        for value in ("one", "two", "two", "Two", "%"):
            self.make_run(store, experiment_id, params={"p": value})
        values = store.columns.get_values(EVERYONE, experiment_id, "param", "p")
        assert values[0] == ValueCount("two", 2)
        assert {value.value for value in values} == {"one", "two", "Two", "%"}
        assert store.columns.get_values(EVERYONE, experiment_id, "param", "p", limit=1) == values[:1]

    @pytest.mark.parametrize(("prefix", "expected"), [("t", {"two"}), ("T", {"Two"}), ("%", {"%"}), ("x", set())])
    def test_prefix_is_taken_literally(
        self, store: TrackingStore, experiment_id: str, prefix: str, expected: set[str]
    ) -> None:
        for value in ("two", "Two", "%"):
            self.make_run(store, experiment_id, tags={"t": value})
        values = store.columns.get_values(EVERYONE, experiment_id, "tag", "t", prefix)
        assert {value.value for value in values} == expected

    def test_unknown_key_has_no_values(self, store: TrackingStore, experiment_id: str) -> None:
        assert store.columns.get_values(EVERYONE, experiment_id, "param", "never logged anywhere") == []

    def test_unknown_experiment_is_not_found(self, store: TrackingStore) -> None:
        with pytest.raises(ResourceDoesNotExist):
            store.columns.get_columns(EVERYONE, "999999999")

    def test_who_may_nothing_learns_nothing(self, store: TrackingStore, experiment_id: str) -> None:
        with pytest.raises(PermissionDenied):
            store.columns.get_columns(NOBODY, experiment_id)
        with pytest.raises(PermissionDenied):
            store.columns.get_values(NOBODY, experiment_id, "tag", "t")

    def test_columns_and_values_of_several_experiments_are_told_together(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        other = store.experiments.create_experiment(EVERYONE, f"beside {experiment_id}")
        self.make_run(store, experiment_id, params={"kind": "a", "lr": "1"}, metrics={"loss": 1.0})
        self.make_run(store, other, params={"kind": "b", "lr": "1"}, metrics={"loss": 3.0})
        self.make_run(store, other, params={"kind": "b"})
        both = [experiment_id, other, "999999999"]
        columns = figures(store.columns.find_columns(EVERYONE, both))
        assert columns["loss"] == Column("metric", "loss", 2, None, True, 1.0, 3.0, 1)
        assert columns["kind"] == Column("param", "kind", 3, 2, False, None, None)
        assert columns["lr"] == Column("param", "lr", 2, 1, True, 1.0, 1.0)
        values = store.columns.find_values(EVERYONE, both, "param", "kind")
        assert values == [ValueCount("b", 2), ValueCount("a", 1)]
        assert store.columns.find_values(EVERYONE, both, "param", "kind", prefix="a", limit=1) == values[1:]

    def test_experiments_that_may_not_be_read_are_left_out(self, store: TrackingStore, experiment_id: str) -> None:
        self.make_run(store, experiment_id, params={"kind": "a"})
        assert store.columns.find_columns(NOBODY, [experiment_id]) == []
        assert store.columns.find_values(NOBODY, [experiment_id], "param", "kind") == []
