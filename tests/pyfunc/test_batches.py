"""Models that are called on pieces of a table, here and in the processes of Ray and Dask."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlflow
from mlflow.exceptions import InvalidParameterValue
from mlflow.models import ModelSignature
from mlflow.pyfunc import BatchPredictor, PythonModel
from mlflow.pyfunc.batches import as_table
from mlflow.types import ColSpec, Schema
from tests.fixtures.foreign import Program

FRAME = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [4.0, 5.0, 6.0], "who": list("xyz")}, index=[7, 8, 9])
SIGNATURE = ModelSignature(Schema([ColSpec("double", "a"), ColSpec("double", "b")]), Schema([ColSpec("double")]))


SUM = """
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

class Sum(PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input["a"] + model_input["b"]

set_model(Sum())
"""


class First(PythonModel):
    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]
        return [1.0]


@pytest.fixture
def summing(tmp_path: Path) -> str:
    (tmp_path / "sum.py").write_text(SUM)  # which processes without these tests can load
    code = str(tmp_path / "sum.py")
    mlflow.pyfunc.save_model(tmp_path / "sum", python_model=code, signature=SIGNATURE, pip_requirements=[])
    return str(tmp_path / "sum")


def test_predictions_stand_beside_the_rows_they_are_of(summing: str) -> None:
    found = BatchPredictor(summing)(FRAME)
    assert list(found.columns) == ["a", "b", "who", "prediction"]
    assert found.index.tolist() == [7, 8, 9]
    assert found["prediction"].tolist() == [5.0, 7.0, 9.0]


def test_a_predictor_travels_without_its_model(summing: str) -> None:
    predictor = BatchPredictor(summing, output="sum", keep=False)
    predictor(FRAME)
    assert len(pickle.dumps(predictor)) < 1000
    found = pickle.loads(pickle.dumps(predictor))(FRAME)
    assert found["sum"].tolist() == [5.0, 7.0, 9.0]


def test_pieces_are_answered_one_by_one(summing: str) -> None:
    predictor = BatchPredictor(summing)
    pieces = [FRAME[:2], FRAME[:0], FRAME[2:]]
    assert [len(piece) for piece in predictor.each(pieces)] == [2, 0, 1]
    meta = predictor.meta(FRAME)
    assert meta.dtypes.equals(predictor(FRAME).dtypes)
    assert len(meta) == 0


def test_columns_that_are_missing_are_named(summing: str) -> None:
    with pytest.raises(InvalidParameterValue, match="no column 'b'"):
        BatchPredictor(summing)(FRAME[["a"]])
    with pytest.raises(InvalidParameterValue, match="no column 'c'"):
        BatchPredictor(summing, columns=["a", "c"])(FRAME)


def test_rows_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    mlflow.pyfunc.save_model(tmp_path / "first", python_model=First(), pip_requirements=[])
    predictor = BatchPredictor(str(tmp_path / "first"))
    with pytest.raises(InvalidParameterValue, match="1 predictions for 3 rows"):
        predictor(FRAME)
    with pytest.raises(InvalidParameterValue, match="no signature"):
        predictor.meta(FRAME)


@pytest.mark.parametrize(
    ("predictions", "columns", "first"),
    [
        pytest.param(pd.DataFrame({1: [2]}), ["1"], [2], id="table"),
        pytest.param(pd.Series([2], name="s"), ["s"], [2], id="series with a name"),
        pytest.param(np.array([2.5]), ["p"], [2.5], id="array"),
        pytest.param(np.array([[1, 2]]), ["0", "1"], [1, 2], id="matrix"),
        pytest.param(np.zeros((1, 2, 2)), ["p"], [[[0.0, 0.0], [0.0, 0.0]]], id="tensor"),
        pytest.param([{"x": 1, "y": "z"}], ["x", "y"], [1, "z"], id="records"),
        pytest.param({"x": [1]}, ["x"], [1], id="columns"),
        pytest.param(["text"], ["p"], ["text"], id="texts"),
        pytest.param([[1, 2]], ["p"], [[1, 2]], id="lists"),
    ],
)
def test_predictions_of_every_kind_are_a_table(predictions: Any, columns: list[str], first: list[Any]) -> None:
    found = as_table(predictions, "p")
    assert list(found.columns) == columns
    assert found.iloc[0].tolist() == first


@pytest.mark.parametrize("predictions", ["text", 3, None])
def test_what_has_no_rows_is_refused(predictions: Any) -> None:
    with pytest.raises(InvalidParameterValue, match="no row for each input"):
        as_table(predictions, "p")


PROGRAM = """
import json, os
import pandas as pd
import mlflow
predictor = mlflow.pyfunc.BatchPredictor({model!r})
frame = pd.DataFrame({{"a": range(100), "b": range(100)}}).astype(float)
"""
DASK = """
import dask, dask.dataframe as dd
dask.config.set(scheduler="processes", num_workers=1)
if __name__ == "__main__":
    parts = dd.from_pandas(frame, npartitions=2)
    answered = parts.map_partitions(predictor, meta=predictor.meta(parts._meta))
    print(json.dumps([answered["prediction"].sum().compute(), len(answered)]))
"""
RAY = """
import ray
ray.init(
    num_cpus=1,
    include_dashboard=False,
    object_store_memory=80_000_000,
    log_to_driver=False,
    _node_ip_address="127.0.0.1",
)
answered = ray.data.from_pandas(frame).repartition(2).map_batches(predictor, batch_format="pandas").to_pandas()
print(json.dumps([answered["prediction"].sum(), len(answered)]))
ray.shutdown()
"""


@pytest.mark.frameworks
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("module", "program"), [pytest.param("dask", DASK, id="Dask"), pytest.param("ray", RAY, id="Ray")]
)
def test_other_engines_call_it_in_their_processes(
    run_frameworks: Program, summing: str, module: str, program: str
) -> None:
    if run_frameworks(f"import importlib.util as u; print(u.find_spec({module!r}) is not None)").strip() != "True":
        pytest.skip(f"install {module} into the environment of the frameworks")
    text = PROGRAM.format(model=summing) + program
    total, rows = json.loads(run_frameworks(text, {"RAY_USAGE_STATS_ENABLED": "0"}, seconds=280).splitlines()[-1])
    assert (total, rows) == (2.0 * sum(range(100)), 100)
