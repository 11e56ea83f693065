"""Versions of registered models: what a registry offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Protocol

import msgspec

from mlflow.contract.access import edit, filtered, manage, read
from mlflow.contract.caller import Caller
from mlflow.contract.pages import Page
from mlflow.contract.route import Text, route
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag

__all__ = ["ModelVersions", "VersionRun"]


class VersionRun(msgspec.Struct, frozen=True):
    """The run that a version was made of."""

    name: str
    version: str
    run_id: str


class ModelVersions(Protocol):
    """Versions of registered models: 1, 2, 3 …, as text; the number of a deleted one does not come back."""

    @route(
        "POST",
        "2.0/mlflow/model-versions/create",
        access=edit(registered_model="name"),
        envelope="model_version",
    )
    def create_model_version(
        self,
        caller: Caller,
        name: Text,
        source: Text,
        run_id: str | None = None,
        tags: list[ModelVersionTag] = [],  # noqa: B006
        run_link: str | None = None,
        description: str | None = None,
        model_id: str | None = None,
    ) -> ModelVersion:
        """Register files as the next version of a model.

        `source` is the URI of the folder, `runs:/…`, or `models:/…` of a version of the same registry, whose run is
        then that of the new one too. What a server's client may name is told in `server/model_sources.py`.

        Raises:
            ResourceDoesNotExist: there is no such model, or the source names none.
            InvalidParameterValue: the source or a tag is not acceptable.
        """
        ...

    @route("GET", "2.0/mlflow/model-versions/get", access=read(registered_model="name"), envelope="model_version")
    def get_model_version(self, caller: Caller, name: Text, version: Text) -> ModelVersion:
        """Answer one version."""
        ...

    @route(
        "PATCH",
        "2.0/mlflow/model-versions/update",
        access=edit(registered_model="name"),
        envelope="model_version",
    )
    def update_model_version(
        self, caller: Caller, name: Text, version: Text, description: str | None = None
    ) -> ModelVersion:
        """Overwrite the description; one that is not given is removed."""
        ...

    @route("DELETE", "2.0/mlflow/model-versions/delete", access=manage(registered_model="name"))
    def delete_model_version(self, caller: Caller, name: Text, version: Text) -> None:
        """Remove a version with its tags and the aliases that point to it; its files stay."""
        ...

    @route("GET", "2.0/mlflow/model-versions/search", access=filtered(), envelope="model_versions")
    def search_model_versions(
        self,
        caller: Caller,
        filter: str = "",
        max_results: int = 200_000,
        order_by: list[str] = [],  # noqa: B006
        page_token: str = "",
    ) -> Page[ModelVersion]:
        """Answer a page of versions without their aliases, the latest changed first unless `order_by` says otherwise.

        At most 200,000.
        """
        ...

    @route(
        "GET",
        "2.0/mlflow/model-versions/get-download-uri",
        access=read(registered_model="name"),
        envelope="artifact_uri",
    )
    def get_model_version_download_uri(self, caller: Caller, name: Text, version: Text) -> str:
        """Answer where a version's files are: the source, or what a `models:/…` source led to."""
        ...

    @route("POST", "2.0/mlflow/model-versions/set-tag", access=edit(registered_model="name"))
    def set_model_version_tag(self, caller: Caller, name: Text, version: Text, key: Text, value: str = "") -> None:
        """Set or overwrite a tag."""
        ...

    @route("DELETE", "2.0/mlflow/model-versions/delete-tag", access=edit(registered_model="name"))
    def delete_model_version_tag(self, caller: Caller, name: Text, version: Text, key: Text) -> None:
        """Remove a tag; one that is not there is fine."""
        ...

    @route(
        "POST",
        "2.0/mlflow/model-versions/transition-stage",
        access=edit(registered_model="name"),
        envelope="model_version",
    )
    def transition_model_version_stage(
        self, caller: Caller, name: Text, version: Text, stage: Text, archive_existing_versions: bool = False
    ) -> ModelVersion:
        """Move a version to the stage None, Staging, Production or Archived.

        With `archive_existing_versions`, which goes with Staging and Production, the others there are archived.

        Raises:
            PromotionRefused: a check of the registry is against it.
        """
        ...

    @route("POST", "ext/v1/registry/version-runs", access=filtered(), envelope="versions")
    def find_version_runs(self, caller: Caller, names: list[str]) -> list[VersionRun]:
        """Answer which runs the latest 30 versions of each of up to 200 models were made of, by name and version."""
        ...
