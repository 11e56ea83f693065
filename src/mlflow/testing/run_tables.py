"""What every store shows of runs as rows: chosen columns, any page of a long result, the opening of an experiment."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.columns import ValueCount
from mlflow.contract.store import TrackingStore
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.metric import Metric
from mlflow.exceptions import InvalidParameterValue, PermissionDenied, ResourceDoesNotExist
from mlflow.testing.fixtures import Suite, reader_of, unique

__all__ = ["RunTablesSuite"]


class RunTablesSuite(Suite):
    """Tables of runs, and openings."""

    def test_row_has_the_facts_of_its_run(self, store: TrackingStore, experiment_id: str) -> None:
        over = store.runs.create_run(EVERYONE, experiment_id, "ann", "first", 1).info.run_id
        store.runs.update_run(EVERYONE, over, "FINISHED", 5)
        store.runs.log_batch(EVERYONE, over, [Metric("loss", 0.5, 1, 0)])
        trains = store.runs.create_run(EVERYONE, experiment_id, "bob", "second", 2).info.run_id
        table = store.run_tables.query_runs(EVERYONE, [experiment_id])
        assert table.total == 2
        assert table.run_ids == [trains, over]
        assert table.names == ["second", "first"]
        assert table.experiment_ids == [experiment_id] * 2
        assert table.users == ["bob", "ann"]
        assert table.statuses == ["RUNNING", "FINISHED"]
        assert table.start_times == [2, 1]
        assert table.end_times == [None, 5]
        assert table.deleted == [False, False]
        assert table.deleted_times == [None, None]
        assert table.measured == [False, True]
        assert (table.columns, table.values, table.result_id) == ([], [], "")

    def test_column_is_what_was_logged_last_or_another_figure(self, store: TrackingStore, experiment_id: str) -> None:
        run_id = self.make_run(store, experiment_id, params={"lr": "0.10", "depth": "deep"}, tags={"team": "blue"})
        points = [Metric("loss", value, step + 1, step) for step, value in enumerate([0.5, 0.1, 0.3])]
        store.runs.log_batch(EVERYONE, run_id, points)
        columns = ["metrics.loss", "min(metrics.loss)", "max(metrics.loss)", "first(metrics.loss)"]
        columns += ["mean(metrics.loss)", "params.lr", "params.depth", "tags.team", "params.none", "metrics.none"]
        table = store.run_tables.query_runs(EVERYONE, [experiment_id], columns)
        assert table.columns == columns
        row = [values[0] for values in table.values]
        assert row[:4] == [0.3, 0.1, 0.5, 0.5]
        assert row[4] == pytest.approx(0.3)
        assert row[5:] == ["0.10", "deep", "blue", None, None]

    def test_run_without_a_value_lacks_it_and_nan_is_told_apart(self, store: TrackingStore, experiment_id: str) -> None:
        for start, metrics in enumerate([{"loss": math.nan}, {"loss": math.inf}, {}]):
            self.make_run(store, experiment_id, start, metrics=metrics)
        columns = ["metrics.loss", "min(metrics.loss)"]
        table = store.run_tables.query_runs(EVERYONE, [experiment_id], columns)
        largest = 1.7976931348623157e308
        assert table.values == [[None, largest, "NaN"], [None, largest, None]]

    def test_duration_and_datasets_are_columns(self, store: TrackingStore, experiment_id: str) -> None:
        run_id = store.runs.create_run(EVERYONE, experiment_id, start_time=10).info.run_id
        uses = [DatasetInput(Dataset(name, "d1", "local", "{}"), []) for name in ("val", "train")]
        store.inputs.log_inputs(EVERYONE, run_id, uses)
        columns = ["duration", "dataset"]
        assert store.run_tables.query_runs(EVERYONE, [experiment_id], columns).values == [[None], ["train\nval"]]
        store.runs.update_run(EVERYONE, run_id, "FINISHED", 25)
        assert store.run_tables.query_runs(EVERYONE, [experiment_id], columns).values == [[15.0], ["train\nval"]]

    def test_rows_follow_filter_order_and_view(self, store: TrackingStore, experiment_id: str) -> None:
        low, high, other = (
            self.make_run(store, experiment_id, params={"kind": kind}, metrics={"loss": loss})
            for kind, loss in (("a", 0.1), ("a", 0.9), ("b", 0.5))
        )
        table = store.run_tables.query_runs(
            EVERYONE, [experiment_id], ["metrics.loss"], "params.kind = 'a'", order_by=["metrics.loss DESC"]
        )
        assert (table.total, table.run_ids, table.values) == (2, [high, low], [[0.9, 0.1]])
        before = time.time_ns() // 1_000_000
        store.runs.delete_run(EVERYONE, other)
        gone = store.run_tables.query_runs(EVERYONE, [experiment_id], [], run_view_type="DELETED_ONLY")
        assert (gone.run_ids, gone.deleted) == ([other], [True])
        (since,) = gone.deleted_times
        assert since is not None and before <= since <= time.time_ns() // 1_000_000

    def test_any_page_is_found_by_its_position(self, store: TrackingStore, experiment_id: str) -> None:
        made = [self.make_run(store, experiment_id, start) for start in range(5)][::-1]
        page = store.run_tables.query_runs(EVERYONE, [experiment_id], offset=2, limit=2)
        assert (page.total, page.run_ids) == (5, made[2:4])
        behind = store.run_tables.query_runs(EVERYONE, [experiment_id], offset=9)
        assert (behind.total, behind.run_ids) == (5, [])

    def test_pages_far_on_go_on_in_the_order_that_was_found(self, store: TrackingStore, experiment_id: str) -> None:
        for at in range(3):
            store.runs.create_run(EVERYONE, experiment_id, start_time=at)
        far = store.run_tables.query_runs(EVERYONE, [experiment_id], offset=1000)
        assert (far.total, far.run_ids) == (3, [])
        assert far.result_id
        store.runs.create_run(EVERYONE, experiment_id, start_time=9)
        again = store.run_tables.query_runs(EVERYONE, [experiment_id], offset=1001, result_id=far.result_id)
        assert (again.total, again.result_id) == (3, far.result_id)
        for stranger in ("", "0123456789abcdef"):
            anew = store.run_tables.query_runs(EVERYONE, [experiment_id], offset=1000, result_id=stranger)
            assert anew.total == 4
            assert anew.result_id not in {"", stranger, far.result_id}

    def test_order_that_was_kept_serves_no_other_search(self, store: TrackingStore, experiment_id: str) -> None:
        self.make_run(store, experiment_id)
        far = store.run_tables.query_runs(EVERYONE, [experiment_id], offset=1000)
        other = store.run_tables.query_runs(
            EVERYONE, [experiment_id], filter="params.no = 'x'", offset=1000, result_id=far.result_id
        )
        hidden = store.run_tables.query_runs(NOBODY, [experiment_id], offset=1000, result_id=far.result_id)
        assert (far.total, other.total, hidden.total) == (1, 0, 0)
        assert far.result_id not in {other.result_id, hidden.result_id}

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ({"limit": 0}, "'0'"),
            ({"limit": 1001}, "1001"),
            ({"offset": -1}, "-1"),
            ({"columns": ["loss"]}, "loss"),
            ({"columns": ["metrics.loss"] * 501}, "501"),
            ({"filter": "metrics.loss >"}, "metrics.loss"),
            ({"order_by": ["nonsense.loss"]}, "nonsense"),
        ],
    )
    def test_question_that_makes_no_sense_is_refused(
        self, store: TrackingStore, experiment_id: str, asked: dict[str, object], told: str
    ) -> None:
        with pytest.raises(InvalidParameterValue, match=told):
            store.run_tables.query_runs(EVERYONE, [experiment_id], **asked)  # type: ignore[arg-type]

    def test_runs_of_any_experiments_are_rows_by_their_ids(self, store: TrackingStore, experiment_id: str) -> None:
        elsewhere = store.experiments.create_experiment(EVERYONE, unique())
        one = self.make_run(store, experiment_id, params={"lr": "0.1", "seed": "1"}, metrics={"loss": 0.5})
        two = self.make_run(store, elsewhere, params={"lr": "x", "seed": "1"}, metrics={"loss": 0.25, "acc": 1.0})
        gone = self.make_run(store, elsewhere, metrics={"loss": 2.0})
        store.runs.delete_run(EVERYONE, gone)
        found = store.run_tables.get_run_rows(EVERYONE, [two, "0" * 32, gone, one])
        assert (found.runs.total, found.runs.run_ids) == (3, [two, gone, one])
        assert (found.runs.experiment_ids, found.runs.deleted) == (
            [elsewhere, elsewhere, experiment_id],
            [False, True, False],
        )
        loss, lr = (next(one for one in found.columns if one.key == key) for key in ("loss", "lr"))
        assert (loss.kind, loss.runs, loss.min, loss.max, loss.points, loss.place) == ("metric", 3, 0.25, 2.0, 1, 0)
        assert (lr.kind, lr.runs, lr.distinct, lr.numeric, lr.min, lr.max) == ("param", 2, 2, False, 0.1, 0.1)
        assert found.runs.columns == ["metrics.acc", "metrics.loss", "params.lr"]
        assert found.runs.values == [[1.0, None, None], [0.25, 2.0, 0.5], ["x", None, "0.1"]]
        asked = store.run_tables.get_run_rows(EVERYONE, [one], ["params.seed", "min(metrics.loss)"]).runs
        assert asked.values == [["1"], [0.5]]
        assert store.run_tables.get_run_rows(EVERYONE, [one], []).runs.columns == []

    def test_run_that_is_not_the_callers_to_read_is_no_row(self, store: TrackingStore, experiment_id: str) -> None:
        elsewhere = store.experiments.create_experiment(EVERYONE, unique())
        own, other = self.make_run(store, experiment_id), self.make_run(store, elsewhere, metrics={"secret": 1.0})
        found = store.run_tables.get_run_rows(reader_of(experiment_id), [other, own])
        assert (found.runs.run_ids, [one.kind for one in found.columns]) == ([own], ["tag"])  # its name
        assert store.run_tables.get_run_rows(NOBODY, [own]).runs.run_ids == []
        with pytest.raises(InvalidParameterValue, match="501"):
            store.run_tables.get_run_rows(EVERYONE, [str(number) for number in range(501)])
        with pytest.raises(InvalidParameterValue, match="loss"):
            store.run_tables.get_run_rows(EVERYONE, [own], ["loss"])

    def test_opening_has_the_latest_runs_and_says_what_is_below_them(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        logged: Any = {"params": {"seed": "1"}, "metrics": {"loss": 0.5}}
        parent, other = (self.make_run(store, experiment_id, at, **logged) for at in (1, 2))
        below = {"mlflow.parentRunId": parent}
        children = [self.make_run(store, experiment_id, 3, tags=below, **logged) for _ in range(2)]
        store.runs.update_run(EVERYONE, children[0], "FINISHED", 5)
        store.runs.delete_run(EVERYONE, store.runs.create_run(EVERYONE, experiment_id).info.run_id)
        opening = store.run_tables.get_opening(EVERYONE, experiment_id)
        assert opening.experiment == store.experiments.get_experiment(EVERYONE, experiment_id)
        assert opening.columns == store.columns.get_columns(EVERYONE, experiment_id)
        columns = ["metrics.loss", "params.seed"]
        top = store.run_tables.query_runs(EVERYONE, [experiment_id], columns, filter="tags.mlflow.parentRunId IS NULL")
        assert opening.runs == top
        assert top.values == [[0.5, 0.5], ["1", "1"]]
        assert (top.run_ids, top.total) == ([other, parent], 2)
        assert (opening.running, opening.children, opening.stale) == (3, [ValueCount(parent, 2)], [])

    def test_opening_of_an_empty_experiment_is_empty(self, store: TrackingStore, experiment_id: str) -> None:
        opening = store.run_tables.get_opening(reader_of(experiment_id), experiment_id)
        assert (opening.runs.total, opening.running, opening.children, opening.runs.run_ids) == (0, 0, [], [])

    def test_opening_of_no_experiment_is_not_found(self, store: TrackingStore) -> None:
        with pytest.raises(ResourceDoesNotExist):
            store.run_tables.get_opening(EVERYONE, "999999999")

    def test_opening_of_a_run_has_what_it_logged_and_where_it_stands(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        parent = self.make_run(store, experiment_id, 1)
        below = {"mlflow.parentRunId": parent}
        run_id = self.make_run(store, experiment_id, 2, {"lr": "0.1"}, below, {"loss": 0.5, "bad": math.nan})
        children = [self.make_run(store, experiment_id, 3, tags={"mlflow.parentRunId": run_id}) for _ in range(3)]
        store.runs.delete_run(EVERYONE, children[0])
        store.runs.log_batch(EVERYONE, run_id, [Metric("loss", 0.25, 2, 1)])
        opening = store.run_tables.get_run_opening(EVERYONE, run_id)
        assert str(opening.run.to_dictionary()) == str(store.runs.get_run(EVERYONE, run_id).to_dictionary())
        assert opening.run.data.metrics["loss"] == 0.25
        assert opening.experiment == store.experiments.get_experiment(EVERYONE, experiment_id)
        assert [(one.key, one.count, one.nan_count) for one in opening.summaries] == [("bad", 1, 1), ("loss", 2, 0)]
        assert opening.summaries[1:] == store.metrics.summarize_metrics(EVERYONE, [run_id], ["loss"])
        assert (opening.children, opening.stale) == (2, False)
        assert opening.parent == store.runs.get_run(EVERYONE, parent).info.run_name
        assert store.run_tables.get_run_opening(EVERYONE, parent).parent == ""
        assert store.run_tables.get_run_opening(EVERYONE, children[0]).run.info.lifecycle_stage == "deleted"

    def test_opening_of_no_run_is_not_found_and_of_a_hidden_one_refused(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        run_id = self.make_run(store, experiment_id, tags={"mlflow.parentRunId": "0" * 32})
        with pytest.raises(ResourceDoesNotExist):
            store.run_tables.get_run_opening(EVERYONE, "0" * 32)
        with pytest.raises(PermissionDenied):
            store.run_tables.get_run_opening(NOBODY, run_id)
        assert store.run_tables.get_run_opening(reader_of(experiment_id), run_id).parent == ""

    def test_who_may_nothing_sees_no_row(self, store: TrackingStore, experiment_id: str) -> None:
        self.make_run(store, experiment_id)
        assert store.run_tables.query_runs(NOBODY, [experiment_id]).run_ids == []
        with pytest.raises(PermissionDenied):
            store.run_tables.get_opening(NOBODY, experiment_id)
        assert store.run_tables.query_runs(reader_of(experiment_id), [experiment_id]).total == 1
