"""A store: one implementation of each interface of tracking and of the model registry."""

from __future__ import annotations

from dataclasses import dataclass, fields

from mlflow.contract.changes import Changes
from mlflow.contract.columns import Columns
from mlflow.contract.experiments import Experiments
from mlflow.contract.inputs import Inputs
from mlflow.contract.journals import Journals
from mlflow.contract.logged_model_columns import LoggedModelColumns
from mlflow.contract.logged_models import LoggedModels
from mlflow.contract.metrics import Metrics
from mlflow.contract.model_aliases import ModelAliases
from mlflow.contract.model_versions import ModelVersions
from mlflow.contract.registered_models import RegisteredModels
from mlflow.contract.registry_history import RegistryHistory
from mlflow.contract.route import Route, routes_of
from mlflow.contract.run_tables import RunTables
from mlflow.contract.runs import Runs
from mlflow.contract.views import Views
from mlflow.contract.webhooks import Webhooks

__all__ = ["REGISTRY_PARTS", "TrackingStore", "interfaces", "routes"]

REGISTRY_PARTS = ("registered_models", "model_versions", "model_aliases", "registry_history", "webhooks")
"""The parts that another store may have in place of the one that tracks runs."""


@dataclass(frozen=True)
class TrackingStore:
    """What keeps experiments, runs, metrics and registered models: a SQL database, a server, or a plugin's store."""

    experiments: Experiments
    runs: Runs
    run_tables: RunTables
    metrics: Metrics
    inputs: Inputs
    logged_models: LoggedModels
    logged_model_columns: LoggedModelColumns
    columns: Columns
    views: Views
    changes: Changes
    journals: Journals
    registered_models: RegisteredModels
    model_versions: ModelVersions
    model_aliases: ModelAliases
    registry_history: RegistryHistory
    webhooks: Webhooks


def interfaces() -> dict[str, type]:
    """The interface of each part of a store, by the part's name."""
    return dict(
        zip(
            (field.name for field in fields(TrackingStore)),
            (
                Experiments,
                Runs,
                RunTables,
                Metrics,
                Inputs,
                LoggedModels,
                LoggedModelColumns,
                Columns,
                Views,
                Changes,
                Journals,
                RegisteredModels,
                ModelVersions,
                ModelAliases,
                RegistryHistory,
                Webhooks,
            ),
            strict=True,
        )
    )


def routes() -> dict[str, tuple[Route, ...]]:
    """The endpoints of each part of a store, by the part's name."""
    return {part: routes_of(interface) for part, interface in interfaces().items()}
