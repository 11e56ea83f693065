"""Failures of schemas: what declares, reads or infers one was not acceptable."""

from __future__ import annotations

from mlflow.exceptions import InvalidParameterValue


class SchemaError(InvalidParameterValue):
    """A type, column, tensor, parameter or schema breaks a rule of schemas."""


class SchemaTypeError(SchemaError, TypeError):
    """An argument has a Python type that the schema class does not take."""


class InvalidDataForSignatureInferenceError(InvalidParameterValue):
    """No schema can be inferred from an example of this kind; declare it by hand or by type hints."""


class TensorsNotSupportedException(InvalidParameterValue):
    """A column schema was asked of data that holds tensors."""

    def __init__(self, msg: str) -> None:
        super().__init__(f"Multidimensional arrays (tensors) are not supported here: {msg}")
