"""Points as a request brought them, checked and packed before any transaction begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from mlflow.contract.names import check_key
from mlflow.entities.metric import Metric
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.keys import Keys
from mlflow.sql.series.block import PACKED_FROM, encode_block

__all__ = ["Arrival", "arrive", "pack_points"]


class Arrival(Struct, frozen=True):
    """Points for one run.

    Attributes:
        count: how many.
        data: their block, when they are many; then the four columns are empty.
        keys: the number of each point's key.
        steps: any int64.
        timestamps: UTC milliseconds, from 0 on.
        values: NaN and infinities as they came.
        key_ids: the numbers of the keys of `model_points`.
        model_points: those of the points that name a logged model.
    """

    count: int
    data: bytes = b""
    keys: list[int] = []
    steps: list[int] = []
    timestamps: list[int] = []
    values: list[float] = []
    key_ids: dict[str, int] = {}
    model_points: list[Metric] = []


def arrive(keys: Keys, points: Sequence[Metric]) -> Arrival:
    """Check points, number their keys and pack them; not to be called in a job.

    Raises:
        InvalidParameterValue: a key, a timestamp, a step or a value is not acceptable.
    """
    numbers = keys.known("metric")  # their keys were checked when they got a number
    try:
        return pack_points(points, numbers)
    except KeyError:
        return pack_points(points, _number_keys(keys, points))


def pack_points(points: Sequence[Metric], numbers: Mapping[str, int]) -> Arrival:
    """Check points, whose keys are checked already, and pack them.

    Args:
        points: of one run.
        numbers: of keys.

    Raises:
        InvalidParameterValue: a timestamp, a step or a value is not acceptable.
        KeyError: a key has no number.
    """
    timestamps = [point.timestamp for point in points]
    if timestamps and min(timestamps) < 0:
        raise _negative(points)
    keys = [numbers[point.key] for point in points]
    columns = keys, [point.step for point in points], timestamps, [point.value for point in points]
    models = [point for point in points if point.model_id]
    key_ids = {point.key: numbers[point.key] for point in models}
    if len(points) >= PACKED_FROM:
        return Arrival(len(points), encode_block(*columns), key_ids=key_ids, model_points=models)
    encode_block(*columns)  # refuses what is out of range here, before it could harm the points of others
    return Arrival(len(points), b"", *columns, key_ids, models)


def _number_keys(keys: Keys, points: Sequence[Metric]) -> Mapping[str, int]:
    names = {point.key for point in points}
    for name in names:
        check_key("metric", name)
    return keys.ensure("metric", names)


def _negative(points: Sequence[Metric]) -> InvalidParameterValue:
    point = next(point for point in points if point.timestamp < 0)
    return InvalidParameterValue(
        f"Got invalid timestamp '{point.timestamp}' for metric '{point.key}'. Timestamps are UTC milliseconds "
        "from 0 on."
    )
