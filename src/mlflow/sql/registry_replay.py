"""What a registered model was at a time: its history, played from the beginning up to then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mlflow.contract.registry_history import RegistryEvent
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_stages import STAGE_NONE
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag

__all__ = ["Replay"]


class Replay:
    """The state of one model; `apply` its events in order."""

    def __init__(self, workspace: str) -> None:
        self.exists = False
        self.name = ""
        self._workspace = workspace
        self._created = self._updated = 0
        self._state: dict[str, Any] = {}
        self._tags: dict[str, str] = {}
        self._aliases: dict[str, int] = {}
        self._versions: dict[int, dict[str, Any]] = {}

    def apply(self, event: RegistryEvent) -> None:
        """Go one event further; what changes nothing, such as a refusal, is read over."""
        step = _STEPS.get(event.action)
        if step is not None:
            self.name = self.name or event.name
            step(self, event)

    def model(self) -> RegisteredModel:
        """The model, with the newest version of each stage."""
        newest = {version.current_stage: version for version in self.versions(aliased=False)}
        return RegisteredModel(
            self.name,
            self._created,
            self._updated,
            self._state.get("description"),
            sorted(newest.values(), key=lambda version: int(version.version)),
            [RegisteredModelTag(key, value) for key, value in sorted(self._tags.items())],
            [RegisteredModelAlias(alias, version) for alias, version in sorted(self._aliases.items())],
            self._state.get("deployment_job_id"),
            workspace=self._workspace,
        )

    def versions(self, *, aliased: bool = True) -> list[ModelVersion]:
        """All versions by their number."""
        return [self._version(number, state, aliased) for number, state in sorted(self._versions.items())]

    def _version(self, number: int, state: dict[str, Any], aliased: bool) -> ModelVersion:
        return ModelVersion(
            self.name,
            number,
            state["created"],
            state["updated"],
            state.get("description"),
            state.get("user_id"),
            state.get("stage", STAGE_NONE),
            state.get("source"),
            state.get("run_id"),
            state.get("status", "READY"),
            None,
            [ModelVersionTag(key, value) for key, value in sorted(state["tags"].items())],
            state.get("run_link"),
            [alias for alias, of in sorted(self._aliases.items()) if of == number] if aliased else [],
            state.get("model_id"),
            workspace=self._workspace,
        )

    def _model_created(self, event: RegistryEvent) -> None:
        self.exists, self._created, self._updated = True, event.time, event.time
        self._state = dict(event.after or {})
        self._tags = self._state.pop("tags", {})

    def _model_renamed(self, event: RegistryEvent) -> None:
        self.name, self._updated = event.after, event.time

    def _model_updated(self, event: RegistryEvent) -> None:
        self._state["description"], self._updated = event.after, event.time

    def _model_deleted(self, event: RegistryEvent) -> None:
        self.exists = False

    def _model_tag_set(self, event: RegistryEvent) -> None:
        self._tags[str(event.subject)] = event.after

    def _model_tag_deleted(self, event: RegistryEvent) -> None:
        self._tags.pop(str(event.subject), None)

    def _version_created(self, event: RegistryEvent) -> None:
        state = dict(event.after or {})
        state = {"tags": {}, **state, "created": event.time, "updated": event.time}
        self._versions[_number(event)] = state
        self._updated = event.time

    def _version_updated(self, event: RegistryEvent) -> None:
        self._versions[_number(event)] |= {"description": event.after, "updated": event.time}

    def _version_deleted(self, event: RegistryEvent) -> None:
        number = _number(event)
        self._versions.pop(number, None)
        self._aliases = {alias: of for alias, of in self._aliases.items() if of != number}
        self._updated = event.time

    def _version_tag_set(self, event: RegistryEvent) -> None:
        self._versions[_number(event)]["tags"][str(event.subject)] = event.after

    def _version_tag_deleted(self, event: RegistryEvent) -> None:
        self._versions[_number(event)]["tags"].pop(str(event.subject), None)

    def _stage_moved(self, event: RegistryEvent) -> None:
        self._versions[_number(event)] |= {"stage": event.after, "updated": event.time}
        self._updated = event.time

    def _alias_moved(self, event: RegistryEvent) -> None:
        self._aliases[str(event.subject)] = int(event.after)

    def _alias_deleted(self, event: RegistryEvent) -> None:
        self._aliases.pop(str(event.subject), None)


_STEPS: dict[str, Callable[[Replay, RegistryEvent], None]] = {
    name.removeprefix("_"): step
    for name, step in vars(Replay).items()
    if name.startswith(("_model_", "_version_", "_stage_", "_alias_"))
}


def _number(event: RegistryEvent) -> int:
    return int(event.version or 0)
