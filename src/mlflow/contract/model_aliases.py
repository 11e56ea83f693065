"""Aliases of registered models: what a registry offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Protocol

from mlflow.contract.access import edit, read
from mlflow.contract.caller import Caller
from mlflow.contract.route import Text, route
from mlflow.entities.model_registry.model_version import ModelVersion

__all__ = ["ModelAliases"]


class ModelAliases(Protocol):
    """Names that point to one version of a model each; `latest` always points to the newest."""

    @route("POST", "2.0/mlflow/registered-models/alias", access=edit(registered_model="name"))
    def set_registered_model_alias(self, caller: Caller, name: Text, alias: Text, version: Text) -> None:
        """Point an alias to a version, also one that points elsewhere already.

        Raises:
            PromotionRefused: a check of the registry is against it.
        """
        ...

    @route("DELETE", "2.0/mlflow/registered-models/alias", access=edit(registered_model="name"))
    def delete_registered_model_alias(self, caller: Caller, name: Text, alias: Text) -> None:
        """Remove an alias; one that is not there is fine."""
        ...

    @route("GET", "2.0/mlflow/registered-models/alias", access=read(registered_model="name"), envelope="model_version")
    def get_model_version_by_alias(self, caller: Caller, name: Text, alias: Text) -> ModelVersion:
        """Answer the version that an alias points to."""
        ...
