"""The key of a request that stays with one variant."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import msgspec

from mlflow.models.serving_input import FORMATS
from mlflow.serving.requests import CSV, JSON, read_request

__all__ = ["key_in_body"]

_RAW = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NAMED = msgspec.json.Decoder(dict[str, Any])
_RECORDS = msgspec.json.Decoder(list[msgspec.Raw])


class _Table(msgspec.Struct):
    columns: list[Any]
    data: list[msgspec.Raw]


_TABLE = msgspec.json.Decoder(_Table)


def key_in_body(name: str, kind: str, body: bytes) -> str | None:
    """The key in a body: a parameter, a further key beside the data, or the first value of a column.

    Args:
        name: what it is called.
        kind: the media type of the body.
        body: as it came; the model will say what is wrong with it.

    Returns:
        The key as text; None when the body has none.
    """
    try:
        found = _in_json(name, body) if kind == JSON else _in_table(name, kind, body)
    except Exception:  # noqa: BLE001 - what is wrong with the body is told when the model is to read it
        return None
    if found is None or isinstance(found, (dict, list)):
        return None
    return found if isinstance(found, str) else json.dumps(found, default=str)


def _in_json(name: str, body: bytes) -> Any:
    try:
        members = _RAW.decode(body)
    except msgspec.DecodeError:  # NaN as a token, and the like
        members = {key: msgspec.Raw(json.dumps(value).encode()) for key, value in json.loads(body).items()}
    if name in members and name not in FORMATS:
        return msgspec.json.decode(members[name])
    if "params" in members:
        params = _NAMED.decode(members["params"])
        if name in params:
            return params[name]
    return _in_data(name, members)


def _in_data(name: str, members: dict[str, msgspec.Raw]) -> Any:
    if "dataframe_split" in members:
        table = _TABLE.decode(members["dataframe_split"])
        return msgspec.json.decode(table.data[0])[table.columns.index(name)]
    for form in ("dataframe_records", "instances"):
        if form in members:
            return _NAMED.decode(_RECORDS.decode(members[form])[0])[name]
    value = _NAMED.decode(members["inputs"])[name]
    return value[0] if isinstance(value, list) else value


def _in_table(name: str, kind: str, body: bytes) -> Any:
    if kind == CSV:
        return next(csv.DictReader(io.StringIO(body.decode())))[name]
    value = read_request(kind, body, None).data[name].iloc[0]
    return value.item() if hasattr(value, "item") else value
