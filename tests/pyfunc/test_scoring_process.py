"""A model in a process of its own, called on columns, and what comes back."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlflow
from mlflow.environments.python_environment import local_activation
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.pyfunc.scoring_columns import from_columns, to_columns
from mlflow.pyfunc.scoring_process import ScoringFailed, ScoringProcess
from mlflow.types import ColSpec, Schema

MODEL = """
import os
import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

class Told(PythonModel):
    def predict(self, context, model_input, params=None):
        print("this is no answer")
        if (model_input["age"] < 0).any():
            raise ValueError("nobody is so young")
        if (model_input["age"] > 200).any():
            os._exit(7)
        return pd.DataFrame({"older": model_input["age"] + 1, "word": os.environ["WORD"] + model_input["who"]})

set_model(Told())
"""
SIGNATURE = ModelSignature(Schema([ColSpec("double", "age"), ColSpec("string", "who")]))


@pytest.mark.parametrize(
    "data",
    [
        pd.Series([1.5, np.nan]),
        pd.Series(["a", None]),
        pd.Series([True, False]),
        pd.Series(pd.to_datetime(["2026-01-02", None])),
        pd.Series([b"x", dt.date(2026, 1, 2)]),
        pd.Series([Decimal("1.10"), None]),
        pd.DataFrame({"n": np.array([1, 2], "int8"), "t": ["x", "y"]}),
    ],
    ids=["floats", "texts", "booleans", "times", "bytes and dates", "decimals", "table"],
)
def test_columns_are_the_same_on_the_other_side(data: Any) -> None:
    found = from_columns(to_columns(data))
    assert type(found) is type(data)
    before, after = (table.astype(object).where(table.notna(), None).to_dict() for table in (data, found))
    assert after == before
    numbers = pd.DataFrame(data).select_dtypes("number")
    assert pd.DataFrame(found).select_dtypes("number").dtypes.tolist() == numbers.dtypes.tolist()


def test_values_of_numpy_and_lists_become_plain_ones() -> None:
    found = from_columns(to_columns(pd.Series([np.array([1.0, 2.0]), (np.int64(3), {"a": np.float32(0.5)})])))
    assert found.tolist() == [[1.0, 2.0], [3, {"a": 0.5}]]
    assert type(found[1][0]) is int


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScoringProcess]:
    """A model of this environment, in another process."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "told.py").write_text(MODEL)
    code = str(folder / "told.py")
    mlflow.pyfunc.save_model(folder / "model", python_model=code, signature=SIGNATURE, pip_requirements=[])
    yield ScoringProcess(local_activation(), folder / "model", None, {"WORD": "so "})


def columns(*ages: float) -> tuple[pd.Series, ...]:
    return pd.Series(ages), pd.Series(["ann"] * len(ages))


@pytest.mark.faults
def test_the_process_answers_goes_on_after_a_failure_and_its_end_is_told(process: ScoringProcess) -> None:
    assert process.predict(columns(20.0), None).to_dict("list") == {"older": [21.0], "word": ["so ann"]}
    with pytest.raises(ScoringFailed, match="ValueError: nobody is so young"):
        process.predict(columns(-1.0), None)
    with pytest.raises(MlflowException, match="who"):
        process.predict((pd.DataFrame({"age": [1.0]}),), None)
    assert process.predict((pd.DataFrame({"who": ["bob"], "age": [30.0]}),), None)["older"].tolist() == [31.0]
    with pytest.raises(ScoringFailed, match="ended with status 7"):
        process.predict(columns(300.0), None)


@pytest.mark.faults
def test_a_model_that_cannot_be_loaded_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(MlflowException, match="nothing"):
        ScoringProcess(local_activation(), tmp_path / "nothing", None, {})
