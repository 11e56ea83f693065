"""A model is tried with the body of a request, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import mlflow
from mlflow.exceptions import BadRequest, MlflowException, ResourceDoesNotExist
from mlflow.models import convert_input_example_to_serving_input, infer_signature, validate_serving_input

FRAME = pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 4.0]})


class Tell(mlflow.pyfunc.PythonModel):
    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        return type(model_input).__name__, params, model_input["x"].tolist()


@pytest.fixture
def folder(tmp_path: Path) -> str:
    signature = infer_signature(FRAME, params={"k": 1})
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=Tell(), signature=signature)
    return str(tmp_path / "m")


@pytest.mark.parametrize(
    ("body", "params"),
    [
        (convert_input_example_to_serving_input(FRAME), {"k": 1}),
        (convert_input_example_to_serving_input((FRAME, {"k": 7})), {"k": 7}),
        ({"inputs": FRAME.to_dict(orient="list")}, {"k": 1}),
        ({"dataframe_records": FRAME.to_dict(orient="records"), "params": {"k": 2}}, {"k": 2}),
    ],
    ids=["of an example", "of an example with params", "columns", "records"],
)
def test_body_is_read_as_a_server_reads_it(folder: str, body: Any, params: dict[str, int]) -> None:
    assert validate_serving_input(folder, body) == ("DataFrame", params, [1.0, 2.0])


@pytest.mark.parametrize(
    ("body", "failure", "message"),
    [
        ("no json", BadRequest, "not JSON"),
        ({"foo": 1}, BadRequest, "exactly one"),
        ([1], BadRequest, "JSON list"),
        (None, BadRequest, "JSON NoneType"),
        ({"inputs": {"x": [1.0]}}, MlflowException, r"missing inputs \['y'\]"),
    ],
    ids=["no JSON", "no known key", "a list", "nothing", "a missing column"],
)
def test_body_that_a_server_would_refuse_is_refused(folder: str, body: Any, failure: Any, message: str) -> None:
    with pytest.raises(failure, match=message):
        validate_serving_input(folder, body)


def test_model_that_is_not_there_is_named() -> None:
    with pytest.raises(ResourceDoesNotExist, match="nowhere"):
        validate_serving_input("nowhere", {"inputs": [1]})
