"""Datasets in pandas DataFrames."""

from __future__ import annotations

from typing import Any

from mlflow.data.dataset_source import DatasetSource
from mlflow.data.dataset_source_registry import source_of
from mlflow.data.digest_utils import compute_pandas_digest
from mlflow.data.frame_dataset import FrameDataset
from mlflow.data.pyfunc_dataset_mixin import PyFuncInputsOutputs
from mlflow.exceptions import InvalidParameterValue
from mlflow.types.inference import schema_of
from mlflow.types.schema import Schema

__all__ = ["PandasDataset", "from_pandas"]


class PandasDataset(FrameDataset):
    """A DataFrame with where it came from; see `from_pandas`."""

    def _check_frame(self, df: Any) -> None:
        import pandas as pd

        if not isinstance(df, pd.DataFrame):
            raise InvalidParameterValue(f"Data is a '{type(df).__name__}'. Pass a pandas DataFrame.")

    def _compute_digest(self) -> str:
        return compute_pandas_digest(self._df)

    @property
    def profile(self) -> dict[str, int]:
        """`num_rows` and `num_elements`."""
        return {"num_rows": len(self._df), "num_elements": int(self._df.size)}

    def _schema(self) -> Schema:
        return schema_of(self._df)

    def to_pyfunc(self) -> PyFuncInputsOutputs:
        if self._targets is None:
            return PyFuncInputsOutputs(self._df)
        return PyFuncInputsOutputs(self._df.drop(columns=[self._targets]), self._df[self._targets])


def from_pandas(
    df: Any,
    source: str | DatasetSource | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> PandasDataset:
    """The dataset of a pandas DataFrame.

    Args:
        df: the DataFrame.
        source: where it came from, as path, URI or `DatasetSource`; this program when omitted.
        targets: the column of the targets.
        name: a name for people; "dataset" when omitted.
        digest: what tells data of one name apart; computed from the data when omitted.
        predictions: the column of a model's predictions.

    Raises:
        InvalidParameterValue: `df` is no DataFrame, or lacks a named column.
        ResourceDoesNotExist: the source is of no known kind.
    """
    return PandasDataset(df, source_of(source), targets, name, digest, predictions)
