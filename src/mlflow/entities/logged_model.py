"""A model that a run, or a program, logged as a thing of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mlflow.entities._record import Entity
from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.entities.metric import Metric

__all__ = ["LoggedModel"]


class LoggedModel(Entity):
    """A model with its files, params, tags and metrics; times are UTC milliseconds.

    `source_run_id` is the run that made it, if one did; `metrics` are all points that name the model, of any run, and
    where there are none it is empty when a server told so, and None when a database did.
    """

    __slots__ = (
        "artifact_location",
        "creation_timestamp",
        "experiment_id",
        "last_updated_timestamp",
        "metrics",
        "model_id",
        "model_type",
        "name",
        "params",
        "source_run_id",
        "status",
        "status_message",
        "tags",
    )

    def __init__(
        self,
        experiment_id: str,
        model_id: str,
        name: str,
        artifact_location: str,
        creation_timestamp: int,
        last_updated_timestamp: int,
        model_type: str | None = None,
        source_run_id: str | None = None,
        status: LoggedModelStatus | int = LoggedModelStatus.READY,
        status_message: str | None = None,
        tags: Iterable[LoggedModelTag] | Mapping[str, str] | None = None,
        params: Iterable[LoggedModelParameter] | Mapping[str, str] | None = None,
        metrics: list[Metric] | None = None,
    ) -> None:
        self.experiment_id = experiment_id
        self.model_id = model_id
        self.name = name
        self.artifact_location = artifact_location
        self.creation_timestamp = creation_timestamp
        self.last_updated_timestamp = last_updated_timestamp
        self.model_type = model_type
        self.source_run_id = source_run_id
        self.status = status if isinstance(status, LoggedModelStatus) else LoggedModelStatus.from_int(status)
        self.status_message = status_message
        self.tags = _values(tags)
        self.params = _values(params)
        self.metrics = metrics

    @property
    def model_uri(self) -> str:
        """The URI by which the model is loaded, `models:/<model id>`."""
        return f"models:/{self.model_id}"

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        yield from sorted([*super().__iter__(), ("model_uri", self.model_uri)])

    def __repr__(self) -> str:
        """Without params, tags and metrics, which may be many."""
        shown = (f"{name}={value!r}" for name, value in self if name not in ("metrics", "params", "tags"))
        return f"LoggedModel({', '.join(shown)})"

    def to_dictionary(self) -> dict[str, Any]:
        """The attributes by name; the status is a number."""
        plain = {name: getattr(self, name) for name in LoggedModel.__slots__}
        return plain | {"status": self.status.to_int()}

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> LoggedModel:
        """A model from what `to_dictionary` returns."""
        return cls(**{name: value for name, value in the_dict.items() if name in LoggedModel.__slots__})

    @classmethod
    def _names(cls) -> tuple[str, ...]:
        return LoggedModel.__slots__


def _values(
    given: Iterable[LoggedModelTag] | Iterable[LoggedModelParameter] | Mapping[str, str] | None,
) -> dict[str, str]:
    if isinstance(given, Mapping):
        return dict(given)
    return {item.key: item.value for item in given or ()}
