"""What a scoring server is told when it starts."""

from __future__ import annotations

import os

import msgspec

from mlflow.environment_variables import (
    MLFLOW_SCORING_SERVER_MAX_REQUEST_BYTES,
    MLFLOW_SCORING_SERVER_THREADS,
    MLFLOW_SCORING_SERVER_TOKEN,
)
from mlflow.exceptions import InvalidParameterValue

__all__ = ["ServingSettings"]


class ServingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one server.

    Attributes:
        model_uri: the model.
        timeout: seconds a request may take, from its head to its answer.
        max_bytes: of a request's body.
        threads: predictions at a time in each process.
        token: what callers send as `Authorization: Bearer …`; None lets everybody in.
    """

    model_uri: str
    timeout: float = 60.0
    max_bytes: int = 256 << 20
    threads: int = 1
    token: str | None = None

    @classmethod
    def from_environment(cls, model_uri: str, timeout: float, workers: int) -> ServingSettings:
        """The options of a command, and the settings that stand in the environment.

        Raises:
            InvalidParameterValue: a value makes no sense.
        """
        threads = MLFLOW_SCORING_SERVER_THREADS.get() or max(1, _cores() // workers)
        limit = MLFLOW_SCORING_SERVER_MAX_REQUEST_BYTES.get()
        for name, value in (("--timeout", timeout), (str(MLFLOW_SCORING_SERVER_MAX_REQUEST_BYTES), limit)):
            if value <= 0:
                raise InvalidParameterValue(f"{name} is '{value}'. Give a number above 0.")
        token = MLFLOW_SCORING_SERVER_TOKEN.get() or None
        return cls(model_uri=model_uri, timeout=timeout, max_bytes=limit, threads=threads, token=token)


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
