"""Datasets made of whatever an evaluation is given."""

from __future__ import annotations

from typing import Any

from mlflow.data.dataset import Dataset
from mlflow.data.numpy_dataset import from_numpy
from mlflow.data.pandas_dataset import from_pandas
from mlflow.data.polars_dataset import from_polars
from mlflow.data.spark_dataset import from_spark

__all__ = ["convert_data_to_mlflow_dataset"]


def convert_data_to_mlflow_dataset(
    data: Any, targets: Any = None, predictions: Any = None, name: str | None = None
) -> Dataset | Any:
    """The dataset of a list, an array, or a pandas, polars or Spark DataFrame; anything else is returned as it is.

    Args:
        data: the examples; a list becomes an array.
        targets: a column of a DataFrame; else a list or array of them.
        predictions: the column of a model's predictions in a DataFrame.
        name: a name for people.
    """
    import numpy as np
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        return from_pandas(data, targets=targets, predictions=predictions, name=name)
    if type(data).__module__.startswith("polars."):
        return from_polars(data, targets=targets, predictions=predictions, name=name)
    if type(data).__module__.startswith("pyspark.sql"):
        return from_spark(data, targets=targets, predictions=predictions, name=name)
    if isinstance(data, (list, np.ndarray)):
        rows = [row if isinstance(row, (list, tuple, np.ndarray)) else [row] for row in data]
        labels = None if targets is None else np.asarray(targets)
        return from_numpy(np.asarray(rows), targets=labels, name=name)
    return data
