"""Logged models as they travel: facts and tags in one member, params and metrics in another."""

from __future__ import annotations

from typing import Any

import msgspec

from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.entities.metric import Metric

__all__ = ["LoggedModelWire", "logged_model_members"]


class LoggedModelInfoWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """A model's facts, as they travel."""

    model_id: str
    experiment_id: str = ""
    name: str = ""
    creation_timestamp_ms: int = 0
    last_updated_timestamp_ms: int = 0
    artifact_uri: str = ""
    status: str = ""
    model_type: str | None = None
    source_run_id: str | None = None
    status_message: str | None = None
    tags: list[LoggedModelTag] = []


class LoggedModelDataWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was logged about a model, as it travels."""

    params: list[LoggedModelParameter] = []
    metrics: list[Metric] = []


class LoggedModelWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """A logged model, as it travels."""

    info: LoggedModelInfoWire
    data: LoggedModelDataWire = LoggedModelDataWire()

    def entity(self) -> LoggedModel:
        """The model as programs hold it; texts that mean nothing by being empty are None."""
        info = self.info
        return LoggedModel(
            info.experiment_id,
            info.model_id,
            info.name,
            info.artifact_uri,
            info.creation_timestamp_ms,
            info.last_updated_timestamp_ms,
            info.model_type or None,
            info.source_run_id or None,
            LoggedModelStatus.from_wire(info.status),
            info.status_message or None,
            info.tags,
            self.data.params,
            self.data.metrics,
        )


def logged_model_members(model: LoggedModel) -> dict[str, Any]:
    """A model's JSON form as plain values and metrics; absent texts are empty, as servers answer them."""
    info = {
        "model_id": model.model_id,
        "experiment_id": model.experiment_id,
        "name": model.name,
        "creation_timestamp_ms": model.creation_timestamp,
        "last_updated_timestamp_ms": model.last_updated_timestamp,
        "artifact_uri": model.artifact_location,
        "status": model.status.to_wire(),
        "model_type": model.model_type or "",
        "source_run_id": model.source_run_id or "",
    }
    if model.status_message:
        info["status_message"] = model.status_message
    data: dict[str, Any] = {"params": _pairs(model.params), "metrics": model.metrics or []}
    tags = {"tags": _pairs(model.tags)} if model.tags else {}
    return {"info": info | tags, "data": {name: items for name, items in data.items() if items}}


def _pairs(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]
