from __future__ import annotations

import math
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.exceptions import DataLoss, InvalidParameterValue
from mlflow.sql.series.block import MAX_POINTS, decode_block, encode_batch, encode_block
from mlflow.sql.series.points import LARGEST, Batch, Points
from tests.sql.series_rows import Row, columns, rows, same_bits, values, wide

keys = st.integers(-(1 << 31), (1 << 31) - 1)


def block(given_rows: list[Row], given_keys: list[int]) -> bytes:
    steps, timestamps, numbers = map(list, zip(*given_rows, strict=True)) if given_rows else ([], [], [])
    return encode_block(given_keys, steps, timestamps, numbers)


@given(rows, st.data())
def test_block_gives_its_points_back(given_rows: list[Row], data: st.DataObject) -> None:
    given_keys = data.draw(st.lists(keys, min_size=len(given_rows), max_size=len(given_rows)))
    batch = decode_block(block(given_rows, given_keys))
    assert batch.keys.tolist() == given_keys
    assert same_bits(batch.points, columns(given_rows))


@given(keys, wide, wide, values)
def test_single_point_takes_forty_bytes(key: int, step: int, timestamp: int, value: float) -> None:
    data = encode_block([key], [step], [timestamp], [value])
    assert len(data) == 40
    batch = decode_block(data)
    assert batch.keys.tolist() == [key]
    assert same_bits(batch.points, columns([Row(step, timestamp, value)]))


@pytest.mark.parametrize("n", [1, 2, 100], ids=["alone", "plain", "packed"])
def test_infinities_are_clamped_on_the_way_in(n: int) -> None:
    for given_value, kept in ((math.inf, LARGEST), (-math.inf, -LARGEST)):
        batch = decode_block(encode_block([1] * n, [0] * n, [0] * n, [given_value] * n))
        assert batch.points.values.tolist() == [kept] * n


def test_thousand_metrics_of_one_step_pack_to_nine_bytes_each() -> None:
    random = np.random.default_rng(1).standard_normal(1000).tolist()
    assert len(encode_block(range(1000), [7] * 1000, [1_700_000_000_000] * 1000, random)) < 9000


@pytest.mark.parametrize("n", [1, 2, 100], ids=["alone", "plain", "packed"])
@pytest.mark.parametrize(
    "member",
    [
        ([1], [1 << 63], [0], [0.0]),
        ([1], [0], [-(1 << 63) - 1], [0.0]),
        ([1], [0], [0], ["x"]),
        ([1], ["x"], [0], [0.0]),
    ],
    ids=["step too great", "timestamp too small", "value a text", "step a text"],
)
def test_member_out_of_range_is_refused(n: int, member: tuple[list, ...]) -> None:
    with pytest.raises(InvalidParameterValue, match="64-bit"):
        encode_block(*(column * n for column in member))


def test_block_refuses_more_points_than_it_can_hold() -> None:
    too_many = range(MAX_POINTS + 1)
    with pytest.raises(ValueError, match="at most"):
        encode_block(too_many, too_many, too_many, [])


@given(st.binary(max_size=100))
def test_foreign_bytes_are_data_loss(data: bytes) -> None:
    with pytest.raises(DataLoss):
        decode_block(data)


@pytest.mark.parametrize("n", [1, 5, 200], ids=["alone", "plain", "packed"])
def test_each_flipped_byte_and_each_cut_is_data_loss(n: int) -> None:
    data = encode_block([1] * n, list(range(n)), list(range(n)), [0.5] * n)
    for index in range(len(data)):
        damaged = data[:index] + bytes((data[index] ^ 0x40,)) + data[index + 1 :]
        for bad in (damaged, data[:index]):
            with pytest.raises(DataLoss):
                decode_block(bad)


def checked(body: bytes) -> bytes:
    return body + struct.pack("<I", zlib.crc32(body))


@given(st.integers(0, 3), st.integers(0, 40) | st.integers(0, (1 << 32) - 1), st.binary(max_size=200))
def test_forged_block_with_a_right_checksum_decodes_or_is_data_loss(form: int, n: int, rest: bytes) -> None:
    try:
        batch = decode_block(checked(struct.pack("<B3xI", form, n) + rest))
    except DataLoss as exc:
        assert "damaged" in exc.message
    else:
        assert len(batch) == n
        assert len(batch.points) == n


@pytest.mark.parametrize("n", [1, 31, 32, 5000])
def test_columns_make_the_same_block_as_lists(n: int) -> None:
    given_keys = [step % 7 for step in range(n)]
    lists = [3 * step for step in range(n)], [1000 - step for step in range(n)], [math.inf, math.nan, 0.5] * n
    block_of_lists = encode_block(given_keys, *lists[:2], lists[2][:n])
    given_points = columns(list(map(Row, *lists[:2], lists[2][:n])))
    found = decode_block(encode_batch(Batch(np.array(given_keys, np.int32), given_points)))
    assert np.array_equal(found.keys, given_keys)
    assert same_bits(found.points, decode_block(block_of_lists).points)


@pytest.mark.parametrize("n", [0, MAX_POINTS + 1])
def test_block_of_columns_has_bounds(n: int) -> None:
    steps = np.zeros(n, np.int64)
    with pytest.raises(ValueError, match="points"):
        encode_batch(Batch(steps.astype(np.int32), Points(steps, steps, steps.astype(float))))
