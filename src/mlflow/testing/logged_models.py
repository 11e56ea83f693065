"""What every store does with logged models."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.logged_models import ModelOrder, OnDataset
from mlflow.contract.store import TrackingStore
from mlflow.entities import LoggedModel, LoggedModelParameter, LoggedModelStatus, LoggedModelTag, Metric
from mlflow.exceptions import (
    BadRequest,
    InvalidParameterValue,
    PermissionDenied,
    ResourceDoesNotExist,
)
from mlflow.testing.fixtures import Suite, reader_of

__all__ = ["LoggedModelsSuite"]


class LoggedModelsSuite(Suite):
    """Logged models and what is searched about them."""

    @pytest.fixture
    def model(self, store: TrackingStore, experiment_id: str) -> LoggedModel:
        """A new model with a param and a tag."""
        return store.logged_models.create_logged_model(
            EVERYONE,
            experiment_id,
            "first",
            "Agent",
            "a-run",
            [LoggedModelParameter("lr", "0.1")],
            [LoggedModelTag("team", "vision")],
        )

    def make(self, store: TrackingStore, experiment_id: str, name: str, **params: str) -> str:
        """A new model's id."""
        given = [LoggedModelParameter(key, value) for key, value in params.items()]
        return store.logged_models.create_logged_model(EVERYONE, experiment_id, name, params=given).model_id

    def found(self, store: TrackingStore, experiment_id: str, filter: str = "", **query: Any) -> list[str]:
        """The names of the models that a search finds."""
        page = store.logged_models.search_logged_models(EVERYONE, [experiment_id], filter, **query)
        return [model.name for model in page]

    def test_new_model_is_pending_and_has_a_place_for_files(
        self, store: TrackingStore, experiment_id: str, model: LoggedModel
    ) -> None:
        assert re.fullmatch("m-[0-9a-f]{32}", model.model_id)
        assert model.status is LoggedModelStatus.PENDING
        assert model.artifact_location.endswith(f"/models/{model.model_id}/artifacts")
        got = store.logged_models.get_logged_model(EVERYONE, model.model_id)
        assert got == model
        facts = (got.experiment_id, got.name, got.model_type, got.source_run_id, got.params, got.tags)
        assert facts == (experiment_id, "first", "Agent", "a-run", {"lr": "0.1"}, {"team": "vision"})
        assert not got.metrics

    def test_model_without_a_name_gets_one(self, store: TrackingStore, experiment_id: str) -> None:
        made = store.logged_models.create_logged_model(EVERYONE, experiment_id)
        assert made.name
        assert (made.model_type, made.source_run_id, made.params, made.tags) == (None, None, {}, {})

    @pytest.mark.parametrize("name", ["a/b", "a:b", "a.b", "a%b", 'a"b', "a'b"])
    def test_name_with_a_reserved_character_is_refused(
        self, store: TrackingStore, experiment_id: str, name: str
    ) -> None:
        with pytest.raises(InvalidParameterValue, match="Invalid model name"):
            store.logged_models.create_logged_model(EVERYONE, experiment_id, name)

    def test_experiment_must_exist_and_be_active(self, store: TrackingStore, experiment_id: str) -> None:
        with pytest.raises(ResourceDoesNotExist):
            store.logged_models.create_logged_model(EVERYONE, "987654321")
        store.experiments.delete_experiment(EVERYONE, experiment_id)
        with pytest.raises(InvalidParameterValue, match="active"):
            store.logged_models.create_logged_model(EVERYONE, experiment_id)

    @pytest.mark.parametrize(
        ("name", "status"),
        [
            ("LOGGED_MODEL_READY", "READY"),
            ("LOGGED_MODEL_UPLOAD_FAILED", "FAILED"),
            ("LOGGED_MODEL_PENDING", "PENDING"),
        ],
    )
    def test_model_is_finalized(self, store: TrackingStore, model: LoggedModel, name: Any, status: str) -> None:
        done = store.logged_models.finalize_logged_model(EVERYONE, model.model_id, name)
        assert done.status == status
        assert done.last_updated_timestamp >= model.last_updated_timestamp
        assert store.logged_models.get_logged_model(EVERYONE, model.model_id) == done

    def test_tags_are_set_overwritten_and_removed(self, store: TrackingStore, model: LoggedModel) -> None:
        models = store.logged_models
        models.set_logged_model_tags(
            EVERYONE, model.model_id, [LoggedModelTag("team", "nlp"), LoggedModelTag("a/b", "")]
        )
        assert models.get_logged_model(EVERYONE, model.model_id).tags == {"team": "nlp", "a/b": ""}
        models.delete_logged_model_tag(EVERYONE, model.model_id, "a/b")
        assert models.get_logged_model(EVERYONE, model.model_id).tags == {"team": "nlp"}
        with pytest.raises(ResourceDoesNotExist, match="a/b"):
            models.delete_logged_model_tag(EVERYONE, model.model_id, "a/b")

    def test_params_are_added_but_never_changed(self, store: TrackingStore, model: LoggedModel) -> None:
        models = store.logged_models
        models.log_logged_model_params(EVERYONE, model.model_id, [LoggedModelParameter("depth", "3")])
        for value in ("0.1", "0.2"):
            given = [LoggedModelParameter("new", "1"), LoggedModelParameter("lr", value)]
            with pytest.raises(BadRequest, match="lr"):
                models.log_logged_model_params(EVERYONE, model.model_id, given)
        assert models.get_logged_model(EVERYONE, model.model_id).params == {"depth": "3", "lr": "0.1"}

    def test_one_key_twice_in_a_request_is_refused(self, store: TrackingStore, experiment_id: str) -> None:
        twice = [LoggedModelParameter("a", "1"), LoggedModelParameter("a", "1")]
        with pytest.raises(BadRequest, match="'a'"):
            store.logged_models.create_logged_model(EVERYONE, experiment_id, params=twice)

    def test_deleted_model_is_hidden_but_can_be_labelled(
        self, store: TrackingStore, experiment_id: str, model: LoggedModel
    ) -> None:
        models = store.logged_models
        for _ in range(2):
            models.delete_logged_model(EVERYONE, model.model_id)
        with pytest.raises(ResourceDoesNotExist, match=model.model_id):
            models.get_logged_model(EVERYONE, model.model_id)
        assert self.found(store, experiment_id) == []
        models.set_logged_model_tags(EVERYONE, model.model_id, [LoggedModelTag("k", "v")])
        assert models.get_logged_model(EVERYONE, model.model_id, True).tags == {"k": "v", "team": "vision"}

    def test_unknown_model_is_named(self, store: TrackingStore) -> None:
        unknown = "m-" + "0" * 32
        for call in (
            lambda: store.logged_models.get_logged_model(EVERYONE, unknown),
            lambda: store.logged_models.finalize_logged_model(EVERYONE, unknown, "LOGGED_MODEL_READY"),
            lambda: store.logged_models.delete_logged_model(EVERYONE, unknown),
            lambda: store.logged_models.set_logged_model_tags(EVERYONE, unknown, []),
            lambda: store.logged_models.log_logged_model_params(EVERYONE, unknown, []),
        ):
            with pytest.raises(ResourceDoesNotExist, match=unknown):
                call()

    def test_points_of_any_run_show_with_run_and_dataset(
        self, store: TrackingStore, experiment_id: str, run_id: str, model: LoggedModel
    ) -> None:
        other = self.make_run(store, experiment_id)
        store.runs.log_batch(EVERYONE, run_id, [Metric("acc", 0.5, 1, 0, model.model_id, "train", "x")])
        store.runs.log_batch(EVERYONE, other, [Metric("acc", math.nan, 2, 1, model.model_id), Metric("acc", 9.0, 3, 1)])
        points = store.logged_models.get_logged_model(EVERYONE, model.model_id).metrics or []
        shown = {(p.key, p.step, p.timestamp, p.run_id, p.dataset_name, p.dataset_digest) for p in points}
        assert shown == {("acc", 0, 1, run_id, "train", "x"), ("acc", 1, 2, other, None, None)}
        assert sorted(str(p.value) for p in points) == ["0.5", "nan"]
        with pytest.raises(BadRequest, match="m-nobody"):
            store.runs.log_batch(EVERYONE, run_id, [Metric("acc", 0.5, 1, 0, "m-nobody")])

    @pytest.fixture
    def four(self, store: TrackingStore, experiment_id: str, run_id: str) -> str:
        """An experiment with models a to d: a's metric m was 1 and is 9, b's is 3 and 7 on two datasets, c's NaN."""
        ids = {name: self.make(store, experiment_id, name, **({"p": name} if name < "c" else {})) for name in "abcd"}
        points = [
            Metric("m", 1.0, 10, 5, ids["a"]),
            Metric("m", 9.0, 20, 1, ids["a"]),
            Metric("m", 3.0, 10, 0, ids["b"], "d1", "x"),
            Metric("m", 7.0, 11, 0, ids["b"], "d2", "y"),
            Metric("m", math.nan, 10, 0, ids["c"]),
        ]
        store.runs.log_batch(EVERYONE, run_id, points)
        return experiment_id

    @pytest.mark.parametrize(
        ("filter", "names"),
        [
            ("metrics.m > 0", "ab"),
            ("metrics.m = 1", "a"),
            ("metrics.m = 9", "a"),
            ("metrics.m >= 3 AND metrics.m < 8", "ab"),
            ("metrics.m <= 1", "a"),
            ("metrics.m != 9", "abc"),
            ("metrics.m IN (3, 4)", "b"),
            ("metrics.m IS NULL", "d"),
            ("metrics.other > 0", ""),
            ("params.p = 'a'", "a"),
            ("params.p != 'a'", "b"),
            ("params.p IS NULL", "cd"),
            ("params.p IN ('a', 'b') AND metrics.m > 8", "a"),
            ("name LIKE '%'", "abcd"),
            ("name IN ('a', 'd')", "ad"),
            ("NOT name = 'a'", "bcd"),
            ("name = 'a' OR name = 'b'", "ab"),
            ("model_type = ''", "abcd"),
            ("source_run_id IS NULL", "abcd"),
            ("creation_timestamp > 0", "abcd"),
            ("creation_time < 0", ""),
            ("status = 'PENDING'", "abcd"),
            ("status = 'READY'", ""),
            ("lifecycle_stage = 'active'", "abcd"),
            ("tags.t = 'x'", ""),
        ],
    )
    def test_filter_finds(self, store: TrackingStore, four: str, filter: str, names: str) -> None:
        assert sorted(self.found(store, four, filter)) == list(names)

    @pytest.mark.parametrize(
        "filter", ["foo = 'a'", "metric.m > 1", "metrics.m > 'a'", "creation_time > 'a'", "name >"]
    )
    def test_filter_that_cannot_be_read_is_refused(self, store: TrackingStore, four: str, filter: str) -> None:
        with pytest.raises(InvalidParameterValue):
            self.found(store, four, filter)

    @pytest.mark.parametrize(
        ("datasets", "filter", "names"),
        [
            ([OnDataset("d1", "x")], "", "b"),
            ([OnDataset("d1")], "", "b"),
            ([OnDataset("d1", "x")], "metrics.m > 5", ""),
            ([OnDataset("d1", "x"), OnDataset("d2", "y")], "metrics.m > 5", "b"),
            ([OnDataset("nobody")], "", ""),
            ([OnDataset("d2", "y")], "name LIKE '%'", "b"),
        ],
    )
    def test_datasets_restrict_metrics(
        self, store: TrackingStore, four: str, datasets: list[OnDataset], filter: str, names: str
    ) -> None:
        assert self.found(store, four, filter, datasets=datasets) == list(names)

    def test_dataset_without_a_name_is_refused(self, store: TrackingStore, four: str) -> None:
        with pytest.raises(InvalidParameterValue, match="dataset_name"):
            self.found(store, four, datasets=[OnDataset("", "x")])

    @pytest.mark.parametrize(
        ("order", "names"),
        [
            ([ModelOrder("name")], "abcd"),
            ([ModelOrder("name", False)], "dcba"),
            ([ModelOrder("metrics.m")], "bacd"),
            ([ModelOrder("metrics.m", False)], "abcd"),
            ([ModelOrder("metrics.m", True, "d1"), ModelOrder("name")], "bacd"),
            ([ModelOrder("metrics.m", True, "d1", "x"), ModelOrder("name", False)], "bdca"),
            ([ModelOrder("metrics.nobody"), ModelOrder("name")], "abcd"),
            ([ModelOrder("name"), ModelOrder("name", False)], "abcd"),
        ],
    )
    def test_order_is_by_attributes_and_latest_values(
        self, store: TrackingStore, four: str, order: list[ModelOrder], names: str
    ) -> None:
        assert "".join(self.found(store, four, order_by=order)) == names
        page = store.logged_models.search_logged_models(EVERYONE, [four], "", [], 3, order)
        rest = store.logged_models.search_logged_models(EVERYONE, [four], "", [], 3, order, page.token or "")
        assert "".join(model.name for model in [*page, *rest]) == names
        assert rest.token is None

    @pytest.mark.parametrize("field", ["params.p", "bogus", "", "metrics.", "attributes.name"])
    def test_order_by_anything_else_is_refused(self, store: TrackingStore, four: str, field: str) -> None:
        with pytest.raises(InvalidParameterValue):
            self.found(store, four, order_by=[ModelOrder(field)])

    def test_newest_models_come_first(self, store: TrackingStore, four: str) -> None:
        times = [model.creation_timestamp for model in store.logged_models.search_logged_models(EVERYONE, [four])]
        assert times == sorted(times, reverse=True)

    def test_page_token_of_another_query_is_refused(self, store: TrackingStore, four: str) -> None:
        page = store.logged_models.search_logged_models(EVERYONE, [four], "", [], 2)
        with pytest.raises(InvalidParameterValue, match="token"):
            self.found(store, four, "name = 'a'", page_token=page.token or "")

    def test_who_may_only_read_changes_nothing(
        self, store: TrackingStore, experiment_id: str, model: LoggedModel
    ) -> None:
        reader = reader_of(experiment_id)
        assert store.logged_models.get_logged_model(reader, model.model_id) == model
        assert len(store.logged_models.search_logged_models(reader, [experiment_id])) == 1
        for call in (
            lambda: store.logged_models.create_logged_model(reader, experiment_id),
            lambda: store.logged_models.finalize_logged_model(reader, model.model_id, "LOGGED_MODEL_READY"),
            lambda: store.logged_models.delete_logged_model(reader, model.model_id),
            lambda: store.logged_models.set_logged_model_tags(reader, model.model_id, [LoggedModelTag("a", "b")]),
            lambda: store.logged_models.log_logged_model_params(reader, model.model_id, []),
            lambda: store.logged_models.get_logged_model(NOBODY, model.model_id),
        ):
            with pytest.raises(PermissionDenied):
                call()
        assert store.logged_models.search_logged_models(NOBODY, [experiment_id]) == []
