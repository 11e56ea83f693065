"""What data an evaluation takes, and what models are given of it."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import mlflow
from mlflow.data.evaluation_dataset import EvaluationDataset
from mlflow.data.meta_dataset import MetaDataset
from mlflow.exceptions import InvalidParameterValue


def zeros(frame: pd.DataFrame) -> Any:
    return np.zeros(len(frame))


def error_of(data: Any, **options: Any) -> float:
    found = mlflow.evaluate(zeros, data, model_type="regressor", **options).metrics["mean_absolute_error"]
    return float(found)


def test_frames_arrays_lists_and_datasets_are_taken(small: pd.DataFrame) -> None:
    assert error_of(small, targets="t") == 0.5
    assert error_of(pl.from_pandas(small), targets="t") == 0.5
    assert error_of(small[["x"]].to_numpy(), targets=small["t"].to_numpy()) == 0.5
    assert error_of([[1.0], [2.0]], targets=[1, 2]) == 1.5
    assert error_of([1.0, 2.0], targets=[1, 2]) == 1.5
    assert error_of(mlflow.data.from_pandas(small, targets="t")) == 0.5
    assert error_of(mlflow.data.from_polars(pl.from_pandas(small), targets="t")) == 0.5
    assert error_of(mlflow.data.from_numpy(small[["x"]].to_numpy(), targets=small["t"].to_numpy())) == 0.5


def test_hugging_face_datasets_are_taken(small: pd.DataFrame) -> None:
    datasets = pytest.importorskip("datasets")
    dataset = mlflow.data.from_huggingface(datasets.Dataset.from_pandas(small), targets="t")
    assert error_of(dataset) == 0.5


def test_dataset_names_its_predictions(small: pd.DataFrame) -> None:
    dataset = mlflow.data.from_pandas(small, targets="t", predictions="p")
    assert mlflow.evaluate(data=dataset, model_type="regressor").metrics["mean_absolute_error"] == 0.25


@pytest.mark.parametrize(
    ("options", "columns"),
    [({"targets": "t"}, ["x", "p", "other"]), ({"targets": "t", "feature_names": ["x"]}, ["x"])],
    ids=["all but targets", "named"],
)
def test_model_is_given_the_features(small: pd.DataFrame, options: Any, columns: list[str]) -> None:
    given = []
    mlflow.evaluate(lambda frame: given.append(frame) or zeros(frame), small, model_type="regressor", **options)
    assert [list(frame.columns) for frame in given] == [columns]


def test_columns_of_an_array_get_names(small: pd.DataFrame) -> None:
    array, names = np.zeros((2, 10)), [f"feature_{number:02d}" for number in range(1, 11)]
    assert EvaluationDataset(array, targets=[1, 2]).feature_names == names
    assert list(EvaluationDataset(np.zeros((2, 2)), feature_names=["a", "b"]).features_frame.columns) == ["a", "b"]


def test_dataset_tells_its_parts(small: pd.DataFrame) -> None:
    dataset = EvaluationDataset(small, targets="t", predictions="p", path="s3://b/c", digest="d")
    assert (dataset.feature_names, dataset.targets_name, dataset.predictions_name) == (["x", "other"], "t", "p")
    assert dataset.labels_data.tolist() == [1, 0, 0, 1]
    assert dataset.predictions_data.tolist() == [1, 0, 1, 1]
    assert (dataset.has_targets, dataset.has_predictions, dataset.path, dataset.digest) == (True, True, "s3://b/c", "d")
    assert dataset.name == dataset.hash
    assert dataset.hash != EvaluationDataset(small.assign(t=0), targets="t", predictions="p").hash
    assert not EvaluationDataset(small).has_targets


@pytest.mark.parametrize(
    ("output", "options"),
    [
        (lambda rows: [0] * rows, {}),
        (lambda rows: pd.Series([0] * rows), {}),
        (lambda rows: np.zeros((rows, 1)), {}),
        (lambda rows: pd.DataFrame({"a": [0] * rows}), {}),
        (lambda rows: {"a": [0] * rows}, {}),
        (lambda rows: [{"a": 0}] * rows, {}),
        (lambda rows: pd.DataFrame({"a": [7] * rows, "b": [0] * rows}), {"predictions": "b"}),
    ],
    ids=["list", "series", "one column", "frame", "dictionary", "dictionaries", "named column"],
)
def test_models_may_answer_in_many_shapes(small: pd.DataFrame, output: Any, options: Any) -> None:
    result = mlflow.evaluate(lambda frame: output(len(frame)), small, targets="t", model_type="regressor", **options)
    assert result.metrics["mean_absolute_error"] == 0.5


@pytest.mark.parametrize(
    ("output", "options", "message"),
    [
        (lambda rows: [0], {}, "returned 1 predictions for 4 rows"),
        (lambda rows: np.zeros((rows, 2)), {}, r"shape \(4, 2\)"),
        (lambda rows: pd.DataFrame({"a": [7] * rows, "b": 0}), {}, r"columns \['a', 'b'\]. Name the one"),
        (lambda rows: pd.DataFrame({"a": [7] * rows, "b": 0}), {"predictions": "c"}, "no column 'c'"),
    ],
    ids=["too few", "two columns", "unnamed column", "no such column"],
)
def test_answer_that_is_not_one_a_row_is_refused(small: pd.DataFrame, output: Any, options: Any, message: str) -> None:
    with pytest.raises(InvalidParameterValue, match=message):
        mlflow.evaluate(lambda frame: output(len(frame)), small, targets="t", model_type="regressor", **options)


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (None, {}, "There is no `data`"),
        ({"a": [1]}, {}, "Data is a 'dict'"),
        ("frame", {"targets": "zz"}, "Column 'zz' of targets is not in the data"),
        ("frame", {"targets": np.zeros(4)}, "`targets` is a 'ndarray', but the data is a DataFrame"),
        ("frame", {}, "A regressor is evaluated against targets"),
        ("frame", {"targets": "t", "feature_names": ["zz"]}, r"Columns \['zz'\] of feature_names"),
        ("frame", {"targets": "t", "dataset_path": 'a"b'}, "double quote"),
        (np.zeros((4, 2)), {"targets": "t"}, "the data has no names"),
        (np.zeros((4, 2)), {"targets": [1]}, r"shape \(1,\) for 4 rows"),
        (np.zeros((4, 2, 2)), {"targets": [1]}, r"array of shape \(4, 2, 2\)"),
        (np.zeros((4, 2)), {"targets": [1, 2, 3, 4], "feature_names": ["a"]}, "1 feature_names for 2 columns"),
        ("empty", {"targets": "t"}, "no rows"),
        ("twice", {"targets": "t"}, "several columns 't'"),
        ("dataset", {"targets": "t"}, "`targets` is given twice"),
        ("meta", {}, "MetaDataset cannot be evaluated"),
    ],
    ids=str,
)
def test_unusable_data_is_named(small: pd.DataFrame, data: Any, options: Any, message: str) -> None:
    dataset = mlflow.data.from_pandas(small, targets="t")
    kinds = {
        "frame": small,
        "empty": small.iloc[:0],
        "twice": pd.concat([small, small], axis=1),
        "dataset": dataset,
        "meta": MetaDataset(dataset.source),
    }
    given = kinds[data] if isinstance(data, str) else data
    with pytest.raises(InvalidParameterValue, match=message):
        mlflow.evaluate(zeros, given, model_type="regressor", **options)
