"""What every kind of dataset has: a name, a digest, a source, and mostly a schema and a profile."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from mlflow.data.dataset_source import DatasetSource
from mlflow.data.schema import TensorDatasetSchema
from mlflow.entities.dataset import Dataset as DatasetRecord
from mlflow.exceptions import InvalidParameterValue
from mlflow.types.exceptions import SchemaError
from mlflow.types.schema import Schema

__all__ = ["Dataset"]

S = TypeVar("S", Schema, TensorDatasetSchema)

_logger = logging.getLogger(__name__)


class Dataset:
    """Data with where it came from, as `mlflow.log_input` records it.

    A plugin subclasses it, sets what `_compute_digest` needs, then calls this constructor.

    Args:
        source: where the data comes from.
        name: a name for people; "dataset" when omitted.
        digest: what tells data of one name apart; computed when omitted.
    """

    def __init__(self, source: DatasetSource, name: str | None = None, digest: str | None = None) -> None:
        self._name = name
        self._source = source
        self._digest = digest or self._compute_digest()

    def _compute_digest(self) -> str:
        """Eight hexadecimal digits of what describes the dataset; subclasses digest the data instead."""
        schema = self.schema.to_dict() if isinstance(self.schema, Schema) else ""
        described = self._address() | {"schema": schema}
        return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:8]

    def _address(self) -> dict[str, Any]:
        source_type = self._source._get_source_type()
        return {"name": self.name, "source": self._source.to_json(), "source_type": source_type}

    @property
    def name(self) -> str:
        """The name for people."""
        return "dataset" if self._name is None else self._name

    @property
    def digest(self) -> str:
        """What tells data of one name apart."""
        return self._digest

    @property
    def source(self) -> DatasetSource:
        """Where the data comes from."""
        return self._source

    @property
    def profile(self) -> Any | None:
        """Figures about the data, such as the number of rows; they can be written as JSON."""
        return None

    @property
    def schema(self) -> Any | None:
        """The `Schema` or `TensorDatasetSchema`; None where none can be told."""
        return None

    def to_dict(self) -> dict[str, Any]:
        """Texts to record: `name`, `digest`, `source` (JSON), `source_type`; subclasses add `schema` and `profile`."""
        address = self._address()
        return {"name": address.pop("name"), "digest": self.digest, **address}

    def _description(self) -> dict[str, str | None]:
        """`schema` and `profile` as JSON texts, None where there is none."""
        schema = self.schema
        document = {"mlflow_colspec": schema.to_dict()} if isinstance(schema, Schema) else schema and schema.to_dict()
        return {
            "schema": json.dumps(document) if document else None,
            "profile": None if self.profile is None else json.dumps(self.profile),
        }

    def to_json(self) -> str:
        """`to_dict` as JSON text."""
        return json.dumps(self.to_dict())

    def _to_mlflow_entity(self) -> DatasetRecord:
        """The record that a run keeps."""
        told = self.to_dict()
        return DatasetRecord(
            name=told["name"],
            digest=told["digest"],
            source_type=told["source_type"],
            source=told["source"],
            schema=told.get("schema"),
            profile=told.get("profile"),
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r}, digest={self.digest!r}, source={self._source!r})"


def schema_or_none(infer: Callable[[], S]) -> S | None:
    """The inferred schema; None, with a line in the log, where the data has none."""
    try:
        return infer()
    except SchemaError as exc:
        _logger.warning("The dataset is recorded without a schema. %s", exc.message)
        return None


def check_columns(columns: Iterable[Any], **roles: Any) -> None:
    """Refuse a role, such as `targets`, that names no column.

    Raises:
        InvalidParameterValue: a given role is not among the columns.
    """
    known = list(columns)
    for role, column in roles.items():
        if column is not None and column not in known:
            raise InvalidParameterValue(f"Column '{column}' of {role} is not in the data. Use one of {known}.")
