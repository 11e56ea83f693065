"""Requests whose answers are known from the published server: each with the model that it goes to."""

import io
import json
from typing import Any, NamedTuple

import pandas as pd

from tests.serving.samples import JSON

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"


class Request(NamedTuple):
    name: str
    model: str
    body: bytes
    kind: str | None = JSON


def as_json(name: str, model: str, body: Any) -> Request:
    return Request(name, model, json.dumps(body).encode())


def wanted(name: str) -> Request:
    return as_json(f"answer: {name}", "free", {"dataframe_records": [{"wanted": name}]})


def parquet(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


FULL = {"s": "x", "i": 1, "l": 2, "f": 0.5, "d": 1.5, "b": True, "t": "2024-01-02T03:04:05", "x": "AP8="}
LEAST = {"s": "x", "i": 1, "d": 1.5}
COLUMNS = list(LEAST)
TABLE = pd.DataFrame({"s": ["x"], "i": pd.Series([1], dtype="int32"), "d": [1.5]})

TYPED = [
    as_json("split", "typed", {"dataframe_split": {"columns": COLUMNS, "data": [["x", 1, 1.5], ["y", 2, 2.5]]}}),
    as_json(
        "split with index", "typed", {"dataframe_split": {"columns": COLUMNS, "index": [7], "data": [["x", 1, 1.5]]}}
    ),
    as_json("split without columns", "typed", {"dataframe_split": {"data": [["x", 1, 1.5]]}}),
    as_json("split of too many cells", "typed", {"dataframe_split": {"columns": COLUMNS, "data": [["x", 1, 1.5, 2]]}}),
    as_json("split without data", "typed", {"dataframe_split": {"columns": COLUMNS}}),
    as_json("split as list", "typed", {"dataframe_split": [[1]]}),
    as_json("records", "typed", {"dataframe_records": [LEAST, LEAST]}),
    as_json("records of all types", "typed", {"dataframe_records": [FULL]}),
    as_json("records as object", "typed", {"dataframe_records": LEAST}),
    as_json("records of numbers", "typed", {"dataframe_records": [1, 2]}),
    as_json("instances of objects", "typed", {"instances": [LEAST]}),
    as_json("inputs of lists", "typed", {"inputs": {"s": ["x"], "i": [1], "d": [1.5]}}),
    as_json("inputs of scalars", "typed", {"inputs": LEAST}),
    as_json("params", "typed", {"dataframe_records": [LEAST], "params": {"k": 5}}),
    as_json("params as text", "typed", {"dataframe_records": [LEAST], "params": {"k": "5"}}),
    as_json("params unknown", "typed", {"dataframe_records": [LEAST], "params": {"other": 5}}),
    as_json("params of a wrong type", "typed", {"dataframe_records": [LEAST], "params": {"k": "five"}}),
    as_json("params as list", "typed", {"dataframe_records": [LEAST], "params": [1]}),
    as_json("params null", "typed", {"dataframe_records": [LEAST], "params": None}),
    as_json("an unknown key", "typed", {"dataframe_records": [LEAST], "other": 1}),
    as_json("an extra column", "typed", {"dataframe_records": [{**LEAST, "z": 1}]}),
    as_json("a missing column", "typed", {"dataframe_records": [{"s": "x", "i": 1}]}),
    as_json("a number as text", "typed", {"dataframe_records": [{**LEAST, "i": "7", "d": "0.5"}]}),
    as_json("a text for a number", "typed", {"dataframe_records": [{**LEAST, "i": "seven"}]}),
    as_json("a fraction for a whole number", "typed", {"dataframe_records": [{**LEAST, "i": 1.5}]}),
    as_json("a number for a text", "typed", {"dataframe_records": [{**LEAST, "s": 3}]}),
    as_json("null for a required number", "typed", {"dataframe_records": [{**LEAST, "d": None}]}),
    as_json("a date that is none", "typed", {"dataframe_records": [{**LEAST, "t": "yesterday-ish"}]}),
    as_json("a model that raises", "typed", {"dataframe_records": [{**LEAST, "s": "fail"}]}),
    Request("NaN as a token", "typed", b'{"dataframe_records": [{"s": "x", "i": 1, "d": NaN}]}'),
    Request("CSV", "typed", b"s,i,d\nx,1,1.5\ny,2,2.5\n", CSV),
    Request("CSV with charset", "typed", b"s,i,d\nx,1,1.5\n", "text/csv; charset=utf-8"),
    Request("CSV without a column", "typed", b"s,i\nx,1\n", CSV),
    Request("CSV with a text for a number", "typed", b"s,i,d\nx,one,1.5\n", CSV),
    Request("CSV, empty", "typed", b"", CSV),
    Request(
        "Parquet", "typed", parquet(pd.DataFrame({"s": ["x"], "i": pd.Series([1], dtype="int32"), "d": [1.5]})), PARQUET
    ),
    Request("Parquet that is none", "typed", b"PAR?", PARQUET),
]
FREE = [
    as_json("instances of rows", "free", {"instances": [[1, 2], [3, 4]]}),
    as_json("instances of objects", "free", {"instances": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}),
    as_json("inputs of rows", "free", {"inputs": [[1, 2], [3, 4]]}),
    as_json("inputs of named lists", "free", {"inputs": {"a": [1, 2], "b": [3, 4]}}),
    as_json("inputs of texts", "free", {"inputs": ["x", "y"]}),
    as_json("inputs, ragged", "free", {"inputs": [[1, 2], [3]]}),
    as_json("params of a model without", "free", {"inputs": [1], "params": {"k": 1}}),
    as_json("two keys", "free", {"inputs": [1], "instances": [1]}),
    as_json("no key", "free", {"data": [1]}),
    as_json("an empty object", "free", {}),
    as_json("a list", "free", [1, 2]),
    as_json("a number", "free", 1),
    as_json("null", "free", None),
    as_json("messages", "free", {"messages": [{"role": "user", "content": "hi"}], "temperature": 0}),
    as_json("prompt", "free", {"prompt": "hi"}),
    as_json("input", "free", {"input": "hi", "inputs": [1]}),
    Request("half of an object", "free", b'{"inputs": [1'),
    Request("nothing", "free", b""),
    Request("bytes that are no text", "free", b"\xff\xfe\x00"),
    Request("a type with charset", "free", b'{"inputs": [1]}', "application/json; charset=utf-8"),
    Request("another charset", "free", b'{"inputs": [1]}', "application/json; charset=latin-1"),
    Request("another parameter", "free", b'{"inputs": [1]}', "application/json; format=pandas-split"),
    Request("another type", "free", b"x", "text/plain"),
    Request("an unknown type", "free", b"x", "application/x-nothing"),
    *(
        wanted(name)
        for name in (
            *("frame", "numbered", "series", "unnamed", "array", "scalar", "number", "text", "nothing", "bytes"),
            *("list", "list of arrays", "dictionary", "times", "time array", "day", "nan", "object", "set"),
            *("fail", "fail as mlflow", "fail for no reason"),
        )
    ),
]
TENSORS = [
    as_json("rows as inputs", "tensors", {"inputs": [[1, 2], [3, 4]]}),
    as_json("rows as instances", "tensors", {"instances": [[1, 2], [3, 4]]}),
    as_json("rows as a table", "tensors", {"dataframe_split": {"data": [[1, 2], [3, 4]]}}),
    as_json("a wrong shape", "tensors", {"inputs": [[1, 2, 3]]}),
    as_json("texts", "tensors", {"inputs": [["a", "b"]]}),
    as_json("an object", "tensors", {"inputs": {"a": [[1, 2]]}}),
]
REQUESTS = {"typed": TYPED, "free": FREE, "tensors": TENSORS}
