"""What every store does with the journals of clients."""

from __future__ import annotations

import math
import uuid
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from mlflow.contract.caller import EVERYONE
from mlflow.contract.frames import Ingested, encode, keys_frame, metrics_body, prefix, run_frame, series_frames
from mlflow.contract.frames_operations import (
    Artifact,
    CreateExperiment,
    CreateRun,
    Heartbeat,
    Kind,
    LogInputs,
    ModelMetrics,
    Operation,
    Params,
    Tags,
    UpdateRun,
)
from mlflow.contract.store import TrackingStore
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.metric import Metric
from mlflow.exceptions import DataLoss, InvalidParameterValue
from mlflow.testing.fixtures import Suite, reader_of, unique

__all__ = ["JournalsSuite"]


def call_frame(run: int, keys: int, step: int, timestamp: int, values: Sequence[float]) -> bytes:
    """One call of log_metrics."""
    body = metrics_body(len(values)).pack(Kind.METRICS, run, keys, step, timestamp, *values)
    return prefix(len(body), zlib.crc32(body)) + body


class Journal:
    """A client's journal in memory, shipped to a store."""

    def __init__(self, store: TrackingStore) -> None:
        self.id = uuid.uuid4().hex
        self.definitions = b""
        self.frames = b""
        self._store = store

    def add(self, *frames: bytes | Operation) -> int:
        """Append frames; answers where the last one ends."""
        self.frames += b"".join(encode(frame) if isinstance(frame, Operation) else frame for frame in frames)
        return len(self.frames)

    def ship(self, start: int = 0, end: int | None = None) -> Ingested:
        """Send the frames between two offsets."""
        return self._store.journals.ingest(EVERYONE, self.id, start, self.definitions, self.frames[start:end])


class JournalsSuite(Suite):
    """Exactly-once intake of frames."""

    @pytest.fixture
    def journal(self, store: TrackingStore) -> Journal:
        """An empty journal."""
        return Journal(store)

    def test_calls_arrive_with_all_their_points(self, store: TrackingStore, run_id: str, journal: Journal) -> None:
        journal.definitions = run_frame(0, run_id) + keys_frame(1, ("a", "b"))
        end = journal.add(*(call_frame(0, 1, step, 100 + step, (step / 2, math.nan)) for step in range(500)))
        assert journal.ship() == Ingested(end, [])
        found = store.metrics.get_metric_history(EVERYONE, run_id, "a")
        assert found == [Metric("a", step / 2, 100 + step, step) for step in range(500)]
        assert math.isnan(store.runs.get_run(EVERYONE, run_id).data.metrics["b"])
        assert store.journals.get_applied(EVERYONE, journal.id) == end

    def test_slice_that_comes_again_changes_nothing(self, store: TrackingStore, run_id: str, journal: Journal) -> None:
        journal.add(Tags(run_id=run_id, tags={"k": "first"}))
        answer = journal.ship()
        store.runs.set_tag(EVERYONE, run_id, "k", "second")
        assert journal.ship() == answer
        assert store.runs.get_run(EVERYONE, run_id).data.tags["k"] == "second"

    def test_slices_may_overlap_and_be_cut_anywhere(self, store: TrackingStore, run_id: str, journal: Journal) -> None:
        journal.definitions = run_frame(0, run_id) + keys_frame(1, ("a",))
        ends = [journal.add(call_frame(0, 1, step, 5, (float(step),))) for step in range(10)]
        assert journal.ship(0, ends[4]).applied == ends[4]
        assert journal.ship(ends[1], ends[7]).applied == ends[7]
        assert journal.ship(0).applied == ends[-1]
        assert journal.ship(0, ends[2]).applied == ends[-1]
        assert [point.step for point in store.metrics.get_metric_history(EVERYONE, run_id, "a")] == list(range(10))

    def test_refused_frame_is_named_and_the_rest_go_on(
        self, store: TrackingStore, run_id: str, journal: Journal
    ) -> None:
        journal.definitions = run_frame(0, "f" * 32) + run_frame(1, run_id) + keys_frame(0, ("a",))
        journal.add(Params(run_id=run_id, params={"p": "1", "q": "1"}))
        changed = journal.add(Params(run_id=run_id, params={"p": "2", "r": "1"}))
        unknown = journal.add(Tags(run_id="f" * 32, tags={"k": "v"}))
        point = journal.add(call_frame(0, 0, 0, 5, (1.0,)))
        odd = journal.add(Tags(run_id=run_id, tags={"../k": "v"}))
        end = journal.add(Tags(run_id=run_id, tags={"k": "v"}))
        answer = journal.ship()
        assert answer.applied == end
        assert [(refused.offset, refused.error_code) for refused in answer.rejected] == [
            (changed, "INVALID_PARAMETER_VALUE"),
            (unknown, "RESOURCE_DOES_NOT_EXIST"),
            (point, "RESOURCE_DOES_NOT_EXIST"),
            (odd, "INVALID_PARAMETER_VALUE"),
        ]
        data = store.runs.get_run(EVERYONE, run_id).data
        assert (data.params, data.tags["k"]) == ({"p": "1", "q": "1"}, "v")
        assert "../k" not in data.tags
        assert journal.ship() == answer

    def test_refusals_are_named_until_the_client_goes_on(
        self, store: TrackingStore, run_id: str, journal: Journal
    ) -> None:
        first = journal.add(Tags(run_id="f" * 32, tags={"k": "v"}))
        second = journal.add(Tags(run_id="e" * 32, tags={"k": "v"}))
        journal.ship(0, first)
        assert [refused.offset for refused in journal.ship().rejected] == [first, second]
        third = journal.add(Tags(run_id=run_id, tags={"k": "v"}))
        assert journal.ship(second) == Ingested(third, [])

    def test_points_below_the_epoch_are_refused_one_by_one(
        self, store: TrackingStore, run_id: str, journal: Journal
    ) -> None:
        journal.definitions = run_frame(0, run_id) + keys_frame(0, ("a",))
        journal.add(call_frame(0, 0, 0, 5, (1.0,)))
        bad = journal.add(call_frame(0, 0, 1, -5, (1.0,)))
        end = journal.add(call_frame(0, 0, 2, 5, (1.0,)))
        answer = journal.ship()
        assert answer.applied == end
        assert [(refused.offset, refused.error_code) for refused in answer.rejected] == [
            (bad, "INVALID_PARAMETER_VALUE")
        ]
        assert [point.step for point in store.metrics.get_metric_history(EVERYONE, run_id, "a")] == [0, 2]

    def test_deleted_run_takes_nothing(self, store: TrackingStore, run_id: str, journal: Journal) -> None:
        journal.definitions = run_frame(0, run_id) + keys_frame(0, ("a",))
        journal.add(call_frame(0, 0, 0, 5, (1.0,)), Params(run_id=run_id, params={"p": "1"}))
        store.runs.delete_run(EVERYONE, run_id)
        assert {refused.error_code for refused in journal.ship().rejected} == {"INVALID_PARAMETER_VALUE"}
        assert store.metrics.get_metric_history(EVERYONE, run_id, "a") == []

    def test_run_made_without_a_server(self, store: TrackingStore, journal: Journal) -> None:
        name, run_id = unique("offline"), uuid.uuid4().hex
        journal.definitions = run_frame(7, run_id) + keys_frame(3, ("loss",))
        journal.add(
            CreateExperiment(name=name, creation_time=5, tags={"team": "vision"}),
            CreateRun(run_id=run_id, start_time=7, experiment_name=name, run_name="mine", tags={"t": "1"}),
            Params(run_id=run_id, params={"lr": "0.1"}),
            call_frame(7, 3, 0, 8, (0.5,)),
            Heartbeat(run_id=run_id, timestamp=9),
            Artifact(run_id=run_id, path="a.txt", file="0", size=1, sha256="0" * 64),
            UpdateRun(run_id=run_id, status="FINISHED", end_time=10),
        )
        assert journal.ship().rejected == []
        run = store.runs.get_run(EVERYONE, run_id)
        assert (run.info.run_name, run.info.start_time, run.info.status, run.info.end_time) == (
            "mine",
            7,
            "FINISHED",
            10,
        )
        assert (run.data.params, run.data.tags["t"], run.data.metrics) == ({"lr": "0.1"}, "1", {"loss": 0.5})
        experiment = store.experiments.get_experiment(EVERYONE, run.info.experiment_id)
        assert (experiment.name, experiment.creation_time, experiment.tags) == (name, 5, {"team": "vision"})
        (liveness,) = store.runs.get_liveness(EVERYONE, [run_id])
        assert liveness.last_heartbeat == 9

    def test_two_clients_make_the_same_experiment_and_run(self, store: TrackingStore) -> None:
        name, run_id = unique("offline"), uuid.uuid4().hex
        for number in range(2):
            journal = Journal(store)
            journal.add(
                CreateRun(run_id=run_id, start_time=7, experiment_name=name),
                Tags(run_id=run_id, tags={f"rank{number}": "here"}),
            )
            assert journal.ship().rejected == []
        assert {"rank0", "rank1"} <= store.runs.get_run(EVERYONE, run_id).data.tags.keys()

    def test_inputs_and_histories(self, store: TrackingStore, run_id: str, journal: Journal) -> None:
        count = 100_000
        dataset = DatasetInput(Dataset("iris", "abc", "local", "here"))
        journal.add(LogInputs(run_id=run_id, datasets=(dataset,)))
        journal.add(*series_frames(run_id, "loss", range(count), range(count), [0.5] * count))
        assert journal.ship().rejected == []
        assert store.metrics.get_metric_columns(EVERYONE, run_id, "loss").count == count
        (found,) = store.runs.get_run(EVERYONE, run_id).inputs.dataset_inputs
        assert found.dataset.name == "iris"

    def test_points_of_an_unknown_model_are_refused(self, store: TrackingStore, run_id: str, journal: Journal) -> None:
        journal.add(ModelMetrics(run_id=run_id, points=(Metric("a", 1.0, 5, 0, "m-123"),)))
        end = journal.add(ModelMetrics(run_id=run_id, points=(Metric("b", 1.0, 5, 0),)))
        (refused,) = journal.ship().rejected
        assert (refused.error_code, refused.offset < end) == ("BAD_REQUEST", True)
        assert store.runs.get_run(EVERYONE, run_id).data.metrics == {"b": 1.0}

    @pytest.mark.parametrize("place", ["checksum", "payload", "cut"])
    def test_damage_ends_a_slice_and_what_was_before_is_kept(
        self, store: TrackingStore, run_id: str, journal: Journal, place: str
    ) -> None:
        good = journal.add(Tags(run_id=run_id, tags={"a": "1"}))
        journal.add(Tags(run_id=run_id, tags={"b": "1"}))
        intact = journal.frames
        at = good + {"checksum": 4, "payload": 12, "cut": 0}[place]
        journal.frames = intact[:-1] if place == "cut" else intact[:at] + bytes([intact[at] ^ 1]) + intact[at + 1 :]
        with pytest.raises(DataLoss):
            journal.ship()
        assert store.journals.get_applied(EVERYONE, journal.id) == good
        journal.frames = intact
        assert journal.ship(good).applied == len(intact)
        assert {"a", "b"} <= store.runs.get_run(EVERYONE, run_id).data.tags.keys()

    def test_frame_of_a_newer_version_is_refused_alone(
        self, store: TrackingStore, run_id: str, journal: Journal
    ) -> None:
        body = bytes([200]) + b"\x80"
        newer = journal.add(prefix(len(body), zlib.crc32(body)) + body)
        end = journal.add(Tags(run_id=run_id, tags={"a": "1"}))
        answer = journal.ship()
        assert (answer.applied, [refused.offset for refused in answer.rejected]) == (end, [newer])

    def test_what_the_caller_may_not_edit_is_refused(
        self, store: TrackingStore, experiment_id: str, run_id: str, journal: Journal
    ) -> None:
        journal.definitions = run_frame(0, run_id) + keys_frame(0, ("a",))
        journal.add(call_frame(0, 0, 0, 5, (1.0,)), Tags(run_id=run_id, tags={"a": "1"}))
        journal.add(CreateRun(run_id=uuid.uuid4().hex, start_time=1, experiment_id=experiment_id))
        journal.add(CreateExperiment(name=unique("mine"), creation_time=1))
        answer = store.journals.ingest(reader_of(experiment_id), journal.id, 0, journal.definitions, journal.frames)
        assert [refused.error_code for refused in answer.rejected] == ["PERMISSION_DENIED"] * 4
        assert store.runs.get_run(EVERYONE, run_id).data.metrics == {}

    @pytest.mark.parametrize("journal_id", ["", "x" * 257, "a\nb", "é"])
    def test_odd_journal_id_is_refused(self, store: TrackingStore, journal_id: str) -> None:
        with pytest.raises(InvalidParameterValue):
            store.journals.ingest(EVERYONE, journal_id, 0, b"", b"")

    def test_unknown_journal_was_applied_up_to_the_beginning(self, store: TrackingStore) -> None:
        assert store.journals.get_applied(EVERYONE, uuid.uuid4().hex) == 0

    def test_journal_goes_on_after_damage_that_its_client_set_aside(
        self, store: TrackingStore, run_id: str, journal: Journal
    ) -> None:
        first = journal.add(Tags(run_id=run_id, tags={"a": "1"}))
        journal.ship()
        journal.frames += bytes(1000)
        end = journal.add(Tags(run_id=run_id, tags={"b": "1"}))
        assert journal.ship(first + 1000).applied == end

    def test_same_slice_from_many_threads_counts_once(
        self, store: TrackingStore, run_id: str, journal: Journal
    ) -> None:
        for number in range(20):
            journal.add(Tags(run_id=run_id, tags={"k": str(number)}), Params(run_id=run_id, params={f"p{number}": "1"}))
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _: journal.ship(), range(16)))
        assert answers == [Ingested(len(journal.frames), [])] * 16
        assert len(store.runs.get_run(EVERYONE, run_id).data.params) == 20

    def test_many_ranks_write_the_same_runs(self, store: TrackingStore, experiment_id: str) -> None:
        runs = [self.make_run(store, experiment_id) for _ in range(4)]

        def rank(number: int) -> list[int]:
            journal, at = Journal(store), 0
            journal.definitions = b"".join(run_frame(index, run) for index, run in enumerate(runs))
            journal.definitions += keys_frame(0, (f"m{number}", "shared"))
            order = runs if number % 2 else runs[::-1]
            for step in range(5):
                for run_id in order:
                    journal.add(call_frame(runs.index(run_id), 0, step, 5, (1.0, float(number))))
                    journal.add(Tags(run_id=run_id, tags={f"rank{number}": str(step)}))
                    journal.add(Heartbeat(run_id=run_id, timestamp=step))
                at = journal.ship(at).applied
            return [at, len(journal.frames)]

        with ThreadPoolExecutor(32) as threads:
            ends = list(threads.map(rank, range(32)))
        assert all(applied == end for applied, end in ends)
        for summary in store.metrics.summarize_metrics(EVERYONE, runs):
            assert summary.count == (160 if summary.key == "shared" else 5)
        for run_id in runs:
            tags = store.runs.get_run(EVERYONE, run_id).data.tags
            assert {tags[f"rank{number}"] for number in range(32)} == {"4"}
