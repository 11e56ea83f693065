"""What every store finds when runs are searched, and in which order."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from mlflow.contract.caller import EVERYONE
from mlflow.contract.route import ViewTypeName
from mlflow.contract.store import TrackingStore
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag
from mlflow.entities.metric import Metric
from mlflow.exceptions import InvalidParameterValue
from mlflow.testing.fixtures import Suite, reader_of

__all__ = ["SearchSuite"]

NAN = float("nan")
LONG = "long " * 100

# name -> start time, params, tags, metrics
RUNS: dict[str, tuple[int, dict[str, str], dict[str, str], dict[str, float]]] = {
    "a": (1, {"lr": "0.1", "kind": "Big"}, {"team": "red"}, {"loss": 0.5, "only_a": 1.0}),
    "b": (2, {"lr": "1e-3", "kind": "big"}, {"team": "blue"}, {"loss": 0.25}),
    "c": (3, {"lr": "ten", "kind": f"{LONG}x"}, {}, {"loss": NAN}),
    "d": (3, {"kind": f"{LONG}y"}, {"team": "red", "dotted.key": "50%_"}, {"loss": 0.5}),
    "e": (0, {}, {"odd key/with:all-of_it": 'it\'s \\ "quoted"'}, {}),
}

FILTERS = [
    ("", "dcbae"),
    ("metrics.loss < 0.5", "b"),
    ("metrics.loss <= 0.5", "dba"),
    ("metrics.loss = 0.5", "da"),
    ("metrics.loss != 0.5", "cb"),
    ("metrics.loss > -1e999", "dba"),
    ("metrics.loss < 1e999", "dba"),
    ("metrics.loss IS NULL", "e"),
    ("NOT metrics.loss = 0.5", "cbe"),
    ("metrics.only_a IS NOT NULL", "a"),
    ("metrics.never_logged_at_all = 1", ""),
    ("metrics.never_logged_at_all IS NULL", "dcbae"),
    ("params.kind = 'big'", "b"),
    ("params.kind = 'big '", ""),
    ("params.kind != 'big'", "dca"),
    ("NOT params.kind = 'big'", "dcae"),
    ("params.kind LIKE 'B%'", "a"),
    ("params.kind LIKE '_ig'", "ba"),
    ("params.kind ILIKE 'B%'", "ba"),
    (f"params.kind = '{LONG}x'", "c"),
    (f"params.kind LIKE '{LONG}%'", "dc"),
    ("params.kind IN ('Big', 'big')", "ba"),
    ("params.kind NOT IN ('Big', 'big')", "dc"),
    ("params.lr IS NULL", "de"),
    ("number(params.lr) > 0.01", "a"),
    ("number(params.lr) IS NULL", "dce"),
    ("tags.team = 'red' AND metrics.loss = 0.5", "da"),
    ("tags.team = 'red' and params.kind = 'Big' and metrics.loss = 0.5", "a"),
    ("tags.team = 'red' OR params.kind = 'big'", "dba"),
    ("NOT (tags.team = 'red' OR params.kind = 'big')", "ce"),
    ("tags.`dotted.key` = '50%_'", "d"),
    ("tags.dotted.key LIKE '50%'", "d"),
    ("tags.dotted.key LIKE '5[0]%'", ""),
    ("tags.\"odd key/with:all-of_it\" LIKE 'it%\\%'", "e"),
    ("start_time >= 2", "dcb"),
    ("start_time = 3 AND params.lr = 'ten'", "c"),
    ("end_time > 0", ""),
    ("end_time != 5", ""),
    ("NOT end_time = 5", "dcbae"),
    ("end_time IS NULL AND start_time < 2", "ae"),
    ("status = 'RUNNING' AND status LIKE 'RUN%'", "dcbae"),
    ("status != 'RUNNING'", ""),
    ("min(metrics.loss) < 0.5 AND max(metrics.loss) < 1 AND mean(metrics.loss) > 0", "b"),
    ("first(metrics.loss) IS NOT NULL", "dcba"),
    ("min(metrics.loss) IS NULL", "ce"),
    ("dataset.name = 'train'", "a"),
    ("dataset.name LIKE 'TRAIN'", ""),
    ("dataset.context = 'eval'", "b"),
    ("dataset.digest IN ('1', '2')", "ba"),
]

ORDERS = [
    (["metrics.loss"], "bdace"),
    (["metrics.loss DESC"], "dabce"),
    (["metrics.loss DESC", "start_time ASC"], "adbce"),
    (["metrics.only_a"], "adcbe"),
    (["metrics.never_logged_at_all DESC"], "dcbae"),
    (["params.kind"], "abcde"),
    (["params.kind DESC"], "dcbae"),
    (["number(params.lr)"], "badce"),
    (["number(params.lr) DESC"], "abdce"),
    (["tags.team DESC", "metrics.loss DESC", "params.kind"], "adbce"),
    (["tags.team", "start_time"], "badec"),
    (["start_time ASC", "params.kind DESC"], "eabdc"),
    (["end_time", "start_time DESC", "params.kind"], "cdbae"),
    (["end_time DESC", "metrics.loss"], "bdace"),
    (["min(metrics.loss) DESC"], "dabce"),
]


class SearchSuite(Suite):
    """Searching runs. Runs a to e start in this order but for c and d, which start at once, and e, the first."""

    @pytest.fixture
    def names(self, store: TrackingStore, experiment_id: str) -> dict[str, str]:
        """The five runs' names by id; of c and d, which start at once, d has the lower id."""
        names = {self.make_run(store, experiment_id, *RUNS[name]): name for name in "abe"}
        twins = sorted(self.make_run(store, experiment_id, start_time=3) for _ in range(2))
        for name, run_id in zip("dc", twins, strict=True):
            _, params, tags, metrics = RUNS[name]
            self._fill(store, run_id, params, tags, metrics)
            names[run_id] = name
        self._use_datasets(store, {name: run_id for run_id, name in names.items()})
        return names

    @pytest.mark.parametrize(("filter", "expected"), FILTERS)
    def test_filter_finds_what_matches(
        self, store: TrackingStore, experiment_id: str, names: dict[str, str], filter: str, expected: str
    ) -> None:
        assert self._all(store, experiment_id, names, filter) == expected
        assert store.runs.count_runs(EVERYONE, [experiment_id], filter) == len(expected)

    @pytest.mark.parametrize(("order_by", "expected"), ORDERS)
    def test_order_puts_missing_values_last_and_breaks_ties_by_start_and_id(
        self, store: TrackingStore, experiment_id: str, names: dict[str, str], order_by: list[str], expected: str
    ) -> None:
        assert self._all(store, experiment_id, names, order_by=order_by) == expected

    @pytest.mark.parametrize(("order_by", "expected"), [([], "dcbae"), *ORDERS])
    @pytest.mark.parametrize("size", [1, 2])
    def test_pages_give_each_run_once_in_the_same_order(
        self,
        store: TrackingStore,
        experiment_id: str,
        names: dict[str, str],
        order_by: list[str],
        expected: str,
        size: int,
    ) -> None:
        assert self._all(store, experiment_id, names, order_by=order_by, size=size) == expected

    def test_pages_go_on_although_runs_come_and_go(
        self, store: TrackingStore, experiment_id: str, names: dict[str, str]
    ) -> None:
        first = store.runs.search_runs(EVERYONE, [experiment_id], max_results=2)
        store.runs.delete_run(EVERYONE, first[0].info.run_id)
        self.make_run(store, experiment_id, start_time=99)
        second = store.runs.search_runs(EVERYONE, [experiment_id], max_results=5, page_token=first.token or "")
        assert "".join(names[run.info.run_id] for run in second) == "bae"
        assert not second.token

    def test_token_of_another_query_is_refused(
        self, store: TrackingStore, experiment_id: str, names: dict[str, str]
    ) -> None:
        token = store.runs.search_runs(EVERYONE, [experiment_id], max_results=2).token
        assert token
        with pytest.raises(InvalidParameterValue, match="another query"):
            store.runs.search_runs(EVERYONE, [experiment_id], "metrics.loss < 1", page_token=token)

    def test_token_of_an_offset_is_understood(
        self, store: TrackingStore, experiment_id: str, names: dict[str, str]
    ) -> None:
        token = "eyJvZmZzZXQiOiAzfQ=="  # noqa: S105 - base64 of {"offset": 3}
        page = store.runs.search_runs(EVERYONE, [experiment_id], page_token=token)
        assert "".join(names[run.info.run_id] for run in page) == "ae"

    def test_found_runs_carry_all_they_logged(
        self, store: TrackingStore, experiment_id: str, names: dict[str, str]
    ) -> None:
        for run in store.runs.search_runs(EVERYONE, [experiment_id]):
            start_time, params, tags, metrics = RUNS[names[run.info.run_id]]
            assert (run.info.start_time, run.data.params) == (start_time, params)
            assert {key: value for key, value in run.data.tags.items() if key != "mlflow.runName"} == tags
            assert run.data.metrics == pytest.approx(metrics, nan_ok=True)

    @pytest.mark.parametrize(("view", "expected"), [("ACTIVE_ONLY", "dba"), ("DELETED_ONLY", "ce"), ("ALL", "dcbae")])
    def test_view_type_chooses_the_stage(
        self, store: TrackingStore, experiment_id: str, names: dict[str, str], view: ViewTypeName, expected: str
    ) -> None:
        store.runs.delete_runs(EVERYONE, [run_id for run_id, name in names.items() if name in "ce"])
        page = store.runs.search_runs(EVERYONE, [experiment_id], run_view_type=view)
        assert "".join(names[run.info.run_id] for run in page) == expected

    def test_several_experiments_are_searched_as_one(
        self, store: TrackingStore, experiment_id: str, names: dict[str, str]
    ) -> None:
        other = store.experiments.create_experiment(EVERYONE, f"other of {experiment_id}")
        names[self.make_run(store, other, 2, {"kind": "Big"}, metrics={"loss": 0.3})] = "z"
        both = [experiment_id, other, other, "999999999"]

        def found(filter: str = "", order_by: Sequence[str] = ()) -> str:
            page = store.runs.search_runs(EVERYONE, both, filter, order_by=list(order_by))
            return "".join(names[run.info.run_id] for run in page)

        assert sorted(found()) == sorted("abcdez")
        assert found(order_by=["metrics.loss"]) == "bzdace"
        assert found("params.kind = 'Big'") == "za"
        seen_by_reader = store.runs.search_runs(reader_of(other), both)
        assert [names[run.info.run_id] for run in seen_by_reader] == ["z"]

    def test_first_rows_of_large_experiments_are_merged(self, store: TrackingStore, experiment_id: str) -> None:
        other = store.experiments.create_experiment(EVERYONE, f"other of {experiment_id}")
        for number in range(24):
            store.runs.create_run(EVERYONE, (experiment_id, other)[number % 2], run_name=str(number), start_time=number)
        found, token = [], ""
        for _ in range(24):
            page = store.runs.search_runs(EVERYONE, [experiment_id, other], max_results=1, page_token=token)
            found += [run.info.run_name for run in page]
            token = page.token or ""
        assert found == [str(number) for number in reversed(range(24))]
        assert not token

    def test_no_experiments_give_no_runs(self, store: TrackingStore) -> None:
        assert store.runs.search_runs(EVERYONE, []) == []
        assert store.runs.search_runs(EVERYONE, ["999999999"]) == []

    def test_run_is_found_by_its_id(self, store: TrackingStore, experiment_id: str, names: dict[str, str]) -> None:
        ids = {name: run_id for run_id, name in names.items()}
        assert self._all(store, experiment_id, names, f"run_id = '{ids['b']}'") == "b"
        assert self._all(store, experiment_id, names, f"run_id IN ('{ids['a']}', '{ids['d']}')") == "da"
        assert self._all(store, experiment_id, names, f"run_id NOT IN ('{ids['a']}', '{ids['d']}')") == "cbe"
        store.runs.update_run(EVERYONE, ids["c"], run_name="My Name")
        assert self._all(store, experiment_id, names, "run_name = 'My Name'") == "c"
        assert self._all(store, experiment_id, names, "`Run name` ILIKE 'my%'") == "c"

    def test_search_sees_what_was_written_just_before(
        self, store: TrackingStore, experiment_id: str, names: dict[str, str]
    ) -> None:
        ids = {name: run_id for run_id, name in names.items()}
        store.runs.log_batch(EVERYONE, ids["e"], [Metric("loss", 0.01, 1, 5)])
        assert self._all(store, experiment_id, names, "metrics.loss < 0.1") == "e"
        assert self._all(store, experiment_id, names, order_by=["metrics.loss"])[0] == "e"
        store.runs.set_tag(EVERYONE, ids["a"], "team", "blue")
        (run,) = store.runs.search_runs(EVERYONE, [experiment_id], f"tags.team = 'blue' AND run_id = '{ids['a']}'")
        assert run.data.tags["team"] == "blue"

    def test_latest_metric_is_of_the_greatest_step_then_time_then_value(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        run_id = self.make_run(store, experiment_id)
        points = [(1.0, 200, 3), (2.0, 100, 5), (NAN, 100, 5), (1.5, 100, 5), (9.0, 99, 5), (7.0, 1, -4)]
        store.runs.log_batch(EVERYONE, run_id, [Metric("m", value, time, step) for value, time, step in points])
        (run,) = store.runs.search_runs(EVERYONE, [experiment_id], "metrics.m = 2 AND min(metrics.m) = 1")
        (latest,) = run.data.latest_metrics
        assert (latest.value, latest.timestamp, latest.step) == (2.0, 100, 5)

    def test_infinities_are_clamped(self, store: TrackingStore, experiment_id: str) -> None:
        self.make_run(store, experiment_id, metrics={"up": math.inf, "down": -math.inf})
        (run,) = store.runs.search_runs(EVERYONE, [experiment_id], "metrics.up > 1e300 AND metrics.down < -1e300")
        assert run.data.metrics == {"up": 1.7976931348623157e308, "down": -1.7976931348623157e308}

    @pytest.mark.parametrize(
        "filter",
        ["metrics.a = 'text'", "params.a > 1", "lifecycle_stage = 'active'", "nonsense", "params.a = 'x'; DROP"],
    )
    def test_filter_that_cannot_be_read_is_refused(self, store: TrackingStore, experiment_id: str, filter: str) -> None:
        with pytest.raises(InvalidParameterValue):
            store.runs.search_runs(EVERYONE, [experiment_id], filter)

    @pytest.mark.parametrize("token", ["garbage", "eyJvZmZzZXQiOiAwfQ==", "e30="])
    def test_token_that_cannot_be_read_is_refused(self, store: TrackingStore, experiment_id: str, token: str) -> None:
        with pytest.raises(InvalidParameterValue, match="token"):
            store.runs.search_runs(EVERYONE, [experiment_id], page_token=token)

    @pytest.mark.parametrize("max_results", [0, -1, 50001])
    def test_unacceptable_page_size_is_refused(self, store: TrackingStore, max_results: int) -> None:
        with pytest.raises(InvalidParameterValue, match="max_results"):
            store.runs.search_runs(EVERYONE, ["0"], max_results=max_results)

    def test_experiment_id_that_is_no_number_is_refused(self, store: TrackingStore) -> None:
        with pytest.raises(InvalidParameterValue, match="integer"):
            store.runs.search_runs(EVERYONE, ["abc"])

    def _all(
        self,
        store: TrackingStore,
        experiment_id: str,
        names: dict[str, str],
        filter: str = "",
        order_by: Sequence[str] = (),
        size: int = 1000,
    ) -> str:
        """The names of all runs found, page by page."""
        found, token = "", ""
        for _ in range(len(names) + 1):
            page = store.runs.search_runs(
                EVERYONE, [experiment_id], filter, max_results=size, order_by=list(order_by), page_token=token
            )
            found += "".join(names[run.info.run_id] for run in page)
            token = page.token or ""
            if not token:
                return found
        pytest.fail(f"pages do not end: {found}")

    def _fill(
        self, store: TrackingStore, run_id: str, params: dict[str, str], tags: dict[str, str], metrics: dict[str, float]
    ) -> None:
        for key, value in params.items():
            store.runs.log_parameter(EVERYONE, run_id, key, value)
        for key, value in tags.items():
            store.runs.set_tag(EVERYONE, run_id, key, value)
        store.runs.log_batch(EVERYONE, run_id, [Metric(key, value, 1, 0) for key, value in metrics.items()])

    def _use_datasets(self, store: TrackingStore, ids: dict[str, str]) -> None:
        for name, dataset, digest, context in (("a", "train", "1", "training"), ("b", "test", "2", "eval")):
            tags = [InputTag("mlflow.data.context", context)]
            store.inputs.log_inputs(EVERYONE, ids[name], [DatasetInput(Dataset(dataset, digest), tags)])

    def test_runs_are_found_and_ordered_by_how_long_they_took(self, store: TrackingStore, experiment_id: str) -> None:
        lengths = {"short": 1500, "long": 7_200_000, "hour": 3_600_000}
        names = {}
        for name, length in lengths.items():
            run_id = self.make_run(store, experiment_id, start_time=1000)
            store.runs.update_run(EVERYONE, run_id, "FINISHED", 1000 + length)
            names[run_id] = name
        names[self.make_run(store, experiment_id, start_time=1000)] = "runs"  # for decades

        def found(filter: str, order: str = "duration") -> list[str]:
            page = store.runs.search_runs(EVERYONE, [experiment_id], filter, order_by=[order])
            return [names[run.info.run_id] for run in page]

        assert found("duration >= 1h") == ["hour", "long", "runs"]
        assert found("attributes.duration < 1.5s") == []
        assert found("duration = 1500 OR duration > 0.05d") == ["short", "long", "runs"]
        assert found("NOT duration > 1m") == ["short"]
        assert found("duration IS NULL") == []
        assert found("", "duration DESC") == ["runs", "long", "hour", "short"]
        with pytest.raises(InvalidParameterValue, match="1y"):
            found("duration > 1y")
