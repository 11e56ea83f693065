"""Datasets in pandas DataFrames."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from mlflow.data.dataset import Dataset, check_columns, schema_or_none
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.dataset_source_registry import source_of
from mlflow.data.digest_utils import compute_pandas_digest
from mlflow.data.pyfunc_dataset_mixin import PyFuncConvertibleDatasetMixin, PyFuncInputsOutputs
from mlflow.exceptions import InvalidParameterValue
from mlflow.types.inference import schema_of
from mlflow.types.schema import Schema

__all__ = ["PandasDataset", "from_pandas"]


class PandasDataset(Dataset, PyFuncConvertibleDatasetMixin):
    """A DataFrame with where it came from; see `from_pandas`."""

    def __init__(
        self,
        df: Any,
        source: DatasetSource,
        targets: str | None = None,
        name: str | None = None,
        digest: str | None = None,
        predictions: str | None = None,
    ) -> None:
        import pandas as pd

        if not isinstance(df, pd.DataFrame):
            raise InvalidParameterValue(f"Data is a '{type(df).__name__}'. Pass a pandas DataFrame.")
        check_columns(df.columns, targets=targets, predictions=predictions)
        self._df = df
        self._targets = targets
        self._predictions = predictions
        super().__init__(source, name, digest)

    def _compute_digest(self) -> str:
        return compute_pandas_digest(self._df)

    @property
    def df(self) -> Any:
        """The DataFrame."""
        return self._df

    @property
    def targets(self) -> str | None:
        """The column of the targets."""
        return self._targets

    @property
    def predictions(self) -> str | None:
        """The column of a model's predictions."""
        return self._predictions

    @property
    def profile(self) -> dict[str, int]:
        """`num_rows` and `num_elements`."""
        return {"num_rows": len(self._df), "num_elements": int(self._df.size)}

    @cached_property
    def schema(self) -> Schema | None:
        """The columns; None when one has a type that schemas cannot express."""
        return schema_or_none(lambda: schema_of(self._df))

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | self._description()

    def rows_and_targets(self) -> tuple[Any, Any]:
        return self._df, self._targets

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
