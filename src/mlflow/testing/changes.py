"""What every store tells of what happened."""

from __future__ import annotations

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.changes import Change
from mlflow.contract.store import TrackingStore
from mlflow.entities.metric import Metric
from mlflow.exceptions import InvalidParameterValue
from mlflow.testing.fixtures import Suite, reader_of, unique

__all__ = ["ChangesSuite"]

PATIENCE = 10.0
"""Seconds to wait: a store may hold changes back until it is sure that none before them is missing."""


class Log:
    """A reader that goes on where it stopped."""

    def __init__(self, store: TrackingStore, topics: list[str]) -> None:
        self._store, self._topics = store, topics
        self.position = store.changes.get_changes(EVERYONE, topics).next

    def read(self) -> list[Change]:
        """What is new."""
        page = self._store.changes.get_changes(EVERYONE, self._topics, self.position)
        assert not page.reset
        assert page.next >= self.position
        assert [change.seq for change in page.changes] == sorted({change.seq for change in page.changes})
        assert all(self.position < change.seq <= page.next for change in page.changes)
        self.position = page.next
        return page.changes

    def read_until(self, count: int) -> list[Change]:
        """At least so many new changes."""
        deadline, found = time.monotonic() + PATIENCE, self.read()
        while len(found) < count and time.monotonic() < deadline:
            time.sleep(0.05)
            found += self.read()
        return found


class ChangesSuite(Suite):
    """The change log."""

    def test_what_happens_to_a_run_is_told_in_order(self, store: TrackingStore, experiment_id: str) -> None:
        log = Log(store, [f"exp:{experiment_id}"])
        run_id = store.runs.create_run(EVERYONE, experiment_id, run_name="mine").info.run_id
        store.runs.update_run(EVERYONE, run_id, "FINISHED", 99)
        store.runs.delete_run(EVERYONE, run_id)
        found = log.read_until(3)
        assert {(change.kind, change.experiment_id, change.run_id) for change in found} == {
            ("run", experiment_id, run_id)
        }
        created, ended, deleted = (change.data for change in found)
        assert (created["status"], created["run_name"]) == ("RUNNING", "mine")
        assert (ended["status"], ended["end_time"]) == ("FINISHED", 99)
        assert deleted["lifecycle_stage"] == "deleted"
        assert log.read() == []

    def test_points_are_told_by_key(self, store: TrackingStore, experiment_id: str, run_id: str) -> None:
        log = Log(store, [f"run:{run_id}"])
        store.runs.log_batch(EVERYONE, run_id, [Metric("a", 1.0, 5, 0), Metric("b", math.nan, 6, 1)])
        store.metrics.log_metric(EVERYONE, run_id, "a", 2.0, 7, 2)
        found = log.read_until(1)
        assert {(change.kind, change.experiment_id, change.run_id) for change in found} == {
            ("metrics", experiment_id, run_id)
        }
        points = [point for change in found for point in change.data.get("a", [])]
        assert points == [[0, 5, 1.0], [2, 7, 2.0]]
        assert found[0].data["b"] == [[1, 6, "NaN"]]

    def test_points_that_were_read_meanwhile_are_told_by_the_latest(self, store: TrackingStore, run_id: str) -> None:
        log = Log(store, [f"run:{run_id}"])
        store.runs.log_batch(EVERYONE, run_id, [Metric("a", float(step), 5, step) for step in range(1000)])
        store.runs.get_run(EVERYONE, run_id)
        (change,) = log.read_until(1)
        assert change.data["a"][-1] == [999, 5, 999.0]

    def test_many_points_are_told_by_the_newest(self, store: TrackingStore, run_id: str) -> None:
        log = Log(store, [f"run:{run_id}"])
        store.runs.log_batch(EVERYONE, run_id, [Metric("a", float(step), 5, step) for step in range(1000)])
        (change,) = log.read_until(1)
        assert change.data["a"][-1] == [999, 5, 999.0]
        assert len(change.data["a"]) <= 100

    def test_experiments_are_told(self, store: TrackingStore) -> None:
        name = unique("told")
        everything = Log(store, [])
        experiment_id = store.experiments.create_experiment(EVERYONE, name)
        store.experiments.update_experiment(EVERYONE, experiment_id, f"{name}-2")
        store.experiments.delete_experiment(EVERYONE, experiment_id)
        found = [change for change in everything.read_until(3) if change.experiment_id == experiment_id]
        assert [change.kind for change in found] == ["experiment"] * 3
        assert [change.data.get("name") for change in found] == [name, f"{name}-2", None]
        assert found[-1].data["lifecycle_stage"] == "deleted"

    def test_topics_choose(self, store: TrackingStore, experiment_id: str, run_id: str) -> None:
        other = self.make_run(store, store.experiments.create_experiment(EVERYONE, unique("other")))
        topics = {
            "run": Log(store, [f"run:{run_id}"]),
            "experiment": Log(store, [f"exp:{experiment_id}"]),
            "both": Log(store, [f"run:{other}", f"exp:{experiment_id}"]),
            "all": Log(store, []),
        }
        second = self.make_run(store, experiment_id)
        for of_run in (run_id, second, other):
            store.runs.set_tag(EVERYONE, of_run, "k", "v")
        seen = {name: {change.run_id for change in log.read_until(3)} for name, log in list(topics.items())[1:]}
        assert seen["experiment"] == {run_id, second}
        assert seen["both"] == {run_id, second, other}
        assert seen["all"] >= {run_id, second, other}
        assert {change.run_id for change in topics["run"].read()} == {run_id}

    @pytest.mark.parametrize("topic", ["", "exp", "runs:1", "exp:x"])
    def test_unknown_topic_is_refused(self, store: TrackingStore, topic: str) -> None:
        with pytest.raises(InvalidParameterValue):
            store.changes.get_changes(EVERYONE, [topic], 0)

    @pytest.mark.parametrize("limit", [0, -1, 10_001])
    def test_page_of_unacceptable_size_is_refused(self, store: TrackingStore, limit: int) -> None:
        with pytest.raises(InvalidParameterValue, match="limit"):
            store.changes.get_changes(EVERYONE, [], 0, limit)

    def test_pages_join(self, store: TrackingStore, experiment_id: str, run_id: str) -> None:
        start = Log(store, [f"exp:{experiment_id}"])
        for number in range(25):
            store.runs.set_tag(EVERYONE, run_id, "k", str(number))
        values: list[str] = []
        deadline, position = time.monotonic() + PATIENCE, start.position
        while len(values) < 25 and time.monotonic() < deadline:
            page = store.changes.get_changes(EVERYONE, [f"exp:{experiment_id}"], position, 4)
            assert len(page.changes) <= 4
            values += [change.data["tags"]["k"] for change in page.changes]
            position = page.next
        assert values[-25:] == [str(number) for number in range(25)]

    def test_what_a_caller_may_not_read_is_left_out(
        self, store: TrackingStore, experiment_id: str, run_id: str
    ) -> None:
        everything = Log(store, [])
        start = everything.position
        other = store.experiments.create_experiment(EVERYONE, unique("hidden"))
        store.runs.set_tag(EVERYONE, run_id, "k", "v")
        everything.read_until(2)
        reader = reader_of(experiment_id)
        shown = store.changes.get_changes(reader, [], start).changes
        assert {change.experiment_id for change in shown} == {experiment_id}
        assert store.changes.get_changes(reader, [f"exp:{other}"], start).changes == []
        assert store.changes.get_changes(NOBODY, [], start).changes == []

    def test_position_ahead_of_the_log_is_told_to_read_anew(self, store: TrackingStore, run_id: str) -> None:
        page = store.changes.get_changes(EVERYONE, [], 2**62)
        assert page.reset
        assert page.next < 2**62

    def test_no_change_of_many_writers_is_missed(self, store: TrackingStore, experiment_id: str) -> None:
        log = Log(store, [f"exp:{experiment_id}"])
        runs = [self.make_run(store, experiment_id) for _ in range(8)]
        stop, found = threading.Event(), log.read()

        def follow() -> None:
            while not stop.is_set():
                found.extend(log.read())

        def work(writer: int) -> None:
            for number in range(20):
                store.runs.set_tag(EVERYONE, runs[writer], "k", str(number))
                store.metrics.log_metric(EVERYONE, runs[writer], "m", float(number), 5, number)

        reader = threading.Thread(target=follow)
        reader.start()
        with ThreadPoolExecutor(8) as writers:
            list(writers.map(work, range(8)))
        stop.set()
        reader.join()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not _is_complete(found, runs):
            time.sleep(0.05)
            found += log.read()
        assert _is_complete(found, runs)
        assert len({change.seq for change in found}) == len(found)


def _is_complete(found: list[Change], runs: list[str]) -> bool:
    tags = {(change.run_id, change.data.get("tags", {}).get("k")) for change in found if change.kind == "run"}
    steps = {
        (change.run_id, step) for change in found if change.kind == "metrics" for step, _, _ in change.data.get("m", [])
    }
    return all({(run, str(number)) for number in range(20)} <= tags for run in runs) and all(
        {(run, number) for number in range(20)} <= steps for run in runs
    )
