"""From the bytes of a request to those of an answer, without a server."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mlflow.serving.document import describe
from mlflow.serving.scorer import Scorer
from mlflow.serving.scoring import ScoringForm
from tests.serving.requests import FULL
from tests.serving.samples import JSON


@pytest.fixture(scope="session")
def scorers(models: Path) -> dict[str, Scorer]:
    return {name: Scorer.load(str(models / name)) for name in ("logistic", "typed", "free", "tensors")}


def asked(scorer: Scorer, body: Any, kind: str = JSON) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return json.loads(scorer.answer(ScoringForm(kind), raw))


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
