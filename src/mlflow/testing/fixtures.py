"""What the suites share: an experiment of one's own, names that nobody else has, callers with little power."""

from __future__ import annotations

import uuid

import pytest

from mlflow.contract.caller import EVERYONE, Caller, Permission
from mlflow.contract.store import TrackingStore
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag

__all__ = ["Suite", "reader_of", "unique"]


def unique(prefix: str = "x") -> str:
    """A name that no other test has."""
    return f"{prefix}-{uuid.uuid4().hex}"


def reader_of(experiment_id: str) -> Caller:
    """One who may read this experiment, and nothing else."""
    return Caller("reader", grants={("experiment", experiment_id): Permission.READ})


class Suite:
    """Base of the suites; subclasses override the fixture `store` where no conftest gives one."""

    @pytest.fixture
    def experiment_id(self, store: TrackingStore) -> str:
        """A new experiment."""
        return store.experiments.create_experiment(EVERYONE, unique("experiment"))

    @pytest.fixture
    def run_id(self, store: TrackingStore, experiment_id: str) -> str:
        """A new run of it."""
        return store.runs.create_run(EVERYONE, experiment_id, start_time=1).info.run_id

    def make_run(
        self,
        store: TrackingStore,
        experiment_id: str,
        start_time: int = 0,
        params: dict[str, str] | None = None,
        tags: dict[str, str] | None = None,
        metrics: dict[str, float] | None = None,
    ) -> str:
        """A new run that logged these."""
        run_id = store.runs.create_run(EVERYONE, experiment_id, start_time=start_time).info.run_id
        store.runs.log_batch(
            EVERYONE,
            run_id,
            [Metric(key, value, 1, 0) for key, value in (metrics or {}).items()],
            [Param(key, value) for key, value in (params or {}).items()],
            [RunTag(key, value) for key, value in (tags or {}).items()],
        )
        return run_id
