"""The failure of data that does not fit a model's signature."""

from __future__ import annotations

from mlflow.environment_variables import MLFLOW_DISABLE_SCHEMA_DETAILS
from mlflow.exceptions import InvalidParameterValue

__all__ = ["SchemaEnforcementFailed"]


class SchemaEnforcementFailed(InvalidParameterValue):
    """Data does not fit the model's signature.

    With MLFLOW_DISABLE_SCHEMA_DETAILS the message names neither columns nor types, for servers whose callers must not
    learn them.
    """

    def __init__(self, message: str) -> None:
        if MLFLOW_DISABLE_SCHEMA_DETAILS.get():
            message = "The input does not fit the model's schema. Ask the model's owner what it takes."
        super().__init__(message, sqlstate="KAM01", error_class="SCHEMA_ENFORCEMENT_FAILED")
