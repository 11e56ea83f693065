"""What every registry lists of registered models, in one answer."""

from __future__ import annotations

import math
from typing import Any

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY, Caller, Permission
from mlflow.contract.registered_model_table import MetricTrend, RegisteredModelTable, StagedVersion
from mlflow.contract.store import TrackingStore
from mlflow.entities.model_registry import RegisteredModelAlias, RegisteredModelTag
from mlflow.exceptions import InvalidParameterValue
from mlflow.testing.fixtures import Suite, unique
from mlflow.testing.registered_models import make_version, model_reader

__all__ = ["RegisteredModelTablesSuite"]


class RegisteredModelTablesSuite(Suite):
    """Tables of registered models."""

    @pytest.fixture
    def prefix(self) -> str:
        """What the names of one test's models begin with."""
        return unique("listed")

    def make(self, store: TrackingStore, name: str, **tags: str) -> str:
        """A new registered model."""
        given = [RegisteredModelTag(key, value) for key, value in tags.items()]
        store.registered_models.create_registered_model(EVERYONE, name, given, f"about {name}")
        return name

    def register(self, store: TrackingStore, name: str, experiment_id: str, **metrics: float) -> None:
        """A new version, made of a new run with these metrics."""
        run_id = self.make_run(store, experiment_id, metrics=metrics)
        store.model_versions.create_model_version(EVERYONE, name, "s3://bucket/model", run_id)

    def query(self, store: TrackingStore, prefix: str, caller: Caller = EVERYONE, **asked: Any) -> RegisteredModelTable:
        """The models of one test."""
        return store.registered_models.query_registered_models(caller, f"name LIKE '{prefix}%'", **asked)

    def test_row_has_the_facts_of_its_model(self, store: TrackingStore, prefix: str) -> None:
        name, bare = self.make(store, f"{prefix}-a", team="vision"), self.make(store, f"{prefix}-b")
        for _ in range(3):
            make_version(store, name)
        store.model_aliases.set_registered_model_alias(EVERYONE, name, "champion", "2")
        for version, stage in (("1", "Production"), ("2", "Archived"), ("3", "Production")):
            store.model_versions.transition_model_version_stage(EVERYONE, name, version, stage)
        model = store.registered_models.get_registered_model(EVERYONE, name)
        table = self.query(store, prefix)
        assert (table.total, table.names) == (2, [name, bare])
        assert table.creation_times[0] == model.creation_timestamp
        assert table.last_updated_times[0] == model.last_updated_timestamp
        assert table.descriptions == [f"about {name}", f"about {bare}"]
        assert (table.latest, table.version_counts) == (["3", None], [3, 0])
        assert table.stages == [[StagedVersion("Archived", "2"), StagedVersion("Production", "3")], []]
        assert table.aliases == [[RegisteredModelAlias("champion", "2")], []]
        assert table.tags == [[RegisteredModelTag("team", "vision")], []]
        assert (table.metrics, table.metric, table.trends) == ([], "", [MetricTrend(), MetricTrend()])

    def test_trend_is_the_runs_last_value_by_version(
        self, store: TrackingStore, prefix: str, experiment_id: str
    ) -> None:
        first, second = (self.make(store, f"{prefix}-{letter}") for letter in "ab")
        for loss in (0.5, math.nan, 0.25):
            self.register(store, first, experiment_id, loss=loss, acc=1 - loss)
        make_version(store, first)
        self.register(store, second, experiment_id, loss=0.75)
        self.register(store, second, experiment_id, **{"acc": 0.5, "system/cpu": 9.0})
        table = self.query(store, prefix)
        assert (table.metrics, table.metric) == (["acc", "loss"], "acc")
        assert table.trends == [MetricTrend(["1", "3"], [0.5, 0.75]), MetricTrend(["2"], [0.5])]
        table = self.query(store, prefix, metric="loss")
        assert (table.metrics, table.metric) == (["acc", "loss"], "loss")
        assert table.trends == [MetricTrend(["1", "3"], [0.5, 0.25]), MetricTrend(["1"], [0.75])]
        assert self.query(store, prefix, metric="never").trends == [MetricTrend(), MetricTrend()]

    def test_trend_is_of_the_newest_thirty_versions(
        self, store: TrackingStore, prefix: str, experiment_id: str
    ) -> None:
        name = self.make(store, prefix)
        for number in range(32):
            self.register(store, name, experiment_id, loss=float(number))
        (trend,) = self.query(store, prefix).trends
        assert trend.versions == [str(number) for number in range(3, 33)]
        assert trend.values == [float(number) for number in range(2, 32)]

    def test_rows_follow_filter_order_and_position(self, store: TrackingStore, prefix: str) -> None:
        names = [self.make(store, f"{prefix}-{letter}", team="ab"[letter > "b"]) for letter in "abcd"]
        assert self.query(store, prefix, order_by=["name DESC"]).names == names[::-1]
        page = self.query(store, prefix, offset=1, limit=2)
        assert (page.total, page.names) == (4, names[1:3])
        tagged = store.registered_models.query_registered_models(
            EVERYONE, f"name LIKE '{prefix}%' AND tags.team = 'b'", ["last_updated_timestamp DESC", "name"]
        )
        assert (tagged.total, set(tagged.names)) == (2, set(names[2:]))
        behind = self.query(store, prefix, offset=9)
        assert (behind.total, behind.names) == (4, [])

    def test_prompts_are_no_models(self, store: TrackingStore, prefix: str) -> None:
        self.make(store, prefix, **{"mlflow.prompt.is_prompt": "true"})
        assert self.query(store, prefix).total == 0

    def test_caller_sees_what_may_be_read(self, store: TrackingStore, prefix: str, experiment_id: str) -> None:
        name, other = (self.make(store, f"{prefix}-{letter}") for letter in "ab")
        for model in (name, other):
            self.register(store, model, experiment_id, loss=0.5)
        assert self.query(store, prefix, NOBODY).total == 0
        seen = self.query(store, prefix, model_reader(name))
        assert (seen.total, seen.names, seen.latest) == (1, [name], ["1"])
        assert (seen.metrics, seen.trends) == ([], [MetricTrend()])  # the run is not theirs to read
        grants = {("registered_model", name): Permission.READ, ("experiment", experiment_id): Permission.READ}
        assert self.query(store, prefix, Caller("reader", grants=grants)).trends == [MetricTrend(["1"], [0.5])]

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ({"limit": 0}, "'0'"),
            ({"limit": 501}, "501"),
            ({"offset": -1}, "-1"),
            ({"filter": "name ="}, "name"),
            ({"order_by": ["nonsense"]}, "nonsense"),
        ],
        ids=str,
    )
    def test_question_that_makes_no_sense_is_refused(
        self, store: TrackingStore, asked: dict[str, Any], told: str
    ) -> None:
        with pytest.raises(InvalidParameterValue, match=told):
            store.registered_models.query_registered_models(EVERYONE, **asked)
