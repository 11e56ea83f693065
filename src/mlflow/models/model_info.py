"""What a caller learns of a model that was logged, or asked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlflow.entities import LoggedModel, Metric
    from mlflow.models.signature import ModelSignature

__all__ = ["ModelInfo"]


class ModelInfo:
    """A model's manifest and, where a tracking server knows the model, what it keeps of it.

    Args:
        artifact_path: where it is stored; a path below a run, or a URI.
        flavors: name -> how that flavor is loaded.
        model_uri: the URI to load it by.
        model_uuid: its id.
        run_id: the run that made it.
        saved_input_example_info: which files hold an example.
        signature: what it takes and gives.
        utc_time_created: `YYYY-MM-DD HH:MM:SS.ffffff` in UTC.
        mlflow_version: the version that saved it.
        metadata: what its author added.
        registered_model_version: its version in the registry, as `ModelVersion.version` has it.
        env_vars: names of environment variables that it reads.
        prompts: URIs of prompts.
        logged_model: what the tracking server keeps of it, where it knows the model; or a function that asks for it,
            which is called once, when it is needed.
    """

    def __init__(
        self,
        artifact_path: str | None,
        flavors: dict[str, Any],
        model_uri: str,
        model_uuid: str | None,
        run_id: str | None,
        saved_input_example_info: dict[str, Any] | None,
        signature: ModelSignature | None,
        utc_time_created: str,
        mlflow_version: str | None,
        metadata: dict[str, Any] | None = None,
        registered_model_version: int | str | None = None,
        env_vars: list[str] | None = None,
        prompts: list[str] | None = None,
        logged_model: LoggedModel | Callable[[], LoggedModel | None] | None = None,
    ) -> None:
        self.artifact_path = artifact_path
        self.flavors = flavors
        self.model_uri = model_uri
        self.model_uuid = model_uuid
        self.run_id = run_id
        self.saved_input_example_info = saved_input_example_info
        self.signature = signature
        self.utc_time_created = utc_time_created
        self.mlflow_version = mlflow_version
        self.metadata = metadata
        self.registered_model_version = registered_model_version
        self.env_vars = env_vars
        self.prompts = prompts
        self._logged_model = logged_model

    @property
    def model_id(self) -> str | None:
        """The model's id in the tracking server, `m-…`; None when it was not logged."""
        model = self._known()
        return model.model_id if model is not None else None

    @property
    def name(self) -> str | None:
        """The name it was logged by."""
        model = self._known()
        return model.name if model is not None else None

    @property
    def params(self) -> dict[str, str] | None:
        """The parameters logged with it."""
        model = self._known()
        return model.params if model is not None else None

    @property
    def tags(self) -> dict[str, str] | None:
        """Its tags."""
        model = self._known()
        return model.tags if model is not None else None

    @property
    def metrics(self) -> list[Metric] | None:
        """The metrics that name it."""
        model = self._known()
        return model.metrics if model is not None else None

    @property
    def creation_timestamp(self) -> int | None:
        """When it was logged, in milliseconds since the epoch."""
        model = self._known()
        return model.creation_timestamp if model is not None else None

    def _known(self) -> LoggedModel | None:
        if callable(self._logged_model):
            self._logged_model = self._logged_model()
        return self._logged_model

    def __repr__(self) -> str:
        return f"ModelInfo(model_uri={self.model_uri!r})"
