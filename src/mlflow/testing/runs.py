"""What every store does with runs, their params and tags."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.store import TrackingStore
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import (
    BadRequest,
    InvalidParameterValue,
    PermissionDenied,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
)
from mlflow.testing.fixtures import Suite, reader_of

__all__ = ["RunsSuite"]

ODD_TEXTS = [
    pytest.param("", id="empty"),
    pytest.param(" padded ", id="padded"),
    pytest.param("naïve 実験 🧪 \u202e", id="unicode"),
    pytest.param("'; DROP TABLE runs; --", id="quotes"),
    pytest.param('\\ " \n\t \u2028 {json}', id="escapes"),
    pytest.param("x" * 6000, id="long"),
]


class RunsSuite(Suite):
    """Runs, params and tags."""

    def test_new_run_is_running_and_named(self, store: TrackingStore, experiment_id: str) -> None:
        run = store.runs.create_run(EVERYONE, experiment_id, "me", "my run", 123, [RunTag("k", "v")])
        assert run == store.runs.get_run(EVERYONE, run.info.run_id)
        info = run.info
        assert (info.experiment_id, info.user_id, info.run_name, info.start_time) == (
            experiment_id,
            "me",
            "my run",
            123,
        )
        assert (info.status, info.end_time, info.lifecycle_stage) == ("RUNNING", None, "active")
        assert run.data.tags == {"k": "v", "mlflow.runName": "my run"}
        assert len(info.run_id) == 32
        location = store.experiments.get_experiment(EVERYONE, experiment_id).artifact_location
        assert info.artifact_uri == f"{location}/{info.run_id}/artifacts"

    def test_run_whose_id_the_client_made_is_made_once(self, store: TrackingStore, experiment_id: str) -> None:
        made = uuid.uuid4().hex
        first = store.runs.create_run(EVERYONE, experiment_id, "me", start_time=7, tags=[RunTag("k", "v")], run_id=made)
        assert first.info.run_id == made
        again = store.runs.create_run(EVERYONE, experiment_id, "me", start_time=7, tags=[RunTag("k", "v")], run_id=made)
        assert again == first
        assert len(store.runs.search_runs(EVERYONE, [experiment_id])) == 1

    def test_same_request_under_way_many_times_makes_one_run(self, store: TrackingStore, experiment_id: str) -> None:
        made = uuid.uuid4().hex
        with ThreadPoolExecutor(8) as threads:
            found = threads.map(
                lambda _: store.runs.create_run(EVERYONE, experiment_id, start_time=7, run_id=made), range(8)
            )
        assert {run.info.run_id for run in found} == {made}
        assert len(store.runs.search_runs(EVERYONE, [experiment_id])) == 1

    def test_runs_made_at_once_keep_what_they_were_given_and_a_refused_one_harms_no_other(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        def create(number: int) -> str:
            where = str(2**62) if number == 5 else experiment_id
            tags = [RunTag("n", str(number)), RunTag(f"own {number % 3}", "x")]
            try:
                return store.runs.create_run(EVERYONE, where, run_name=f"r{number}", tags=tags).info.run_id
            except ResourceDoesNotExist:
                return ""

        with ThreadPoolExecutor(16) as threads:
            made = list(threads.map(create, range(16)))
        assert [number for number, run_id in enumerate(made) if not run_id] == [5]
        for number, run_id in enumerate(made):
            if run_id:
                run = store.runs.get_run(EVERYONE, run_id)
                assert run.info.run_name == f"r{number}"
                assert run.data.tags == {"n": str(number), f"own {number % 3}": "x", "mlflow.runName": f"r{number}"}

    @pytest.mark.parametrize("made", ["x", "A" * 32, "../" * 11, "0" * 31], ids=["short", "capitals", "path", "31"])
    def test_new_id_of_another_form_is_refused(self, store: TrackingStore, experiment_id: str, made: str) -> None:
        with pytest.raises(InvalidParameterValue, match="32 hexadecimal digits"):
            store.runs.create_run(EVERYONE, experiment_id, run_id=made)

    def test_id_of_another_run_is_refused(self, store: TrackingStore, experiment_id: str, run_id: str) -> None:
        with pytest.raises(ResourceAlreadyExists, match="Make a new id"):
            store.runs.create_run(EVERYONE, experiment_id, start_time=2, run_id=run_id)
        with pytest.raises(PermissionDenied):
            store.runs.create_run(reader_of(experiment_id), experiment_id, start_time=1, run_id=run_id)

    def test_run_without_a_name_gets_one(self, store: TrackingStore, experiment_id: str) -> None:
        run = store.runs.create_run(EVERYONE, experiment_id)
        adjective, noun, number = (run.info.run_name or "").split("-")
        assert adjective.isalpha()
        assert noun.isalpha()
        assert number.isdecimal()
        assert run.data.tags["mlflow.runName"] == run.info.run_name

    def test_name_may_come_from_the_tag_but_not_from_two_places(self, store: TrackingStore, experiment_id: str) -> None:
        tag = RunTag("mlflow.runName", "tagged")
        assert store.runs.create_run(EVERYONE, experiment_id, tags=[tag]).info.run_name == "tagged"
        assert store.runs.create_run(EVERYONE, experiment_id, run_name="tagged", tags=[tag]).info.run_name == "tagged"
        with pytest.raises(InvalidParameterValue, match="differ"):
            store.runs.create_run(EVERYONE, experiment_id, run_name="other", tags=[tag])

    def test_run_needs_an_active_experiment(self, store: TrackingStore, experiment_id: str) -> None:
        with pytest.raises(BadRequest):
            store.runs.create_run(EVERYONE)
        with pytest.raises(ResourceDoesNotExist):
            store.runs.create_run(EVERYONE, "999999999")
        store.experiments.delete_experiment(EVERYONE, experiment_id)
        with pytest.raises(InvalidParameterValue, match="'active' state"):
            store.runs.create_run(EVERYONE, experiment_id)

    @pytest.mark.parametrize("run_id", ["f" * 32, "not an id", "é", "x" * 300])
    def test_unknown_run_is_not_found(self, store: TrackingStore, run_id: str) -> None:
        with pytest.raises(ResourceDoesNotExist):
            store.runs.get_run(EVERYONE, run_id)

    def test_runs_come_together_in_the_order_of_their_ids(self, store: TrackingStore, experiment_id: str) -> None:
        one, two, gone = (self.make_run(store, experiment_id) for _ in range(3))
        store.runs.log_batch(EVERYONE, one, [Metric("loss", 0.5, 1, 0)], [Param("lr", "1")], [])
        store.runs.delete_run(EVERYONE, gone)
        expected = [store.runs.get_run(EVERYONE, run_id) for run_id in (gone, one, two)]
        assert store.runs.get_runs(EVERYONE, [gone, one, "0" * 32, two, one]) == expected
        assert store.runs.get_runs(NOBODY, [one]) == store.runs.get_runs(EVERYONE, []) == []
        with pytest.raises(InvalidParameterValue, match="500"):
            store.runs.get_runs(EVERYONE, [str(number) for number in range(501)])

    def test_update_changes_only_what_is_given(self, store: TrackingStore, run_id: str) -> None:
        before = store.runs.get_run(EVERYONE, run_id).info
        finished = store.runs.update_run(EVERYONE, run_id, "FINISHED", 99)
        assert (finished.status, finished.end_time, finished.run_name) == ("FINISHED", 99, before.run_name)
        again = store.runs.update_run(EVERYONE, run_id, "RUNNING")
        assert (again.status, again.end_time) == ("RUNNING", 99)
        assert store.runs.get_run(EVERYONE, run_id).info == again

    def test_unknown_status_is_refused(self, store: TrackingStore, run_id: str) -> None:
        with pytest.raises(InvalidParameterValue, match="BOGUS"):
            store.runs.update_run(EVERYONE, run_id, "BOGUS")  # type: ignore[arg-type]

    def test_renamed_run_keeps_its_id_and_its_tag_follows(self, store: TrackingStore, run_id: str) -> None:
        assert store.runs.update_run(EVERYONE, run_id, run_name="new name").run_name == "new name"
        assert store.runs.get_run(EVERYONE, run_id).data.tags["mlflow.runName"] == "new name"
        store.runs.set_tag(EVERYONE, run_id, "mlflow.runName", "newer")
        run = store.runs.get_run(EVERYONE, run_id)
        assert (run.info.run_name, run.data.tags["mlflow.runName"]) == ("newer", "newer")

    def test_deleting_and_restoring_are_idempotent(self, store: TrackingStore, run_id: str) -> None:
        for _ in range(2):
            store.runs.delete_run(EVERYONE, run_id)
            assert store.runs.get_run(EVERYONE, run_id).info.lifecycle_stage == "deleted"
        for _ in range(2):
            store.runs.restore_run(EVERYONE, run_id)
            assert store.runs.get_run(EVERYONE, run_id).info.lifecycle_stage == "active"
        with pytest.raises(ResourceDoesNotExist):
            store.runs.delete_run(EVERYONE, "f" * 32)

    def test_deleted_run_takes_nothing(self, store: TrackingStore, run_id: str) -> None:
        store.runs.delete_run(EVERYONE, run_id)
        for call in (
            lambda: store.runs.set_tag(EVERYONE, run_id, "k", "v"),
            lambda: store.runs.delete_tag(EVERYONE, run_id, "mlflow.runName"),
            lambda: store.runs.log_parameter(EVERYONE, run_id, "k", "v"),
            lambda: store.runs.log_batch(EVERYONE, run_id, [Metric("m", 1.0, 1)]),
            lambda: store.runs.update_run(EVERYONE, run_id, "FINISHED"),
        ):
            with pytest.raises(InvalidParameterValue, match=r"'active' state\. Current state is deleted"):
                call()

    def test_param_is_written_once(self, store: TrackingStore, run_id: str) -> None:
        store.runs.log_parameter(EVERYONE, run_id, "p", "old")
        store.runs.log_parameter(EVERYONE, run_id, "p", "old")
        with pytest.raises(InvalidParameterValue, match=r"(?s)Changing param values.*old.*new"):
            store.runs.log_parameter(EVERYONE, run_id, "p", "new")
        assert store.runs.get_run(EVERYONE, run_id).data.params == {"p": "old"}

    def test_keys_that_differ_in_case_or_space_are_different(self, store: TrackingStore, run_id: str) -> None:
        params = {"key": "1", "KEY": "2", "key ": "3", "ключ": "4", "a/b": "5"}
        store.runs.log_batch(EVERYONE, run_id, params=[Param(key, value) for key, value in params.items()])
        store.runs.log_batch(EVERYONE, run_id, tags=[RunTag(key, value) for key, value in params.items()])
        data = store.runs.get_run(EVERYONE, run_id).data
        assert data.params == params
        assert {key: data.tags[key] for key in params} == params

    @pytest.mark.parametrize("value", ODD_TEXTS)
    def test_odd_values_come_back_unchanged(self, store: TrackingStore, run_id: str, value: str) -> None:
        store.runs.log_batch(EVERYONE, run_id, params=[Param("p", value)], tags=[RunTag("t", value)])
        store.runs.log_parameter(EVERYONE, run_id, "p", value)
        data = store.runs.get_run(EVERYONE, run_id).data
        assert (data.params["p"], data.tags["t"]) == (value, value)

    def test_values_that_differ_in_trailing_space_are_different(self, store: TrackingStore, run_id: str) -> None:
        store.runs.log_parameter(EVERYONE, run_id, "p", "v")
        with pytest.raises(InvalidParameterValue, match="Changing param values"):
            store.runs.log_parameter(EVERYONE, run_id, "p", "v ")

    def test_long_values_are_cut(self, store: TrackingStore, run_id: str) -> None:
        store.runs.log_batch(EVERYONE, run_id, params=[Param("p", "x" * 6001)], tags=[RunTag("t", "y" * 8001)])
        data = store.runs.get_run(EVERYONE, run_id).data
        assert (len(data.params["p"]), len(data.tags["t"])) == (6000, 8000)

    @pytest.mark.parametrize("key", ["", "..", "/x", "a//b", "a\nb", "x" * 251])
    def test_unacceptable_key_is_refused(self, store: TrackingStore, run_id: str, key: str) -> None:
        with pytest.raises(InvalidParameterValue):
            store.runs.log_parameter(EVERYONE, run_id, key, "v")
        with pytest.raises(InvalidParameterValue):
            store.runs.set_tag(EVERYONE, run_id, key, "v")

    def test_tag_is_overwritten_and_removed(self, store: TrackingStore, run_id: str) -> None:
        store.runs.set_tag(EVERYONE, run_id, "k", "1")
        store.runs.set_tag(EVERYONE, run_id, "k", "2")
        assert store.runs.get_run(EVERYONE, run_id).data.tags["k"] == "2"
        store.runs.delete_tag(EVERYONE, run_id, "k")
        assert "k" not in store.runs.get_run(EVERYONE, run_id).data.tags
        with pytest.raises(ResourceDoesNotExist, match="k"):
            store.runs.delete_tag(EVERYONE, run_id, "k")

    def test_batch_is_stored_whole(self, store: TrackingStore, run_id: str) -> None:
        metrics = [Metric("m", 1.5, 10, 2), Metric("m", 2.5, 11, 3), Metric("n", float("nan"), 5)]
        store.runs.log_batch(EVERYONE, run_id, metrics, [Param("p", "1")], [RunTag("t", "2")])
        data = store.runs.get_run(EVERYONE, run_id).data
        assert (data.params["p"], data.tags["t"], data.metrics["m"]) == ("1", "2", 2.5)
        assert data.metrics["n"] != data.metrics["n"]
        latest = {metric.key: (metric.timestamp, metric.step) for metric in data.latest_metrics}
        assert latest == {"m": (11, 3), "n": (5, 0)}

    def test_batch_with_a_changed_param_stores_nothing(self, store: TrackingStore, run_id: str) -> None:
        store.runs.log_parameter(EVERYONE, run_id, "p", "1")
        with pytest.raises(InvalidParameterValue, match="Changing param values"):
            store.runs.log_batch(
                EVERYONE,
                run_id,
                [Metric("m", 1.0, 1)],
                [Param("new", "1"), Param("p", "2")],
                [RunTag("t", "2")],
            )
        data = store.runs.get_run(EVERYONE, run_id).data
        assert (data.params, data.metrics, "t" in data.tags) == ({"p": "1"}, {}, False)

    def test_param_twice_in_a_batch_is_refused_even_with_one_value(self, store: TrackingStore, run_id: str) -> None:
        with pytest.raises(InvalidParameterValue, match="Duplicate"):
            store.runs.log_batch(EVERYONE, run_id, params=[Param("p", "1"), Param("p", "1")])

    @pytest.mark.parametrize(
        ("metrics", "params", "tags"),
        [
            pytest.param(1001, 0, 0, id="metrics"),
            pytest.param(0, 101, 0, id="params"),
            pytest.param(0, 0, 101, id="tags"),
            pytest.param(950, 26, 25, id="total"),
        ],
    )
    def test_too_large_batch_is_refused(
        self, store: TrackingStore, run_id: str, metrics: int, params: int, tags: int
    ) -> None:
        with pytest.raises(InvalidParameterValue, match="at most"):
            store.runs.log_batch(
                EVERYONE,
                run_id,
                [Metric("m", 1.0, 1, step) for step in range(metrics)],
                [Param(f"p{number}", "1") for number in range(params)],
                [RunTag(f"t{number}", "1") for number in range(tags)],
            )
        assert store.runs.get_run(EVERYONE, run_id).data.params == {}

    def test_negative_timestamp_is_refused(self, store: TrackingStore, run_id: str) -> None:
        with pytest.raises(InvalidParameterValue, match="timestamp"):
            store.runs.log_batch(EVERYONE, run_id, [Metric("m", 1.0, -1)])

    def test_models_of_the_older_kind_gather_in_a_tag(self, store: TrackingStore, run_id: str) -> None:
        model = {"artifact_path": "a", "flavors": {}, "utc_time_created": "now", "run_id": run_id}
        store.runs.log_model(EVERYONE, run_id, json.dumps(model))
        store.runs.log_model(EVERYONE, run_id, json.dumps(model | {"artifact_path": "b"}))
        history = json.loads(store.runs.get_run(EVERYONE, run_id).data.tags["mlflow.log-model.history"])
        assert [each["artifact_path"] for each in history] == ["a", "b"]

    @pytest.mark.parametrize("text", ["no json", "[]", "{}", '{"artifact_path": "a"}'])
    def test_incomplete_model_is_refused(self, store: TrackingStore, run_id: str, text: str) -> None:
        with pytest.raises(InvalidParameterValue, match=r"(?i)model"):
            store.runs.log_model(EVERYONE, run_id, text)

    def test_many_runs_are_tagged_at_once(self, store: TrackingStore, experiment_id: str) -> None:
        runs = [self.make_run(store, experiment_id, tags={"old": "1"}) for _ in range(3)]
        store.runs.delete_run(EVERYONE, runs[2])
        result = store.runs.tag_runs(EVERYONE, [*runs, runs[0], "nope"], {"new": "2"}, ["old"])
        assert result.changed == 2
        assert {(each.run_id, each.error_code) for each in result.refused} == {
            (runs[2], "INVALID_PARAMETER_VALUE"),
            ("nope", "RESOURCE_DOES_NOT_EXIST"),
        }
        tags = store.runs.get_run(EVERYONE, runs[0]).data.tags
        assert tags["new"] == "2"
        assert "old" not in tags

    def test_many_runs_are_deleted_and_restored_at_once(self, store: TrackingStore, experiment_id: str) -> None:
        runs = [self.make_run(store, experiment_id) for _ in range(3)]
        assert store.runs.delete_runs(EVERYONE, runs).changed == 3
        assert store.runs.count_runs(EVERYONE, [experiment_id]) == 0
        assert store.runs.restore_runs(EVERYONE, runs[:2]).changed == 2
        assert store.runs.count_runs(EVERYONE, [experiment_id]) == 2

    def test_run_that_never_sent_a_heartbeat_is_not_stale(self, store: TrackingStore, run_id: str) -> None:
        (liveness,) = store.runs.get_liveness(EVERYONE, [run_id, "f" * 32])
        assert (liveness.run_id, liveness.status, liveness.last_heartbeat, liveness.stale) == (
            run_id,
            "RUNNING",
            None,
            False,
        )

    def test_who_may_nothing_does_nothing(self, store: TrackingStore, experiment_id: str, run_id: str) -> None:
        for call in (
            lambda: store.runs.create_run(NOBODY, experiment_id),
            lambda: store.runs.get_run(NOBODY, run_id),
            lambda: store.runs.update_run(NOBODY, run_id, "FINISHED"),
            lambda: store.runs.delete_run(NOBODY, run_id),
            lambda: store.runs.restore_run(NOBODY, run_id),
            lambda: store.runs.log_parameter(NOBODY, run_id, "p", "1"),
            lambda: store.runs.set_tag(NOBODY, run_id, "t", "1"),
            lambda: store.runs.delete_tag(NOBODY, run_id, "mlflow.runName"),
            lambda: store.runs.log_batch(NOBODY, run_id, [Metric("m", 1.0, 1)]),
        ):
            with pytest.raises(PermissionDenied):
                call()
        assert store.runs.search_runs(NOBODY, [experiment_id]) == []
        assert store.runs.count_runs(NOBODY, [experiment_id]) == 0
        assert store.runs.get_liveness(NOBODY, [run_id]) == []
        refused = store.runs.delete_runs(NOBODY, [run_id]).refused
        assert [each.error_code for each in refused] == ["PERMISSION_DENIED"]
        assert store.runs.get_run(EVERYONE, run_id).info.lifecycle_stage == "active"

    def test_reader_reads_and_changes_nothing(self, store: TrackingStore, experiment_id: str, run_id: str) -> None:
        reader = reader_of(experiment_id)
        assert store.runs.get_run(reader, run_id).info.run_id == run_id
        assert len(store.runs.search_runs(reader, [experiment_id])) == 1
        with pytest.raises(PermissionDenied):
            store.runs.set_tag(reader, run_id, "t", "1")
        assert store.runs.tag_runs(reader, [run_id], {"t": "1"}).changed == 0

    def test_twenty_threads_log_to_one_run_and_nothing_is_lost(self, store: TrackingStore, run_id: str) -> None:
        def log(thread: int) -> None:
            for number in range(5):
                name = f"{thread}-{number}"
                metrics = [Metric(f"m{thread}", float(number), number, number), Metric("shared", 1.0, thread, number)]
                store.runs.log_batch(
                    EVERYONE, run_id, metrics, [Param(name, "1")], [RunTag("t", name), RunTag(name, "1")]
                )

        with ThreadPoolExecutor(20) as pool:
            list(pool.map(log, range(20)))
        data = store.runs.get_run(EVERYONE, run_id).data
        assert len(data.params) == 100
        assert len(data.tags) == 102
        assert {data.metrics[f"m{thread}"] for thread in range(20)} == {4.0}

    def test_twenty_threads_race_for_a_param_and_one_wins(self, store: TrackingStore, run_id: str) -> None:
        def log(thread: int) -> bool:
            try:
                store.runs.log_parameter(EVERYONE, run_id, "p", str(thread))
            except InvalidParameterValue:
                return False
            return True

        with ThreadPoolExecutor(20) as pool:
            assert sum(pool.map(log, range(20))) == 1

    def test_threads_that_edit_the_same_runs_in_any_order_do_not_deadlock(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        runs = [self.make_run(store, experiment_id) for _ in range(6)]

        def edit(thread: int) -> int:
            order = runs if thread % 2 else runs[::-1]
            return store.runs.tag_runs(EVERYONE, order, {f"t{thread}": "1", "shared": str(thread)}).changed

        with ThreadPoolExecutor(10) as pool:
            assert set(pool.map(edit, range(20))) == {6}
        assert len(store.runs.get_run(EVERYONE, runs[0]).data.tags) == 22
