"""Finding by name what a command is about."""

from __future__ import annotations

from mlflow.entities import Experiment
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.tracking.client import MlflowClient

__all__ = ["experiment_named"]


def experiment_named(name: str) -> Experiment:
    """The experiment of this name.

    Raises:
        ResourceDoesNotExist: there is none.
    """
    experiment = MlflowClient().get_experiment_by_name(name)
    if experiment is None:
        raise ResourceDoesNotExist(f"There is no experiment named '{name}'; `mlflow experiments search` lists them.")
    return experiment
