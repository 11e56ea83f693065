"""The id and the sticky key of a request."""

import json

import pytest

from mlflow.asgi.request_ids import request_id_of
from mlflow.serving.traffic.keys import key_in_body
from tests.serving.samples import JSON, ROWS

SPLIT = {"columns": ["age", "user"], "data": [[1, "ann"], [2, "bob"]]}
BODIES = [
    pytest.param({"dataframe_split": SPLIT}, id="split"),
    pytest.param({"dataframe_records": [{"user": "ann"}, {"user": "bob"}]}, id="records"),
    pytest.param({"instances": [{"user": "ann"}]}, id="instances"),
    pytest.param({"inputs": {"user": ["ann", "bob"]}}, id="inputs"),
    pytest.param({"inputs": {"user": "ann"}}, id="inputs of one"),
    pytest.param({"inputs": [1], "params": {"user": "ann"}}, id="params"),
    pytest.param({"dataframe_split": SPLIT, "params": {"other": 1}}, id="column beside params"),
    pytest.param({"inputs": [float("nan")], "user": "ann"}, id="beside the data, with NaN"),
]


@pytest.mark.parametrize("body", BODIES)
def test_a_key_is_found_where_it_stands(body: object) -> None:
    assert key_in_body("user", JSON, json.dumps(body).encode()) == "ann"


def test_a_key_is_found_in_tables() -> None:
    assert key_in_body("user", "text/csv", b"age,user\n1,ann\n2,bob\n") == "ann"
    assert key_in_body("age", "application/vnd.apache.parquet", ROWS.to_parquet()) == "20.0"


@pytest.mark.parametrize(
    ("value", "key"), [(5, "5"), ("5", "5"), (True, "true"), (0.5, "0.5"), (None, None), ([1], None)]
)
def test_a_key_becomes_text(value: object, key: str | None) -> None:
    assert key_in_body("k", JSON, json.dumps({"k": value}).encode()) == key


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"\xff", b'{"inputs": []}', b'{"dataframe_split": {"columns": ["k"]}}']
)
def test_a_body_without_the_key_has_none(body: bytes) -> None:
    for kind in (JSON, "text/csv", "application/vnd.apache.parquet"):
        assert key_in_body("k", kind, body) is None


def test_an_id_that_is_well_formed_is_kept() -> None:
    assert request_id_of(b"a-Z.0_9:x") == "a-Z.0_9:x"
    for bad in (None, b"", b"a b", b"x" * 129, b"\xff", b"a\nb", b'"'):
        assert len(request_id_of(bad)) == 32
    assert request_id_of(None) != request_id_of(None)
