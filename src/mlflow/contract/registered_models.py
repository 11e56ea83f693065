"""Registered models: what a registry offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Protocol

from mlflow.contract.access import create, edit, filtered, manage, read
from mlflow.contract.caller import Caller
from mlflow.contract.pages import Page
from mlflow.contract.registered_model_table import RegisteredModelTable
from mlflow.contract.route import Text, route
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag

__all__ = ["RegisteredModels"]


class RegisteredModels(Protocol):
    """Names under which versions of models are kept. A name has no '/' and no ':'."""

    @route("POST", "2.0/mlflow/registered-models/create", access=create(), envelope="registered_model")
    def create_registered_model(
        self,
        caller: Caller,
        name: Text,
        tags: list[RegisteredModelTag] = [],  # noqa: B006
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> RegisteredModel:
        """Create a registered model without versions.

        Raises:
            ResourceAlreadyExists: the name is taken.
            InvalidParameterValue: the name or a tag is not acceptable.
        """
        ...

    @route(
        "GET",
        "2.0/mlflow/registered-models/get",
        access=read(registered_model="name"),
        envelope="registered_model",
    )
    def get_registered_model(self, caller: Caller, name: Text) -> RegisteredModel:
        """Answer one registered model with its tags, its aliases and the newest version of each stage."""
        ...

    @route(
        "POST",
        "2.0/mlflow/registered-models/rename",
        access=edit(registered_model="name"),
        envelope="registered_model",
    )
    def rename_registered_model(self, caller: Caller, name: Text, new_name: Text) -> RegisteredModel:
        """Give a model another name; its versions, tags, aliases and history follow.

        Raises:
            ResourceAlreadyExists: the name is taken.
        """
        ...

    @route(
        "PATCH",
        "2.0/mlflow/registered-models/update",
        access=edit(registered_model="name"),
        envelope="registered_model",
    )
    def update_registered_model(
        self,
        caller: Caller,
        name: Text,
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> RegisteredModel:
        """Overwrite the description; one that is not given is removed."""
        ...

    @route("DELETE", "2.0/mlflow/registered-models/delete", access=manage(registered_model="name"))
    def delete_registered_model(self, caller: Caller, name: Text) -> None:
        """Remove a model with its versions, tags and aliases; its history stays, and its name may be used again."""
        ...

    @route("GET", "2.0/mlflow/registered-models/search", access=filtered(), envelope="registered_models")
    def search_registered_models(
        self,
        caller: Caller,
        filter: str = "",
        max_results: int = 100,
        order_by: list[str] = [],  # noqa: B006
        page_token: str = "",
    ) -> Page[RegisteredModel]:
        """Answer a page of registered models, by name unless `order_by` says otherwise; at most 1,000."""
        ...

    @route("POST", "ext/v1/models/query", access=filtered())
    def query_registered_models(
        self,
        caller: Caller,
        filter: str = "",
        order_by: list[str] = [],  # noqa: B006
        offset: int = 0,
        limit: int = 100,
        metric: str = "",
    ) -> RegisteredModelTable:
        """Answer up to 500 registered models of a search from a position on, with all that a list of them shows.

        Filter and order are those of `registered-models/search`. Of the newest 30 versions of each model the runs'
        last values of `metric` are told; of the metric that most models have where none is named.
        """
        ...

    @route(
        "POST GET",
        "2.0/mlflow/registered-models/get-latest-versions",
        access=read(registered_model="name"),
        envelope="model_versions",
    )
    def get_latest_versions(
        self,
        caller: Caller,
        name: Text,
        stages: list[str] = [],  # noqa: B006
    ) -> list[ModelVersion]:
        """Answer the newest version of each stage, or of the given ones."""
        ...

    @route("POST", "2.0/mlflow/registered-models/set-tag", access=edit(registered_model="name"))
    def set_registered_model_tag(self, caller: Caller, name: Text, key: Text, value: str = "") -> None:
        """Set or overwrite a tag."""
        ...

    @route("DELETE", "2.0/mlflow/registered-models/delete-tag", access=edit(registered_model="name"))
    def delete_registered_model_tag(self, caller: Caller, name: Text, key: Text) -> None:
        """Remove a tag; one that is not there is fine."""
        ...
