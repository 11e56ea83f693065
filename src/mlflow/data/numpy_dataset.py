"""Datasets in numpy arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from mlflow.data.dataset import Dataset, schema_or_none
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.dataset_source_registry import source_of
from mlflow.data.digest_utils import compute_numpy_digest
from mlflow.data.pyfunc_dataset_mixin import PyFuncConvertibleDatasetMixin, PyFuncInputsOutputs
from mlflow.data.schema import TensorDatasetSchema
from mlflow.exceptions import InvalidParameterValue
from mlflow.types.inference import schema_of

__all__ = ["NumpyDataset", "from_numpy"]


class NumpyDataset(Dataset, PyFuncConvertibleDatasetMixin):
    """Arrays of features, and perhaps of targets, with where they came from; see `from_numpy`."""

    def __init__(
        self,
        features: Any,
        source: DatasetSource,
        targets: Any = None,
        name: str | None = None,
        digest: str | None = None,
    ) -> None:
        _check("features", features)
        if targets is not None:
            _check("targets", targets)
        self._features = features
        self._targets = targets
        super().__init__(source, name, digest)

    def _compute_digest(self) -> str:
        return compute_numpy_digest(self._features, self._targets)

    @property
    def features(self) -> Any:
        """The array, or arrays by name, of the features."""
        return self._features

    @property
    def targets(self) -> Any:
        """The array, or arrays by name, of the targets."""
        return self._targets

    @property
    def profile(self) -> dict[str, Any]:
        """`shape`, `size` and `nbytes` of features and targets, by name where the arrays have names."""
        found = _profile("features", self._features)
        return found if self._targets is None else found | _profile("targets", self._targets)

    @cached_property
    def schema(self) -> TensorDatasetSchema | None:
        """The tensors; None when an array has no dimension that counts the examples."""
        return schema_or_none(self._infer)

    def _infer(self) -> TensorDatasetSchema:
        targets = None if self._targets is None else schema_of(self._targets)
        return TensorDatasetSchema(schema_of(self._features), targets)

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | self._description()

    def rows_and_targets(self) -> tuple[Any, Any]:
        return self._features, self._targets

    def to_pyfunc(self) -> PyFuncInputsOutputs:
        return PyFuncInputsOutputs(self._features, self._targets)


def _check(role: str, data: Any) -> None:
    import numpy as np

    arrays = list(data.values()) if isinstance(data, Mapping) else [data]
    if not arrays or not all(isinstance(array, np.ndarray) for array in arrays):
        raise InvalidParameterValue(
            f"The {role} are a '{type(data).__name__}'. Pass an ndarray or a dictionary of them."
        )


def _profile(role: str, data: Any) -> dict[str, Any]:
    def each(measure: Callable[[Any], Any]) -> Any:
        return {name: measure(a) for name, a in data.items()} if isinstance(data, Mapping) else measure(data)

    return {
        f"{role}_shape": each(lambda array: array.shape),
        f"{role}_size": each(lambda array: int(array.size)),
        f"{role}_nbytes": each(lambda array: int(array.nbytes)),
    }


def from_numpy(
    features: Any,
    source: str | DatasetSource | None = None,
    targets: Any = None,
    name: str | None = None,
    digest: str | None = None,
) -> NumpyDataset:
    """The dataset of numpy arrays, whose first dimension counts the examples.

    Args:
        features: an array, or a dictionary of arrays.
        source: where they came from, as path, URI or `DatasetSource`; this program when omitted.
        targets: an array, or a dictionary of arrays.
        name: a name for people; "dataset" when omitted.
        digest: what tells data of one name apart; computed from the data when omitted.

    Raises:
        InvalidParameterValue: the data are not arrays.
        ResourceDoesNotExist: the source is of no known kind.
    """
    return NumpyDataset(features, source_of(source), targets, name, digest)
