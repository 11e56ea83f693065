"""Data split into what evaluators need."""

from __future__ import annotations

import hashlib
import json
import logging
from functools import cached_property
from typing import Any

from mlflow._lazy import attach
from mlflow.exceptions import InvalidParameterValue

__all__ = ["EvaluationDataset"]

_LOG = logging.getLogger(__name__)

_NAMES = {"convert_data_to_mlflow_dataset": "mlflow.data.conversion:convert_data_to_mlflow_dataset"}
__getattr__, __dir__ = attach(__name__, _NAMES)


class EvaluationDataset:
    """Rows of features, and perhaps targets and predictions, apart from each other.

    Args:
        data: a pandas, polars or Spark DataFrame, an array of rows and columns, or a list of rows.
        targets: a column of a DataFrame; else an array or list of them.
        name: a name for people; "dataset" when omitted.
        path: where the data is kept, for people.
        feature_names: the columns of a DataFrame to use; names of an array's columns.
        predictions: the column of a DataFrame that has predictions; they are no features.
        digest: what tells data of one name apart.

    Raises:
        InvalidParameterValue: the data is of another kind, or a column is not there.
    """

    NUM_SAMPLE_ROWS_FOR_HASH = 5
    SPARK_DATAFRAME_LIMIT = 10000

    def __init__(
        self,
        data: Any,
        *,
        targets: Any = None,
        name: str | None = None,
        path: str | None = None,
        feature_names: list[str] | None = None,
        predictions: str | None = None,
        digest: str | None = None,
    ) -> None:
        if name is not None and '"' in name:
            raise InvalidParameterValue(f"Dataset name '{name}' has a double quote. Choose a name without one.")
        if path is not None and '"' in path:
            raise InvalidParameterValue(f"Dataset path '{path}' has a double quote. Choose a path without one.")
        self._name, self._path, self._digest = name, path, digest
        self._targets_name = targets if isinstance(targets, str) else None
        self._predictions_name = predictions
        frame = self._frame(data)
        if frame is None:
            self._features_data, self._feature_names = _array(data, feature_names)
            self._labels_data, self._predictions_data = _labels(targets, len(self._features_data)), None
        else:
            self._labels_data = _column(frame, "targets", targets)
            self._predictions_data = _column(frame, "predictions", predictions)
            self._features_data = _features(frame, {targets, predictions} - {None}, feature_names)
            self._feature_names = list(self._features_data.columns)

    @property
    def feature_names(self) -> list[Any]:
        """The names of the features, in order."""
        return self._feature_names

    @property
    def features_data(self) -> Any:
        """The features: a DataFrame, or an array of rows and columns."""
        return self._features_data

    @property
    def features_frame(self) -> Any:
        """The features as a DataFrame, which is what models are called with."""
        import pandas as pd

        if isinstance(self._features_data, pd.DataFrame):
            return self._features_data
        return pd.DataFrame(self._features_data, columns=self._feature_names)

    @property
    def labels_data(self) -> Any:
        """The targets as an array; None without."""
        return self._labels_data

    @property
    def has_targets(self) -> bool:
        """Whether there are targets."""
        return self._labels_data is not None

    @property
    def targets_name(self) -> str | None:
        """The column of the targets; None where they are no column."""
        return self._targets_name

    @property
    def predictions_data(self) -> Any:
        """The predictions as an array; None without."""
        return self._predictions_data

    @property
    def has_predictions(self) -> bool:
        """Whether there are predictions."""
        return self._predictions_data is not None

    @property
    def predictions_name(self) -> str | None:
        """The column of the predictions; None without."""
        return self._predictions_name

    @property
    def name(self) -> str:
        """The name for people; the digest of the data when none was given."""
        return self._name if self._name is not None else self.hash

    @property
    def path(self) -> str | None:
        """Where the data is kept, for people."""
        return self._path

    @cached_property
    def hash(self) -> str:
        """32 hexadecimal digits of the names, the number of rows, and the first and last rows."""
        import numpy as np
        import pandas as pd

        frame = pd.DataFrame(np.asarray(self.features_frame, dtype=object)).astype(str)
        if self._labels_data is not None:
            frame["targets"] = np.asarray(self._labels_data, dtype=object).astype(str)
        rows = [frame.head(self.NUM_SAMPLE_ROWS_FOR_HASH), frame.tail(self.NUM_SAMPLE_ROWS_FOR_HASH)]
        told = [[str(name) for name in self._feature_names], len(frame), *(part.values.tolist() for part in rows)]
        return hashlib.md5(json.dumps(told).encode(), usedforsecurity=False).hexdigest()

    @property
    def digest(self) -> str | None:
        """What tells data of one name apart."""
        return self._digest

    def _frame(self, data: Any) -> Any:
        """The data as a pandas DataFrame; None for arrays and lists.

        Raises:
            InvalidParameterValue: it is none of those.
        """
        import numpy as np
        import pandas as pd

        if isinstance(data, pd.DataFrame):
            return data
        if isinstance(data, (list, np.ndarray)):
            return None
        kind = type(data).__module__
        if kind.startswith("polars."):
            return data.to_pandas()
        if kind.startswith("pyspark.sql"):
            if data.count() > self.SPARK_DATAFRAME_LIMIT:
                _LOG.warning("Only the first %s rows of the Spark DataFrame are evaluated.", self.SPARK_DATAFRAME_LIMIT)
            return data.limit(self.SPARK_DATAFRAME_LIMIT).toPandas()
        raise InvalidParameterValue(
            f"Data is a '{type(data).__name__}'. Give a pandas, polars or Spark DataFrame, a numpy array, a list, or a "
            "dataset of mlflow.data."
        )


def _column(frame: Any, role: str, name: Any) -> Any:
    if name is None:
        return None
    if not isinstance(name, str):
        raise InvalidParameterValue(
            f"`{role}` is a '{type(name).__name__}', but the data is a DataFrame. Give the name of its column, as text."
        )
    if name not in frame.columns:
        raise InvalidParameterValue(f"Column '{name}' of {role} is not in the data. Use one of {list(frame.columns)}.")
    column = frame[name]
    if column.ndim > 1:
        raise InvalidParameterValue(f"The data has several columns '{name}'. Rename them.")
    return column.to_numpy()


def _features(frame: Any, others: set[str], names: list[str] | None) -> Any:
    if names is None:
        return frame.drop(columns=list(others))
    if missing := [name for name in names if name not in frame.columns]:
        raise InvalidParameterValue(f"Columns {missing} of feature_names are not in the data: {list(frame.columns)}.")
    return frame[list(names)]


def _array(data: Any, names: list[str] | None) -> tuple[Any, list[str]]:
    import numpy as np

    rows = data if isinstance(data, np.ndarray) else np.asarray([_row(row) for row in data])
    if rows.ndim != 2:
        raise InvalidParameterValue(
            f"Data is an array of shape {rows.shape}. Give one of two dimensions: rows and columns."
        )
    width = rows.shape[1]
    if names is None:
        return rows, [f"feature_{number:0{len(str(width))}d}" for number in range(1, width + 1)]
    if len(names) != width:
        raise InvalidParameterValue(f"There are {len(names)} feature_names for {width} columns. Give one for each.")
    return rows, list(names)


def _row(row: Any) -> Any:
    return row if hasattr(row, "__len__") and not isinstance(row, str) else [row]


def _labels(targets: Any, rows: int) -> Any:
    import numpy as np

    if targets is None:
        return None
    if isinstance(targets, str):
        raise InvalidParameterValue(f"`targets` is the text '{targets}', but the data has no names. Give an array.")
    labels = np.asarray(targets)
    if labels.shape != (rows,):
        raise InvalidParameterValue(f"Targets have the shape {labels.shape} for {rows} rows. Give one for each row.")
    return labels
