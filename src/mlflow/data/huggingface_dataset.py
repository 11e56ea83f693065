"""Datasets of the Hugging Face library `datasets`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import Any

from mlflow.data.dataset import Dataset, check_columns, schema_or_none
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.dataset_source_registry import source_of
from mlflow.data.digest_utils import MAX_ROWS, compute_pandas_digest
from mlflow.data.huggingface_dataset_source import HuggingFaceDatasetSource
from mlflow.data.pyfunc_dataset_mixin import PyFuncConvertibleDatasetMixin, PyFuncInputsOutputs
from mlflow.exceptions import InvalidParameterValue
from mlflow.types.inference import schema_of
from mlflow.types.schema import Schema

__all__ = ["HuggingFaceDataset", "from_huggingface"]


class HuggingFaceDataset(Dataset, PyFuncConvertibleDatasetMixin):
    """A `datasets.Dataset` with where it came from; see `from_huggingface`."""

    def __init__(
        self,
        ds: Any,
        source: DatasetSource,
        targets: str | None = None,
        name: str | None = None,
        digest: str | None = None,
    ) -> None:
        check_columns(ds.column_names, targets=targets)
        self._ds = ds
        self._targets = targets
        super().__init__(source, name, digest)

    def _compute_digest(self) -> str:
        return compute_pandas_digest(self._head)

    @cached_property
    def _head(self) -> Any:
        """The first rows as a DataFrame; what digest and schema are told from."""
        return self._ds.select(range(min(MAX_ROWS, self._ds.num_rows))).to_pandas()

    @property
    def ds(self) -> Any:
        """The `datasets.Dataset`."""
        return self._ds

    @property
    def targets(self) -> str | None:
        """The column of the targets."""
        return self._targets

    @property
    def profile(self) -> dict[str, int | None]:
        """`num_rows`, `dataset_size` and `size_in_bytes`; the sizes are None where the library does not know them."""
        ds = self._ds
        return {"num_rows": ds.num_rows, "dataset_size": ds.dataset_size, "size_in_bytes": ds.size_in_bytes}

    @cached_property
    def schema(self) -> Schema | None:
        """The columns; None when one has a type that schemas cannot express."""
        return schema_or_none(lambda: schema_of(self._head))

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | self._description()

    def rows_and_targets(self) -> tuple[Any, Any]:
        return self._ds.to_pandas(), self._targets

    def to_pyfunc(self) -> PyFuncInputsOutputs:
        """A DataFrame of all rows, and a Series of the targets."""
        df = self._ds.to_pandas()
        if self._targets is None:
            return PyFuncInputsOutputs(df)
        return PyFuncInputsOutputs(df.drop(columns=[self._targets]), df[self._targets])


def from_huggingface(
    ds: Any,
    path: str | None = None,
    targets: str | None = None,
    data_dir: str | None = None,
    data_files: str | Sequence[str] | Mapping[str, str | Sequence[str]] | None = None,
    revision: Any = None,
    name: str | None = None,
    digest: str | None = None,
    trust_remote_code: bool | None = None,
    source: str | DatasetSource | None = None,
) -> HuggingFaceDataset:
    """The dataset of a `datasets.Dataset`.

    Args:
        ds: one split; choose from a DatasetDict first.
        path: what `datasets.load_dataset` loaded it from.
        targets: the column of the targets.
        data_dir: as given to `datasets.load_dataset`, if it was; so are the next two and `trust_remote_code`.
        data_files: see `data_dir`.
        revision: see `data_dir`.
        name: a name for people; "dataset" when omitted.
        digest: what tells data of one name apart; computed from the first 10,000 rows when omitted.
        trust_remote_code: see `data_dir`.
        source: where it came from, as path, URI or `DatasetSource`, in place of `path`.

    Raises:
        InvalidParameterValue: `ds` is no `datasets.Dataset`, or lacks the column of targets.
    """
    if not isinstance(ds, import_module("datasets").Dataset):
        raise InvalidParameterValue(f"Data is a '{type(ds).__name__}'. Pass a datasets.Dataset, that is one split.")
    if source is None and path is not None:
        source = HuggingFaceDatasetSource(
            path, ds.config_name, data_dir, data_files, ds.split, revision, trust_remote_code
        )
    return HuggingFaceDataset(ds, source_of(source), targets, name, digest)
