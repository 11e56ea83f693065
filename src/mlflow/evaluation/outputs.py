"""What a model returned, as one prediction a row and the columns beside it."""

from __future__ import annotations

from typing import Any, NamedTuple

from mlflow.data.evaluation_dataset import EvaluationDataset
from mlflow.exceptions import InvalidParameterValue

__all__ = ["Outputs"]


class Outputs(NamedTuple):
    """Predictions, and other columns of a model's output.

    Args:
        predictions: a Series of one value a row, numbered from 0.
        name: the column that they come from; None where they have no name.
        others: a DataFrame of the other columns; None without.
    """

    predictions: Any
    name: str | None
    others: Any = None

    @classmethod
    def of_dataset(cls, dataset: EvaluationDataset) -> Outputs:
        """The predictions that the data has."""
        import pandas as pd

        return cls(pd.Series(dataset.predictions_data), dataset.predictions_name)

    @classmethod
    def of_model(cls, output: Any, rows: int, column: str | None) -> Outputs:
        """What a model returned for some rows.

        Args:
            output: a list, array, Series, DataFrame, dictionary of columns, or list of dictionaries.
            rows: how many there must be.
            column: the column that has the predictions, where there are several.

        Raises:
            InvalidParameterValue: the output has another shape, or the column is unclear.
        """
        import numpy as np
        import pandas as pd

        if isinstance(output, dict) or (isinstance(output, list) and output and isinstance(output[0], dict)):
            output = pd.DataFrame(output)
        if isinstance(output, pd.DataFrame):
            found = _of_frame(output.reset_index(drop=True), column)
        else:
            values = np.asarray(output)
            if values.ndim == 2 and values.shape[1] == 1:
                values = values[:, 0]
            if values.ndim != 1:
                raise InvalidParameterValue(
                    f"The model's output has the shape {values.shape}. It must be one prediction for each row, or a "
                    "DataFrame with a column of them."
                )
            found = cls(pd.Series(values), column)
        if len(found.predictions) != rows:
            raise InvalidParameterValue(
                f"The model returned {len(found.predictions)} predictions for {rows} rows. It must return one for each."
            )
        return found


def _of_frame(frame: Any, column: str | None) -> Outputs:
    columns = list(frame.columns)
    if column is None and len(columns) == 1:
        column = columns[0]
    if column is None:
        raise InvalidParameterValue(
            f"The model returns the columns {columns}. Name the one with its predictions by `predictions`."
        )
    if column not in columns:
        if len(columns) > 1:
            raise InvalidParameterValue(f"The model returns no column '{column}' of predictions, but {columns}.")
        column = columns[0]
    others = frame.drop(columns=[column])
    return Outputs(frame[column], str(column), others if len(others.columns) else None)
