"""The schema of a dataset of tensors."""

from __future__ import annotations

from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.types.schema import Schema

__all__ = ["TensorDatasetSchema"]


class TensorDatasetSchema:
    """The schemas of the features and, if there are any, of the targets."""

    def __init__(self, features: Schema, targets: Schema | None = None) -> None:
        self.features = self._checked("features", features)
        self.targets = None if targets is None else self._checked("targets", targets)

    @staticmethod
    def _checked(name: str, schema: Any) -> Schema:
        if not isinstance(schema, Schema):
            raise InvalidParameterValue(f"Argument '{name}' is '{schema}'. Pass a mlflow.types.Schema.")
        return schema

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, in which each schema is a JSON text."""
        targets = None if self.targets is None else self.targets.to_json()
        return {"mlflow_tensorspec": {"features": self.features.to_json(), "targets": targets}}

    @classmethod
    def from_dict(cls, schema_dict: dict[str, Any]) -> TensorDatasetSchema:
        """The schema of a JSON form.

        Raises:
            InvalidParameterValue: it has no `mlflow_tensorspec` with `features`.
        """
        spec = schema_dict.get("mlflow_tensorspec") or {}
        if "features" not in spec:
            raise InvalidParameterValue(f"Tensor schema '{schema_dict}' has no 'mlflow_tensorspec' with 'features'.")
        targets = spec.get("targets")
        return cls(Schema.from_json(spec["features"]), None if targets is None else Schema.from_json(targets))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorDatasetSchema):
            return NotImplemented
        return self.features == other.features and self.targets == other.targets

    __hash__ = None  # type: ignore[assignment] # as the schemas it holds

    def __repr__(self) -> str:
        return f"features:\n  {self.features}\ntargets:\n  {self.targets}\n"
