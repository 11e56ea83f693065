"""Datasets in TensorFlow tensors and `tf.data.Dataset`s."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any

from mlflow.data.dataset import Dataset, schema_or_none
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.dataset_source_registry import source_of
from mlflow.data.digest_utils import MAX_ROWS, compute_numpy_digest, get_normalized_md5_digest
from mlflow.data.pyfunc_dataset_mixin import PyFuncConvertibleDatasetMixin, PyFuncInputsOutputs
from mlflow.data.schema import TensorDatasetSchema
from mlflow.exceptions import InvalidParameterValue
from mlflow.types.exceptions import SchemaError
from mlflow.types.inference import schema_of
from mlflow.types.schema import Schema
from mlflow.types.tensor import TensorSpec, clean_tensor_type

__all__ = ["TensorFlowDataset", "from_tensorflow"]


class TensorFlowDataset(Dataset, PyFuncConvertibleDatasetMixin):
    """Features, and perhaps targets, with where they came from; see `from_tensorflow`."""

    def __init__(
        self,
        features: Any,
        source: DatasetSource,
        targets: Any = None,
        name: str | None = None,
        digest: str | None = None,
    ) -> None:
        kind = _kind("features", features)
        if targets is not None and _kind("targets", targets) is not kind:
            raise InvalidParameterValue(
                f"The features are a '{type(features).__name__}' and the targets a '{type(targets).__name__}'. "
                "Pass two tensors or two tf.data.Dataset."
            )
        self._features = features
        self._targets = targets
        super().__init__(source, name, digest)

    def _compute_digest(self) -> str:
        if not _is_stream(self._features):
            return compute_numpy_digest(
                self._features.numpy(), None if self._targets is None else self._targets.numpy()
            )
        elements = list(_hashes(self._features))
        if self._targets is not None:
            elements += _hashes(self._targets)
        return get_normalized_md5_digest(elements)

    @property
    def data(self) -> Any:
        """The features."""
        return self._features

    @property
    def targets(self) -> Any:
        """The targets."""
        return self._targets

    @property
    def profile(self) -> dict[str, int]:
        """`features_cardinality` and `targets_cardinality`: values of a tensor, elements of a Dataset (-2: unknown)."""
        found = {"features_cardinality": _cardinality(self._features)}
        return found if self._targets is None else found | {"targets_cardinality": _cardinality(self._targets)}

    @cached_property
    def schema(self) -> TensorDatasetSchema | None:
        """The tensors; None unless the first dimension counts the examples, as in a batched Dataset."""
        return schema_or_none(self._infer)

    def _infer(self) -> TensorDatasetSchema:
        targets = None if self._targets is None else _schema(self._targets)
        return TensorDatasetSchema(_schema(self._features), targets)

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | self._description()

    def rows_and_targets(self) -> tuple[Any, Any]:
        if _is_stream(self._features):
            raise InvalidParameterValue(
                "A tf.data.Dataset cannot be evaluated. Make arrays of its elements, and a dataset of those by "
                "mlflow.data.from_numpy."
            )
        return self._features.numpy(), None if self._targets is None else self._targets.numpy()

    def to_pyfunc(self) -> PyFuncInputsOutputs:
        return PyFuncInputsOutputs(self._features, self._targets)


def _kind(role: str, data: Any) -> Any:
    tf = import_module("tensorflow")
    for kind in (tf.data.Dataset, tf.Tensor):
        if isinstance(data, kind) or (kind is tf.Tensor and isinstance(data, tf.RaggedTensor)):
            return kind
    raise InvalidParameterValue(f"The {role} are a '{type(data).__name__}'. Pass a tensor or a tf.data.Dataset.")


def _is_stream(data: Any) -> bool:
    return hasattr(data, "as_numpy_iterator")


def _cardinality(data: Any) -> int:
    tf = import_module("tensorflow")
    return int((data.cardinality() if _is_stream(data) else tf.size(data)).numpy())


def _hashes(stream: Any) -> Iterator[Any]:
    import numpy as np
    import pandas as pd

    tf = import_module("tensorflow")
    endless = _cardinality(stream) == tf.data.INFINITE_CARDINALITY
    for element in (stream.take(MAX_ROWS) if endless else stream).as_numpy_iterator():
        parts = [np.asarray(part).flatten() for part in tf.nest.flatten(element)]
        yield pd.util.hash_array(np.concatenate(parts))


def _schema(data: Any) -> Schema:
    if not _is_stream(data):
        return schema_of(data.numpy())
    spec = data.element_spec
    if isinstance(spec, tuple) and not hasattr(spec, "_fields"):
        spec = dict(enumerate(spec))
    if isinstance(spec, Mapping):
        return Schema([_tensor(part, str(name)) for name, part in spec.items()])
    return Schema([_tensor(spec, None)])


def _tensor(spec: Any, name: str | None) -> TensorSpec:
    import numpy as np

    shape = getattr(spec, "shape", None)
    if shape is None or shape.rank is None or not shape.rank or shape[0] is not None:
        raise SchemaError(f"Elements '{spec}' have no free first dimension. Batch the Dataset first.")
    dtype = clean_tensor_type(np.dtype(spec.dtype.as_numpy_dtype))
    return TensorSpec(dtype, tuple(-1 if length is None else length for length in shape), name)


def from_tensorflow(
    features: Any,
    source: str | DatasetSource | None = None,
    targets: Any = None,
    name: str | None = None,
    digest: str | None = None,
) -> TensorFlowDataset:
    """The dataset of tensors or of `tf.data.Dataset`s.

    Args:
        features: a tensor or a Dataset.
        source: where they came from, as path, URI or `DatasetSource`; this program when omitted.
        targets: of the same kind as the features.
        name: a name for people; "dataset" when omitted.
        digest: what tells data of one name apart; computed from the data when omitted.

    Raises:
        InvalidParameterValue: the data are of another kind, or of two kinds.
    """
    return TensorFlowDataset(features, source_of(source), targets, name, digest)
