"""What counts as the same: points bit for bit, files less ids and times, data sets by digest."""

import math

import pytest

from mlflow.entities import Dataset, DatasetInput, Metric
from mlflow.projects.reproduction.artifacts import compare_artifacts, plain_content, plain_name
from mlflow.projects.reproduction.metrics import Tolerance, compare_histories, is_left_out
from mlflow.projects.reproduction.record import read_record
from mlflow.projects.reproduction.verdict import judge
from mlflow.tracking.client import MlflowClient

NAN = math.nan
ONE_STEP = [Metric("m", 1.0, 5, 0), Metric("m", 2.0, 6, 0)]


def points(*values: float, first_step: int = 0) -> list[Metric]:
    return [Metric("m", value, 1000 + step, step) for step, value in enumerate(values, first_step)]


@pytest.mark.parametrize(
    ("first", "second", "verdict", "parts_at"),
    [
        (points(1.0, 2.0), points(1.0, 2.0), "EXACT", None),
        (points(NAN, 1.0), points(NAN, 1.0), "EXACT", None),
        (ONE_STEP, ONE_STEP[::-1], "EXACT", None),
        (points(0.0), points(-0.0), "WITHIN TOLERANCE", 0),
        (points(1.0, 1e6), points(1.0, 1e6 + 0.5), "WITHIN TOLERANCE", 1),
        (points(1.0, 2.0), points(1.0, 2.1), "DIFFERENT", 1),
        (points(1.0, NAN), points(1.0, 2.0), "DIFFERENT", 1),
        (points(1.0, math.inf), points(1.0, 2.0), "DIFFERENT", 1),
        (points(1.0, 2.0), points(1.0), "DIFFERENT", 1),
        (points(1.0), points(1.0, 2.0), "DIFFERENT", 1),
        (points(1.0), points(1.0, first_step=3), "DIFFERENT", 0),
        ([], points(1.0), "DIFFERENT", 0),
    ],
)
def test_histories_compare_bit_for_bit_by_step(
    first: list[Metric], second: list[Metric], verdict: str, parts_at: int | None
) -> None:
    found = compare_histories("m", first, second, Tolerance())
    assert (found.verdict, found.parts_at) == (verdict, parts_at)


def test_the_values_where_curves_part_are_told() -> None:
    found = compare_histories("m", points(1.0, 2.0, 3.0), points(1.0, 2.5, 5.0), Tolerance())
    assert (found.first, found.second, found.largest, found.points) == (2.0, 2.5, 2.0, 3)
    missing = compare_histories("m", points(1.0, 2.0), points(1.0), Tolerance())
    assert (missing.first, missing.second, missing.largest) == (2.0, None, None)


@pytest.mark.parametrize(
    ("key", "left_out"),
    [
        ("fit_seconds", True), ("epoch/time", True), ("train_samples_per_second", True), ("system/cpu", True),
        ("loss", False), ("times_table", True), ("sentiment", False), ("lifetime_value", False), ("systematic", False),
    ],
)  # fmt: skip
def test_how_long_or_fast_something_was_is_left_out(key: str, left_out: bool) -> None:
    assert is_left_out(key) is left_out


def test_ids_and_times_in_files_do_not_count() -> None:
    first = b'{"run_id": "%s", "model_uuid": "%s", "utc_time_created": "2026-01-02 03:04:05.678", "x": 1}'
    one = plain_content(first % (b"a" * 32, b"1" * 32), "a" * 32)
    other = plain_content((first % (b"b" * 32, b"2" * 32)).replace(b"03:04", b"17:18"), "b" * 32)
    assert one == other
    assert plain_content(b"x: 2", "a") != plain_content(b"x: 1", "b")
    binary = b"\0 2026-01-02 03:04:05"
    assert plain_content(binary, "a" * 32) == binary
    names = [f"images/loss+step+1+timestamp+{ms}+0a1b-{ms}.png" for ms in (1700000000000, 1800000000000)]
    assert len({plain_name(name) for name in names}) == 1
    media = [f"media/audio/key/step-7+{ms}+0a1b2c3d.wav" for ms in (1700000000000, 1800000000000)]
    assert {plain_name(name) for name in media} == {"media/audio/key/step-7.wav"}


def test_files_and_data_sets_of_two_runs_are_compared(store: MlflowClient) -> None:
    first, second = (store.create_run("0").info.run_id for _ in range(2))
    for run_id, text, digest in ((first, "one", "d1"), (second, "two", "d2")):
        store.log_metric(run_id, "m", 1.0)
        store.log_text(run_id, text, "a/changed.txt")
        store.log_text(run_id, run_id, "same.txt")
        store.log_text(run_id, "x", f"only-{text}.txt")
        inputs = [Dataset("kept", "d0", "local", "{}"), Dataset("moved", digest, "local", "{}")]
        store.log_inputs(run_id, [DatasetInput(dataset, []) for dataset in inputs])
    found, count = compare_artifacts(store, first, second)
    assert count == 3
    assert {(difference.path, difference.what) for difference in found} == {
        ("a/changed.txt", "changed"), ("only-one.txt", "only in the first"), ("only-two.txt", "only in the second"),
    }  # fmt: skip
    report = judge(store, read_record(store, first), read_record(store, second), Tolerance(), [])
    assert report.verdict == "DIFFERENT"
    assert report.datasets == {"kept": True, "moved": False}
    assert [(reason.kind, reason.name) for reason in report.reasons] == [("data", "moved")]
    assert "data sets:  1 of 2 the same" in report.to_markdown()
    assert "data: moved: d1 → d2" in report.to_markdown()
