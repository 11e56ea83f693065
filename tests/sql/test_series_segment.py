from __future__ import annotations

import math
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mlflow.exceptions import DataLoss
from mlflow.sql.series.cursor import Cursor
from mlflow.sql.series.integers import decode_integers, encode_integers
from mlflow.sql.series.merge import split
from mlflow.sql.series.outline import encode_outline
from mlflow.sql.series.planes import decode_planes, encode_planes
from mlflow.sql.series.points import Integers, Points, Reals
from mlflow.sql.series.reals import decode_reals, encode_reals
from mlflow.sql.series.segment import (
    HEADER_SIZE,
    MAX_POINTS,
    Header,
    decode_segment,
    encode_segment,
    read_header,
)
from tests.sql.series_rows import HIGHEST, LOWEST, Row, columns, distinct, same_bits, some_rows, training

RANDOM = np.random.default_rng(3)
INDEX = np.arange(4096)
NOISE = RANDOM.standard_normal(4096)

INTEGERS = {
    "one": np.array([LOWEST]),
    "consecutive": INDEX - 2048,
    "constant": np.full(4096, HIGHEST),
    "jitter on a grid": 1_700_000_000_000 + INDEX * 100 + RANDOM.integers(-5, 6, 4096),
    "jittering intervals": np.cumsum(RANDOM.integers(95, 106, 4096)),
    "limits in turn": np.where(INDEX % 2, LOWEST, HIGHEST),
    "random": RANDOM.integers(LOWEST, HIGHEST, 4096),
    "small": RANDOM.integers(0, 2, 4096),
    "from end to end": np.array([LOWEST, -1, 0, HIGHEST]),
}

REALS = {
    "one": np.array([math.nan]),
    "noise": NOISE,
    "decay": np.exp(-INDEX / 1e3),
    "negative": -1 - NOISE**2,
    "float32": NOISE.astype(np.float32) * np.ones(1),
    "four digits": np.round(NOISE, 4),
    "integers": INDEX * 3.0,
    "zeros of both signs": np.where(INDEX % 2, 0.0, -0.0),
    "some nan": np.where(INDEX % 7, NOISE, math.nan),
    "largest": np.where(INDEX % 2, 1.7976931348623157e308, -1.7976931348623157e308),
    "subnormal": INDEX * 5e-324,
    "random bits": RANDOM.integers(0, 1 << 64, 4096, np.uint64).view(np.float64),
}


@pytest.mark.parametrize("column", INTEGERS.values(), ids=INTEGERS)
def test_integers_come_back(column: Integers) -> None:
    cursor = Cursor(memoryview(encode_integers(column)))
    assert np.array_equal(decode_integers(cursor, len(column)), column)
    assert cursor.left == 0


@given(arrays.arrays(np.int64, st.integers(1, 100)))
def test_any_integers_come_back(column: Integers) -> None:
    assert np.array_equal(decode_integers(Cursor(memoryview(encode_integers(column))), len(column)), column)


@pytest.mark.parametrize("column", REALS.values(), ids=REALS)
def test_reals_come_back_bit_for_bit(column: Reals) -> None:
    cursor = Cursor(memoryview(encode_reals(column)))
    assert np.array_equal(decode_reals(cursor, len(column)).view(np.uint64), column.view(np.uint64))
    assert cursor.left == 0


@given(arrays.arrays(np.float64, st.integers(1, 100)), st.sampled_from([None, 0, 2, 6]))
def test_any_reals_come_back_bit_for_bit(column: Reals, digits: int | None) -> None:
    if digits is not None:
        with np.errstate(all="ignore"):
            column = np.round(column, digits)
    decoded = decode_reals(Cursor(memoryview(encode_reals(column))), len(column))
    assert np.array_equal(decoded.view(np.uint64), column.view(np.uint64))


@given(arrays.arrays(np.uint64, st.integers(1, 200), elements=st.integers(0, 1 << 20)))
def test_planes_come_back(words: np.ndarray) -> None:
    assert np.array_equal(decode_planes(Cursor(memoryview(encode_planes(words))), len(words)), words)


@pytest.mark.parametrize(
    ("column", "most"),
    [("consecutive", 20), ("constant", 20), ("jittering intervals", 1900), ("jitter on a grid", 1900), ("small", 540)],
)
def test_regular_integers_take_few_bytes(column: str, most: int) -> None:
    assert len(encode_integers(INTEGERS[column])) <= most


@pytest.mark.parametrize(("column", "most"), [("integers", 24), ("four digits", 8300), ("float32", 14500)])
def test_numbers_of_few_digits_take_few_bytes(column: str, most: int) -> None:
    assert len(encode_reals(REALS[column])) <= most


@given(some_rows)
@example([Row(LOWEST, HIGHEST, math.nan)])
@example([Row(LOWEST, HIGHEST, 1.0), Row(HIGHEST, LOWEST, 2.0)])
def test_segment_gives_its_points_and_header_back(given_rows: list[Row]) -> None:
    points = columns(distinct(given_rows))
    data = encode_segment(points)
    assert same_bits(decode_segment(data), points)
    assert read_header(data[:HEADER_SIZE]) == Header.of(points)


@pytest.mark.parametrize("n", [1, 16, 17, 63, 64, 4095, 4096, MAX_POINTS])
def test_training_points_come_back(n: int) -> None:
    points = training(n)
    data = encode_segment(points)
    assert same_bits(decode_segment(data), points)
    header = read_header(data[:HEADER_SIZE])
    assert (header.count, header.first, header.last) == (n, points.position(0), points.position(-1))


def test_header_tells_least_and_greatest_timestamps_of_a_clock_that_ran_back() -> None:
    header = read_header(encode_segment(columns([Row(step, 50 - step * step, 0.5) for step in range(-5, 6)])))
    assert (header.min_timestamp, header.max_timestamp) == (25, 50)
    assert header.first.timestamp == 25


def test_threads_encode_and_decode_side_by_side() -> None:
    series = [training(4096, seed) for seed in range(40)]
    with ThreadPoolExecutor(4) as pool:
        decoded = list(pool.map(lambda points: decode_segment(encode_segment(points)), series))
    assert all(map(same_bits, decoded, series))


@pytest.mark.parametrize("n", [0, MAX_POINTS + 1])
def test_segment_refuses_no_points_and_too_many(n: int) -> None:
    with pytest.raises(ValueError, match="a segment holds 1 to"):
        encode_segment(Points(np.arange(n), np.arange(n), np.zeros(n)))


def test_header_of_no_points_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Header.of(columns([]))


def test_noisy_training_run_takes_at_most_seven_and_six_tenths_bytes_a_point() -> None:
    points = training(40 * 4096)
    sizes = [len(encode_segment(chunk)) + len(encode_outline(chunk)) for chunk in split(points)]
    assert sum(sizes) / len(points) <= 7.6


@pytest.mark.parametrize("n", [1, 16, 17, 300])
def test_each_flipped_byte_and_each_cut_of_a_segment_is_data_loss(n: int) -> None:
    data = encode_segment(training(n))
    for index in range(len(data)):
        damaged = data[:index] + bytes((data[index] ^ 0x10,)) + data[index + 1 :]
        cut = data[:index]
        with pytest.raises(DataLoss):
            decode_segment(damaged)
        with pytest.raises(DataLoss):
            decode_segment(cut)


@given(st.binary(max_size=200))
def test_foreign_bytes_are_no_segment(data: bytes) -> None:
    for read in (decode_segment, read_header):
        with pytest.raises(DataLoss):
            read(data)


@given(st.integers(17, 300), st.data())
def test_forged_columns_with_right_checksums_decode_or_are_data_loss(n: int, data: st.DataObject) -> None:
    segment = encode_segment(training(n))
    columns_at = 80
    body = bytearray(segment[columns_at:])
    for index in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=3)):
        body[index] = data.draw(st.integers(0, 255))
    cut = bytes(body[: data.draw(st.integers(0, len(body)))]) if data.draw(st.booleans()) else bytes(body)
    header = segment[:72] + struct.pack("<I", zlib.crc32(cut))
    try:
        points = decode_segment(header + struct.pack("<I", zlib.crc32(header)) + cut)
    except DataLoss as exc:
        assert "damaged" in exc.message
    else:
        assert len(points) == n


@pytest.mark.parametrize("count", [0, MAX_POINTS + 1, (1 << 32) - 1])
def test_forged_count_is_data_loss(count: int) -> None:
    segment = encode_segment(training(20))
    header = segment[:4] + struct.pack("<I", count) + segment[8:76]
    with pytest.raises(DataLoss, match="claims"):
        decode_segment(header + struct.pack("<I", zlib.crc32(header)) + segment[80:])
