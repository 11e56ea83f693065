"""From the bytes of a request to those of an answer, without a server; and bodies of any kind at all."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlflow.exceptions import MlflowException
from mlflow.serving.document import describe
from mlflow.serving.scorer import Scorer
from tests.serving.requests import FULL, REQUESTS
from tests.serving.samples import JSON

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["dataframe_split", "dataframe_records", "instances", "inputs", "params", "data", "columns", "s"]
)
BODIES = st.dictionaries(KEYS, VALUES | st.dictionaries(KEYS, VALUES, max_size=3), max_size=3)


@pytest.fixture(scope="session")
def scorers(models: Path) -> dict[str, Scorer]:
    return {name: Scorer.load(str(models / name)) for name in ("logistic", "typed", "free", "tensors")}


def asked(scorer: Scorer, body: Any, kind: str = JSON) -> Any:
    return json.loads(scorer.answer(kind, body if isinstance(body, bytes) else json.dumps(body).encode()))


def status_of(scorer: Scorer, kind: str, body: bytes) -> int:
    try:
        json.loads(scorer.answer(kind, body))
    except MlflowException as exc:
        return exc.get_http_status_code()
    return 200


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, name=st.sampled_from(["typed", "free", "tensors"]))
def test_no_json_at_all_is_more_than_a_bad_request(scorers: dict[str, Scorer], body: Any, name: str) -> None:
    assert status_of(scorers[name], JSON, json.dumps(body).encode()) in {200, 400}


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_to_a_request_is_more_than_a_bad_request(scorers: dict[str, Scorer], data: st.DataObject) -> None:
    kinds = {"application/json", "text/csv", "application/vnd.apache.parquet"}
    request = data.draw(st.sampled_from([one for one in REQUESTS["typed"] if one.kind in kinds]))
    body = bytearray(request.body)
    for _ in range(data.draw(st.integers(1, 4))):
        if body:
            body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    assert status_of(scorers["typed"], str(request.kind), bytes(body)) in {200, 400}


def test_values_become_the_types_of_the_signature(scorers: dict[str, Scorer]) -> None:
    shown = asked(scorers["typed"], {"dataframe_records": [FULL], "params": {"k": 5}})["predictions"]
    assert shown["params"] == {"k": 5}
    assert {name: shown["kinds"][name] for name in "ilfdb"} == {
        "i": "int32",
        "l": "int64",
        "f": "float32",
        "d": "float64",
        "b": "bool",
    }
    assert shown["values"]["x"] == [repr(b"\x00\xff")]
    assert shown["values"]["t"] == ["Timestamp('2024-01-02 03:04:05')"]


def test_text_that_looks_like_a_number_stays_text_in_csv(scorers: dict[str, Scorer]) -> None:
    body = b"s,i,d,t\n007,1,1.5,2024-01-02\n"
    shown = asked(scorers["typed"], body, "text/csv")["predictions"]["values"]
    assert shown["s"] == ["'007'"]
    assert shown["t"] == ["Timestamp('2024-01-02 00:00:00')"]


def test_what_json_lacks_is_written_as_mlflow_writes_it(scorers: dict[str, Scorer]) -> None:
    def predicted(name: str) -> Any:
        return asked(scorers["free"], {"dataframe_records": [{"wanted": name}]})["predictions"]

    assert predicted("frame")[0] == {"a": 1, "b": "x", "c": 0.5}
    assert predicted("series") == [{"total": 1}, {"total": 2}]
    assert predicted("array") == [[1.0, 2.0], [3.0, 4.0]]
    assert predicted("list of arrays") == [[1, 2], [3]]
    assert predicted("times")[0] == {"t": "2024-01-02T03:04:05.678000"}
    assert predicted("nothing") is None
    assert pd.isna(predicted("nan")[0])


def test_a_warm_up_that_fails_is_told_and_passed_over(scorers: dict[str, Scorer], caplog: Any) -> None:
    assert scorers["logistic"].warm_up()
    broken = Scorer(scorers["logistic"].model, '{"inputs": {"age": [1]}}')
    assert not broken.warm_up()
    assert "income" in caplog.text


@pytest.mark.parametrize("name", ["logistic", "typed", "free", "tensors"])
def test_every_model_can_be_described(scorers: dict[str, Scorer], name: str) -> None:
    from openapi_spec_validator import validate

    validate(describe(scorers[name].model.metadata, secured=True))
