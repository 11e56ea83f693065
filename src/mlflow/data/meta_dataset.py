"""Datasets that are described without being loaded."""

from __future__ import annotations

import json
from typing import Any

from mlflow.data.dataset import Dataset
from mlflow.data.dataset_source import DatasetSource
from mlflow.exceptions import InvalidParameterValue
from mlflow.types.schema import Schema

__all__ = ["MetaDataset"]


class MetaDataset(Dataset):
    """A source with a name, a digest and perhaps a schema: for data too big, or too private, to load.

    Args:
        source: where the data is.
        name: a name for people; "dataset" when omitted.
        digest: what tells data of one name apart; computed from name, source and schema when omitted.
        schema: the columns or tensors.
    """

    def __init__(
        self,
        source: DatasetSource,
        name: str | None = None,
        digest: str | None = None,
        schema: Schema | None = None,
    ) -> None:
        given: Any = schema
        if given is not None and not isinstance(given, Schema):
            raise InvalidParameterValue(f"Schema is '{given}'. Pass a mlflow.types.Schema.")
        self._schema = schema
        super().__init__(source, name, digest)

    @property
    def schema(self) -> Schema | None:
        """The columns or tensors, as given."""
        return self._schema

    def to_dict(self) -> dict[str, Any]:
        told = super().to_dict()
        if self._schema is not None:
            told["schema"] = json.dumps({"mlflow_colspec": self._schema.to_dict()})
        return told
