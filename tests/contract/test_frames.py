"""The journal's frames: what is written is read back, and damage is named."""

import math
import random
import subprocess
import sys
import zlib
from array import array
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.contract.frames import (
    decode,
    encode,
    frame,
    keys_frame,
    metrics_body,
    prefix,
    run_frame,
    series_frames,
    walk,
)
from mlflow.contract.frames_operations import (
    Artifact,
    CreateExperiment,
    CreateRun,
    Heartbeat,
    Kind,
    LogInputs,
    Metrics,
    ModelMetrics,
    Operation,
    Params,
    Series,
    Tags,
    Unreadable,
    UpdateRun,
)
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.metric import Metric
from mlflow.exceptions import DataLoss, InvalidParameterValue

INT64 = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
TEXTS = st.dictionaries(NAMES, TEXT, max_size=4)
MAYBE = st.none() | TEXT

POINT = st.builds(Metric, key=NAMES, value=st.floats(), timestamp=INT64, step=INT64, model_id=MAYBE, dataset_name=MAYBE)
DATASET = st.builds(Dataset, name=NAMES, digest=NAMES, source_type=TEXT, source=TEXT, schema=MAYBE, profile=MAYBE)
RECORDS: dict[str, st.SearchStrategy[Operation]] = {
    "model metrics": st.builds(ModelMetrics, run_id=NAMES, points=st.lists(POINT, max_size=4).map(tuple)),
    "params": st.builds(Params, run_id=NAMES, params=TEXTS),
    "tags": st.builds(Tags, run_id=NAMES, tags=TEXTS),
    "create experiment": st.builds(
        CreateExperiment, name=NAMES, creation_time=INT64, artifact_location=MAYBE, tags=TEXTS
    ),
    "create run": st.builds(
        CreateRun,
        run_id=NAMES,
        start_time=INT64,
        experiment_id=MAYBE,
        experiment_name=MAYBE,
        run_name=MAYBE,
        user_id=MAYBE,
        tags=TEXTS,
    ),
    "update run": st.builds(UpdateRun, run_id=NAMES, status=MAYBE, end_time=st.none() | INT64, run_name=MAYBE),
    "log inputs": st.builds(
        LogInputs,
        run_id=NAMES,
        datasets=st.lists(
            st.builds(DatasetInput, dataset=DATASET, tags=st.lists(st.builds(InputTag, key=NAMES, value=TEXT))),
            max_size=3,
        ).map(tuple),
        models=st.lists(st.builds(LoggedModelInput, model_id=NAMES), max_size=3).map(tuple),
    ),
    "artifact": st.builds(Artifact, run_id=NAMES, path=TEXT, file=NAMES, size=st.integers(0, 2**63 - 1), sha256=TEXT),
    "heartbeat": st.builds(Heartbeat, run_id=NAMES, timestamp=INT64),
}

Row = tuple[int, int, int, int, list[float]]


def metrics_frame(run: int, keys: int, step: int, timestamp: int, values: list[float]) -> bytes:
    body = metrics_body(len(values)).pack(Kind.METRICS, run, keys, step, timestamp, *values)
    return prefix(len(body), zlib.crc32(body)) + body


def same_floats(left: Any, right: Any) -> bool:
    return bool(np.array_equal(np.asarray(left, float), np.asarray(right, float), equal_nan=True))


@pytest.mark.parametrize("records", RECORDS.values(), ids=RECORDS.keys())
def test_every_record_reads_back_as_written(records: st.SearchStrategy[Operation]) -> None:
    @given(records, INT64.map(abs))
    def round_trip(record: Operation, start: int) -> None:
        data = encode(record)
        (read,) = decode(b"", data, start)
        assert read.end == start + len(data)
        assert repr(msgspec.structs.replace(read, end=0)) == repr(record)  # repr, since NaN differs from itself

    round_trip()


@given(NAMES, NAMES, st.lists(st.tuples(INT64, INT64, st.floats()), min_size=1, max_size=50))
def test_a_history_reads_back_as_written(run: str, key: str, points: list[tuple[int, int, float]]) -> None:
    steps, timestamps, values = map(list, zip(*points, strict=True))
    (read,) = decode(b"", b"".join(series_frames(run, key, steps, timestamps, values)), 7)
    assert isinstance(read, Series)
    assert (read.run_id, read.key) == (run, key)
    assert (read.steps.tolist(), read.timestamps.tolist()) == (steps, timestamps)
    assert same_floats(read.values, values)


@pytest.mark.parametrize("columns", [array, np.asarray], ids=["array", "numpy"])
def test_a_long_history_is_split_into_frames(columns: Any) -> None:
    count = 100_000
    if columns is array:
        steps, values = array("q", range(count)), array("d", range(count))
    else:
        steps, values = np.arange(count), np.arange(count, dtype=float)
    frames = list(series_frames("run", "loss", steps, steps, values))
    read = [series for data in frames for series in decode(b"", data, 0) if isinstance(series, Series)]
    assert [len(series.steps) for series in read] == [40_000, 40_000, 20_000]
    assert np.concatenate([series.values for series in read]).tolist() == list(range(count))


def test_other_number_types_make_a_history_too() -> None:
    columns = np.arange(3, dtype=np.int32), range(3), np.arange(6, dtype=float)[::2]
    (read,) = decode(b"", next(series_frames("run", "loss", *columns)), 0)
    assert isinstance(read, Series)
    assert (read.steps.tolist(), read.timestamps.tolist(), read.values.tolist()) == ([0, 1, 2], [0, 1, 2], [0, 2, 4])


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        pytest.param(([1], [1, 2], [1.0]), "differ in length: 1, 2, 1", id="lengths"),
        pytest.param(([2**63], [1], [1.0]), "64-bit", id="too great"),
        pytest.param((["one"], [1], [1.0]), "64-bit", id="text"),
    ],
)
def test_a_history_of_bad_columns_is_refused(columns: Any, message: str) -> None:
    with pytest.raises(InvalidParameterValue, match=message):
        list(series_frames("run", "loss", *columns))


@st.composite
def calls(draw: st.DrawFn) -> list[Row]:
    widths = {keys: keys % 3 + 1 for keys in range(6)}
    keys = st.integers(0, 5)
    one = keys.flatmap(
        lambda k: st.tuples(
            st.integers(0, 1), st.just(k), INT64, INT64, st.lists(st.floats(), min_size=widths[k], max_size=widths[k])
        )
    )
    rows = draw(st.lists(one, max_size=30))
    repeated = draw(st.integers(1, 40))
    return rows + [row for row in rows[:2] for _ in range(repeated)]


DEFINITIONS = b"".join(
    [run_frame(0, "run a"), run_frame(1, "run b")]
    + [keys_frame(keys, tuple(f"{keys}.{i}" for i in range(keys % 3 + 1))) for keys in range(6)]
)


@given(calls(), st.integers(0, 2**40))
def test_metrics_read_back_by_column_whatever_their_order(rows: list[Row], start: int) -> None:
    expected: dict[Any, list[Any]] = {}
    data, offset = b"", start
    for run, keys, step, timestamp, values in rows:
        data += metrics_frame(run, keys, step, timestamp, values)
        offset = start + len(data)
        expected.setdefault((run, keys), []).append((step, timestamp, repr(values), offset))
    read: dict[Any, list[Any]] = {}
    watermark = start
    for operation in decode(DEFINITIONS, data, start):
        assert isinstance(operation, Metrics)
        keys = int(operation.keys[0].partition(".")[0])
        columns = (operation.steps, operation.timestamps, operation.values, operation.ends)
        points = [(int(s), int(t), repr(v.tolist()), int(e)) for s, t, v, e in zip(*columns, strict=True)]
        read[("run a", "run b").index(operation.run_id), keys] = points
        assert operation.end >= watermark
        watermark = operation.end
    assert read == expected
    assert watermark == offset


def test_a_block_of_metrics_is_safe_to_record_only_once_all_of_it_is_applied() -> None:
    data = b"".join(metrics_frame(0, keys, step, 5, [1.0] * (keys + 1)) for step in range(3) for keys in (0, 1))
    operations = list(decode(DEFINITIONS, data, 1000))
    assert [operation.end for operation in operations] == [1000, 1000 + len(data)]


def test_a_record_between_metrics_keeps_its_place() -> None:
    point = metrics_frame(0, 0, 1, 2, [3.0])
    data = point + point + encode(Params("run a", {"lr": "1"})) + point
    assert [type(operation).__name__ for operation in decode(DEFINITIONS, data, 0)] == ["Metrics", "Params", "Metrics"]


def test_definitions_inside_the_slice_count_from_there_on() -> None:
    data = run_frame(7, "late") + keys_frame(9, ("loss",)) + metrics_frame(7, 9, 1, 2, [math.inf])
    (read,) = decode(b"", data, 0)
    assert isinstance(read, Metrics)
    assert (read.run_id, read.keys, read.values.tolist()) == ("late", ("loss",), [[math.inf]])


def test_metrics_whose_definition_is_lost_are_named_and_do_not_stop_the_rest() -> None:
    lost, known = metrics_frame(0, 77, 1, 2, [3.0]), metrics_frame(0, 0, 1, 2, [3.0])
    first, second, third = decode(DEFINITIONS, known + lost + lost, 0)
    assert isinstance(first, Metrics)
    assert [op.offset for op in (second, third) if isinstance(op, Unreadable)] == [82, 123]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(frame(99, b"from a later version"), id="unknown kind"),
        pytest.param(frame(Kind.PARAMS, b"\xc1"), id="no msgpack"),
        pytest.param(frame(Kind.PARAMS, b"\x80"), id="missing fields"),
        pytest.param(frame(Kind.SERIES, b"\x80"), id="empty series"),
        pytest.param(frame(Kind.METRICS, b"odd"), id="odd metrics"),
    ],
)
def test_an_intact_frame_that_cannot_be_read_is_handed_on_with_a_reason(data: bytes) -> None:
    first, second = decode(b"", data + encode(Heartbeat("run", 1)), 10)
    assert isinstance(first, Unreadable)
    assert first.offset == first.end == 10 + len(data)
    assert first.reason
    assert isinstance(second, Heartbeat)


@pytest.mark.parametrize("count", [5, 2000], ids=["few", "many"])
def test_a_flipped_bit_raises_with_its_offset_after_what_was_whole(count: int) -> None:
    chance = random.Random(count)
    point = metrics_frame(0, 0, 1, 2, [3.0])
    for _ in range(50):
        data = bytearray(point * count)
        at = chance.randrange(len(data))
        data[at] ^= 1 << chance.randrange(8)
        whole, read = at // len(point), []
        with pytest.raises(DataLoss, match=rf"offset {500 + whole * len(point)}\b"):
            for operation in decode(DEFINITIONS, bytes(data), 500):
                assert isinstance(operation, Metrics)
                read += operation.ends.tolist()
        assert read == [500 + (i + 1) * len(point) for i in range(whole)]


def test_every_flipped_bit_of_a_record_is_found() -> None:
    whole = encode(Params("run", {"lr": "0.1"}))
    for bit in range(len(whole) * 8):
        data = bytearray(whole)
        data[bit // 8] ^= 1 << bit % 8
        with pytest.raises(DataLoss, match="offset 3"):
            list(decode(b"", bytes(data), 3))


def test_a_slice_that_ends_inside_a_frame_raises() -> None:
    data = metrics_frame(0, 0, 1, 2, [3.0])
    for cut in range(1, len(data)):
        with pytest.raises(DataLoss, match="offset 41"):
            list(decode(DEFINITIONS, data + data[:cut], 0))


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_noise_is_damage_and_nothing_worse(frames: bytes, definitions: bytes) -> None:
    if not frames:
        assert list(decode(definitions, frames, 0)) == []
        return
    with pytest.raises(DataLoss):
        list(decode(definitions, frames, 0))


@given(st.integers(0, 255), st.binary(max_size=200))
def test_an_intact_frame_of_noise_never_raises(kind: int, payload: bytes) -> None:
    data = frame(kind, payload)
    operations = list(decode(DEFINITIONS, data, 5))
    assert [operation.end for operation in operations] in ([5 + len(data)], [])
    assert operations or kind in (Kind.RUN, Kind.KEYS)


def test_walking_stops_at_the_first_zero_length() -> None:
    data = encode(Heartbeat("run", 1))
    assert [found.end for found in walk(data * 2 + bytes(100))] == [len(data), 2 * len(data)]


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda: encode(Tags("run", {"note": "x" * 2**24})), id="too long"),
        pytest.param(lambda: encode(Tags("run", {"note": "\ud800"})), id="lone surrogate"),
        pytest.param(lambda: run_frame(0, "\ud800"), id="lone surrogate in a run id"),
        pytest.param(lambda: encode(Heartbeat("run", 2**70)), id="too great"),
    ],
)
def test_what_no_frame_can_hold_is_refused(write: Any) -> None:
    with pytest.raises(InvalidParameterValue):
        write()


def test_writing_frames_loads_no_numpy() -> None:
    program = "import sys, mlflow.contract.frames as f; f.run_frame(0, 'r'); assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
