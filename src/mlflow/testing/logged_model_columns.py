"""What every store shows of logged models as rows: chosen columns, any page, what there is to choose."""

from __future__ import annotations

import math
from typing import Any

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY, Caller, Permission
from mlflow.contract.logged_model_columns import (
    KnownModelColumn,
    LoggedModelTable,
    ModelColumn,
    RegisteredVersion,
)
from mlflow.contract.logged_models import ModelOrder, OnDataset
from mlflow.contract.store import TrackingStore
from mlflow.entities import LoggedModelOutput, LoggedModelParameter, LoggedModelTag, Metric
from mlflow.exceptions import InvalidParameterValue, PermissionDenied
from mlflow.testing.fixtures import Suite, reader_of, unique

__all__ = ["LoggedModelColumnsSuite"]


class LoggedModelColumnsSuite(Suite):
    """Tables of logged models."""

    def make(self, store: TrackingStore, experiment_id: str, name: str, run_id: str = "", **params: str) -> str:
        """A new model's id."""
        given = [LoggedModelParameter(key, value) for key, value in params.items()]
        made = store.logged_models.create_logged_model(EVERYONE, experiment_id, name, "", run_id, given)
        return made.model_id

    def measure(
        self, store: TrackingStore, run_id: str, model_id: str, value: float, time: int = 1, dataset: str = ""
    ) -> None:
        """Log an accuracy of a model, on a dataset `name#digest` or on none."""
        name, _, digest = dataset.partition("#")
        point = Metric("acc", value, time, 0, model_id, name or None, digest or None)
        store.runs.log_batch(EVERYONE, run_id, [point])

    def query(self, store: TrackingStore, experiment_id: str, *columns: ModelColumn, **query: Any) -> LoggedModelTable:
        """The models of an experiment."""
        return store.logged_model_columns.query_logged_models(EVERYONE, [experiment_id], list(columns), **query)

    def test_row_has_the_facts_of_its_model(self, store: TrackingStore, experiment_id: str) -> None:
        run = store.runs.create_run(EVERYONE, experiment_id, run_name="fit").info
        made = store.logged_models.create_logged_model(EVERYONE, experiment_id, "net", "Agent", run.run_id)
        store.inputs.log_outputs(EVERYONE, run.run_id, [LoggedModelOutput(made.model_id, 7)])
        store.logged_models.finalize_logged_model(EVERYONE, made.model_id, "LOGGED_MODEL_READY")
        other = self.make(store, experiment_id, "loner")
        table = self.query(store, experiment_id, order_by=[ModelOrder("name", False)])
        assert (table.total, table.model_ids, table.names) == (2, [made.model_id, other], ["net", "loner"])
        assert table.experiment_ids == [experiment_id] * 2
        assert table.statuses == ["LOGGED_MODEL_READY", "LOGGED_MODEL_PENDING"]
        assert (table.model_types, table.status_messages) == (["Agent", ""], ["", ""])
        assert (table.source_run_ids, table.source_run_names) == ([run.run_id, ""], ["fit", ""])
        assert table.steps == [7, None]
        assert table.creation_times[0] == made.creation_timestamp
        assert (table.versions, table.columns, table.values, table.result_id) == ([[], []], [], [], "")

    def test_metric_is_told_by_dataset(self, store: TrackingStore, experiment_id: str, run_id: str) -> None:
        model = self.make(store, experiment_id, "net")
        self.make(store, experiment_id, "other")
        for value, time, dataset in ((0.1, 1, ""), (0.2, 9, "iris#a"), (0.3, 3, "iris#b"), (math.nan, 4, "wine#c")):
            self.measure(store, run_id, model, value, time, dataset)
        self.measure(store, run_id, model, 0.9, 2, "iris#a")  # older than what is there
        places: list[tuple[str | None, str | None]] = [
            (None, None),
            ("", None),
            ("iris", "a"),
            ("iris", "b"),
            ("iris", None),
            ("wine", "c"),
            ("no", None),
        ]
        columns = [ModelColumn("metrics.acc", *place) for place in places]
        table = self.query(store, experiment_id, *columns, filter="name = 'net'")
        assert table.columns == columns
        assert [values[0] for values in table.values] == [0.2, 0.1, 0.2, 0.3, 0.2, "NaN", None]

    def test_params_and_tags_are_columns(self, store: TrackingStore, experiment_id: str) -> None:
        model = self.make(store, experiment_id, "net", **{"lr": "0.10", "a.b c": "odd"})
        store.logged_models.set_logged_model_tags(EVERYONE, model, [LoggedModelTag("lr", "tagged")])
        names = ("params.lr", "params.a.b c", "tags.lr", "params.none", "tags.none", "metrics.none")
        table = self.query(store, experiment_id, *map(ModelColumn, names))
        assert [values[0] for values in table.values] == ["0.10", "odd", "tagged", None, None, None]

    def test_models_stand_by_a_metric_of_a_dataset(self, store: TrackingStore, experiment_id: str, run_id: str) -> None:
        for name, plain, on_iris in (("a", 0.1, 0.7), ("b", 0.2, None), ("c", 0.3, 0.9), ("d", None, math.nan)):
            model = self.make(store, experiment_id, name)
            if plain is not None:
                self.measure(store, run_id, model, plain)
            if on_iris is not None:
                self.measure(store, run_id, model, on_iris, 2, "iris#a")

        def names(*order: ModelOrder) -> str:
            return "".join(self.query(store, experiment_id, order_by=list(order)).names)

        by_name = ModelOrder("name")
        assert names(ModelOrder("metrics.acc", False, "iris", "a"), by_name) == "cadb"
        assert names(ModelOrder("metrics.acc", True, "iris"), by_name) == "acdb"
        assert names(ModelOrder("metrics.acc", False, ""), by_name) == "cbad"
        assert names(ModelOrder("metrics.acc", False), by_name) == "cabd"
        assert names(ModelOrder("metrics.acc", False, "no", "x"), by_name) == "abcd"

    def test_models_stand_by_the_step_of_their_run(self, store: TrackingStore, experiment_id: str, run_id: str) -> None:
        for name, step in (("late", 20), ("early", 3), ("none", None)):
            model = self.make(store, experiment_id, name, run_id)
            if step is not None:
                store.inputs.log_outputs(EVERYONE, run_id, [LoggedModelOutput(model, step)])
        for ascending, names in ((True, ["early", "late", "none"]), (False, ["late", "early", "none"])):
            table = self.query(store, experiment_id, order_by=[ModelOrder("step", ascending)])
            assert table.names == names

    def test_rows_follow_filter_and_dataset_and_leave_the_trash_out(
        self, store: TrackingStore, experiment_id: str, run_id: str
    ) -> None:
        models = {name: self.make(store, experiment_id, name, kind=name[0]) for name in ("a1", "a2", "b1", "a3")}
        for name, dataset in (("a1", "iris#a"), ("a2", "iris#b"), ("b1", "iris#a")):
            self.measure(store, run_id, models[name], 0.5, 1, dataset)
        store.logged_models.delete_logged_model(EVERYONE, models["a3"])
        order = [ModelOrder("name")]
        assert self.query(store, experiment_id, filter="params.kind = 'a'", order_by=order).names == ["a1", "a2"]
        on_iris = [OnDataset("iris", "a")]
        assert self.query(store, experiment_id, datasets=on_iris, order_by=order).names == ["a1", "b1"]
        both = self.query(store, experiment_id, filter="params.kind = 'a'", datasets=on_iris)
        assert (both.total, both.names) == (1, ["a1"])

    def test_any_page_is_found_by_its_position(self, store: TrackingStore, experiment_id: str) -> None:
        for number in range(5):
            self.make(store, experiment_id, f"m{number}")
        order = [ModelOrder("name")]
        page = self.query(store, experiment_id, order_by=order, offset=2, limit=2)
        assert (page.total, page.names) == (5, ["m2", "m3"])
        far = self.query(store, experiment_id, order_by=order, offset=1000)
        assert (far.total, far.names, bool(far.result_id)) == (5, [], True)
        self.make(store, experiment_id, "m9")
        again = self.query(store, experiment_id, order_by=order, offset=1000, result_id=far.result_id)
        assert (again.total, again.result_id) == (5, far.result_id)
        assert self.query(store, experiment_id, offset=1000, result_id=far.result_id).total == 6

    def test_versions_are_those_of_the_registry(self, store: TrackingStore, experiment_id: str) -> None:
        model, name = self.make(store, experiment_id, "net"), unique("registered")
        store.registered_models.create_registered_model(EVERYONE, name)
        for _ in range(2):
            store.model_versions.create_model_version(EVERYONE, name, f"models:/{model}", model_id=model)
        assert self.query(store, experiment_id).versions == [[RegisteredVersion(name, str(n)) for n in (1, 2)]]
        store.model_versions.delete_model_version(EVERYONE, name, "1")
        assert self.query(store, experiment_id).versions == [[RegisteredVersion(name, "2")]]
        table = store.logged_model_columns.query_logged_models(reader_of(experiment_id), [experiment_id])
        assert table.versions == [[]]

    def test_versions_in_another_registry_are_those_that_the_model_notes(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        model = self.make(store, experiment_id, "net")

        def noted(text: str, caller: Caller = EVERYONE) -> list[list[RegisteredVersion]]:
            tag = LoggedModelTag("mlflow.modelVersions", text)
            store.logged_models.set_logged_model_tags(EVERYONE, model, [tag])
            return store.logged_model_columns.query_logged_models(caller, [experiment_id]).versions

        assert noted('[{"name": "far", "version": 3}]') == [[RegisteredVersion("far", "3")]]
        assert noted('[{"name": "far", "version": 3}]', reader_of(experiment_id)) == [[]]
        assert noted("no JSON") == [[]]
        assert noted('[{"version": {}}]') == [[]]

    def test_run_that_is_not_the_callers_to_read_keeps_its_name(self, store: TrackingStore, experiment_id: str) -> None:
        elsewhere = store.experiments.create_experiment(EVERYONE, unique())
        run = store.runs.create_run(EVERYONE, elsewhere, run_name="secret").info.run_id
        self.make(store, experiment_id, "net", run)
        table = store.logged_model_columns.query_logged_models(reader_of(experiment_id), [experiment_id])
        assert (table.source_run_ids, table.source_run_names) == ([run], [""])

    def test_who_may_nothing_sees_no_row(self, store: TrackingStore, experiment_id: str) -> None:
        self.make(store, experiment_id, "net")
        columns = store.logged_model_columns
        assert columns.query_logged_models(NOBODY, [experiment_id]).model_ids == []
        other = Caller("reader", grants={("experiment", "987654321"): Permission.READ})
        assert columns.query_logged_models(other, [experiment_id]).total == 0
        assert columns.query_logged_models(reader_of(experiment_id), [experiment_id]).total == 1
        with pytest.raises(PermissionDenied):
            columns.get_logged_model_columns(NOBODY, experiment_id)

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ({"limit": 0}, "'0'"),
            ({"limit": 501}, "501"),
            ({"offset": -1}, "-1"),
            ({"columns": [ModelColumn("loss")]}, "loss"),
            ({"columns": [ModelColumn("min(metrics.loss)")]}, "params.<key>"),
            ({"columns": [ModelColumn("duration")]}, "params.<key>"),
            ({"columns": [ModelColumn("metrics.loss")] * 501}, "501"),
            ({"filter": "metrics.loss >"}, "metrics.loss"),
            ({"order_by": [ModelOrder("nonsense")]}, "nonsense"),
            ({"datasets": [OnDataset("")]}, "dataset_name"),
        ],
        ids=str,
    )
    def test_question_that_makes_no_sense_is_refused(
        self, store: TrackingStore, experiment_id: str, asked: dict[str, Any], told: str
    ) -> None:
        with pytest.raises(InvalidParameterValue, match=told):
            store.logged_model_columns.query_logged_models(EVERYONE, [experiment_id], **asked)

    def test_columns_that_models_have_are_told(self, store: TrackingStore, experiment_id: str, run_id: str) -> None:
        first = self.make(store, experiment_id, "a", lr="0.1", seed="1")
        second = self.make(store, experiment_id, "b", lr="0.2", seed="1")
        gone = self.make(store, experiment_id, "c", gone="1")
        store.logged_models.delete_logged_model(EVERYONE, gone)
        store.logged_models.set_logged_model_tags(EVERYONE, first, [LoggedModelTag("team", "blue")])
        for model, dataset in ((first, "wine#b"), (first, "iris#a"), (second, "wine#b"), (first, "")):
            self.measure(store, run_id, model, 0.5, 1, dataset)
        reader = reader_of(experiment_id)
        assert store.logged_model_columns.get_logged_model_columns(reader, experiment_id) == [
            KnownModelColumn("metric", "acc", 1),
            KnownModelColumn("metric", "acc", 1, "iris", "a"),
            KnownModelColumn("metric", "acc", 2, "wine", "b"),
            KnownModelColumn("param", "lr", 2, distinct=2),
            KnownModelColumn("param", "seed", 2, distinct=1),
            KnownModelColumn("tag", "team", 1, distinct=1),
        ]

    def test_experiment_without_models_has_no_columns(self, store: TrackingStore, experiment_id: str) -> None:
        assert store.logged_model_columns.get_logged_model_columns(EVERYONE, experiment_id) == []
