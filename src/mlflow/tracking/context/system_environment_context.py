"""Tags given from outside, as JSON in an environment variable."""

from __future__ import annotations

import json

from mlflow.environment_variables import MLFLOW_RUN_CONTEXT
from mlflow.tracking.context.abstract_context import RunContextProvider

__all__ = ["MLFLOW_RUN_CONTEXT_ENV_VAR", "SystemEnvironmentContext"]

MLFLOW_RUN_CONTEXT_ENV_VAR = "MLFLOW_RUN_CONTEXT"


class SystemEnvironmentContext(RunContextProvider):
    """The members of the JSON object in MLFLOW_RUN_CONTEXT."""

    def in_context(self) -> bool:
        return MLFLOW_RUN_CONTEXT.defined

    def tags(self) -> dict[str, str]:
        given: dict[str, str] = json.loads(MLFLOW_RUN_CONTEXT.get() or "{}")
        return given
