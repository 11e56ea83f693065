"""What a scoring server is told when it starts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from mlflow.environment_variables import (
    MLFLOW_SCORING_SERVER_MAX_BUFFERED_BYTES,
    MLFLOW_SCORING_SERVER_MAX_REQUEST_BYTES,
    MLFLOW_SCORING_SERVER_REWARD_REQUESTS,
    MLFLOW_SCORING_SERVER_THREADS,
    MLFLOW_SCORING_SERVER_TOKEN,
)
from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.ab.plan import Plan
from mlflow.serving.monitoring.settings import Address
from mlflow.serving.traffic.routes import Routes

__all__ = ["ServingSettings"]


class ServingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one server.

    Attributes:
        routes: the models, and what decides among them.
        state_folder: where the state of its traffic is kept; None for a server that keeps none.
        reload_interval: seconds between two looks at where an alias, a stage or latest leads; 0 for none.
        timeout: seconds a request may take, from its head to its answer.
        max_bytes: of a request's body.
        max_buffered: bytes of bodies that a process holds at a time.
        threads: predictions at a time in each process.
        max_batch_size: requests that one call of a model may answer; 1 for one at a time.
        batch_latency: seconds that a request may take longer for being answered with others.
        plan: of the experiment on its traffic; None for none.
        remembered: requests whose rewards may still come.
        token: what callers send as `Authorization: Bearer …`; None lets everybody in.
        monitor: where sampled requests go; None for nowhere.
        start: what all processes of one start of a server know; empty where there is only one.
    """

    routes: Routes
    state_folder: Path | None = None
    reload_interval: float = 10.0
    timeout: float = 60.0
    max_bytes: int = 256 << 20
    max_buffered: int = 1 << 30
    threads: int = 1
    max_batch_size: int = 64
    batch_latency: float = 0.01
    plan: Plan | None = None
    remembered: int = 1_000_000
    token: str | None = None
    monitor: Address | None = None
    start: str = ""

    @classmethod
    def from_environment(cls, routes: Routes, timeout: float, workers: int, **options: Any) -> ServingSettings:
        """The options of a command, and the settings that stand in the environment.

        Args:
            routes: the models.
            timeout: seconds a request may take.
            workers: processes.
            options: further attributes.

        Raises:
            InvalidParameterValue: a value makes no sense.
        """
        threads = MLFLOW_SCORING_SERVER_THREADS.get() or max(1, _cores() // workers)
        largest = MLFLOW_SCORING_SERVER_MAX_REQUEST_BYTES.get()
        buffered = MLFLOW_SCORING_SERVER_MAX_BUFFERED_BYTES.get()
        remembered = MLFLOW_SCORING_SERVER_REWARD_REQUESTS.get()
        limits = {
            "--timeout": timeout,
            MLFLOW_SCORING_SERVER_THREADS: threads,
            MLFLOW_SCORING_SERVER_MAX_REQUEST_BYTES: largest,
            MLFLOW_SCORING_SERVER_MAX_BUFFERED_BYTES: buffered,
            MLFLOW_SCORING_SERVER_REWARD_REQUESTS: remembered,
        }
        for name, value in limits.items():
            if value <= 0:
                raise InvalidParameterValue(f"{name} is '{value}'. Give a number above 0.")
        return cls(
            routes=routes,
            timeout=timeout,
            max_bytes=largest,
            max_buffered=buffered,
            threads=threads,
            remembered=remembered,
            token=MLFLOW_SCORING_SERVER_TOKEN.get() or None,
            **options,
        )


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
