"""The history of registered models: what a registry offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import msgspec

from mlflow.contract.access import edit, read
from mlflow.contract.caller import Caller
from mlflow.contract.pages import Page
from mlflow.contract.route import Text, route
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.registered_model import RegisteredModel

__all__ = ["Evidence", "RegistryAction", "RegistryEvent", "RegistryHistory"]

RegistryAction = Literal[
    "model_created",
    "model_renamed",
    "model_updated",
    "model_deleted",
    "model_tag_set",
    "model_tag_deleted",
    "version_created",
    "version_updated",
    "version_deleted",
    "version_tag_set",
    "version_tag_deleted",
    "stage_moved",
    "stage_refused",
    "alias_moved",
    "alias_refused",
    "alias_deleted",
    "evidence_added",
]


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a check found, or what somebody attached: a name, the outcome, and the facts behind it.

    Attributes:
        check: the name.
        passed: the outcome.
        reason: in words.
        details: the facts.
        id: of whoever attaches it; what has one is attached once to a version, however often it is sent.
    """

    check: str
    passed: bool = True
    reason: str = ""
    details: dict[str, Any] = {}
    id: str = ""


class RegistryEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change of a registered model.

    Attributes:
        seq: grows with every change in the registry.
        time: UTC milliseconds.
        user_id: who did it; empty where nobody signs on.
        name: the model's name then.
        action: what was done.
        version: which version it is about, if any.
        subject: the alias, the stage or the tag's key.
        before: what was there: the version an alias pointed to, the stage, a tag's value, a description.
        after: what is there since.
        evidence: what the checks found.
    """

    seq: int
    time: int
    user_id: str
    name: str
    action: RegistryAction
    version: str | None = None
    subject: str | None = None
    before: Any = None
    after: Any = None
    evidence: list[Evidence] = []


class RegistryHistory(Protocol):
    """What happened to registered models, and what they were at a time."""

    @route("GET", "ext/v1/registry/history", access=read(registered_model="name"), envelope="events")
    def get_registry_history(
        self,
        caller: Caller,
        name: Text,
        version: str = "",
        max_results: int = 100,
        page_token: str = "",
    ) -> Page[RegistryEvent]:
        """Answer a page of what happened to a model, or to one of its versions, the latest first; at most 1,000.

        Of a model that is gone too.
        """
        ...

    @route(
        "GET",
        "ext/v1/registry/as-of/registered-model",
        access=read(registered_model="name"),
        envelope="registered_model",
    )
    def get_registered_model_as_of(self, caller: Caller, name: Text, time: int) -> RegisteredModel:
        """Answer a model as it was at a time, in UTC milliseconds, by the name it had then.

        Raises:
            ResourceDoesNotExist: there was no model of that name.
        """
        ...

    @route(
        "GET", "ext/v1/registry/as-of/model-versions", access=read(registered_model="name"), envelope="model_versions"
    )
    def get_model_versions_as_of(self, caller: Caller, name: Text, time: int) -> list[ModelVersion]:
        """Answer all versions that a model had at a time, with stages, tags and aliases, by their number."""
        ...

    @route("POST", "ext/v1/registry/evidence", access=edit(registered_model="name"), envelope="event")
    def add_registry_evidence(
        self, caller: Caller, name: Text, version: Text, evidence: list[Evidence]
    ) -> RegistryEvent:
        """Attach evidence, such as the figures of a comparison, to a version's history."""
        ...
