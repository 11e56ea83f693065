"""What datasets in data frames of every library have in common."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import Any

from mlflow.data.dataset import Dataset, check_columns, schema_or_none
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.pyfunc_dataset_mixin import PyFuncConvertibleDatasetMixin
from mlflow.types.schema import Schema

__all__ = ["FrameDataset"]


class FrameDataset(Dataset, PyFuncConvertibleDatasetMixin):
    """A data frame with where it came from.

    Args:
        df: the frame.
        source: where it came from.
        targets: the column of the targets.
        name: a name for people; "dataset" when omitted.
        digest: what tells data of one name apart; computed when omitted.
        predictions: the column of a model's predictions.

    Raises:
        InvalidParameterValue: it is no frame of this library, or lacks a named column.
    """

    def __init__(
        self,
        df: Any,
        source: DatasetSource,
        targets: str | None = None,
        name: str | None = None,
        digest: str | None = None,
        predictions: str | None = None,
    ) -> None:
        self._check_frame(df)
        check_columns(df.columns, targets=targets, predictions=predictions)
        self._df = df
        self._targets = targets
        self._predictions = predictions
        super().__init__(source, name, digest)

    def _check_frame(self, df: Any) -> None:
        """Raise InvalidParameterValue for what is no frame of this library."""

    @abstractmethod
    def _schema(self) -> Schema:
        """The columns; raises SchemaError when one has a type that schemas cannot express."""

    @property
    def df(self) -> Any:
        """The data frame."""
        return self._df

    @property
    def targets(self) -> str | None:
        """The column of the targets."""
        return self._targets

    @property
    def predictions(self) -> str | None:
        """The column of a model's predictions."""
        return self._predictions

    @cached_property
    def schema(self) -> Schema | None:
        """The columns; None when one has a type that schemas cannot express."""
        return schema_or_none(self._schema)

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | self._description()

    def rows_and_targets(self) -> tuple[Any, Any]:
        return self._df, self._targets
