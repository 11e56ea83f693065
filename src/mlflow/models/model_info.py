"""What a caller learns of a model that was logged, or asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
        registered_model_version: its version in the registry.
        env_vars: names of environment variables that it reads.
        prompts: URIs of prompts.
        logged_model: the tracking server's entity, where there is one.
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
        registered_model_version: int | None = None,
        env_vars: list[str] | None = None,
        prompts: list[str] | None = None,
        logged_model: Any = None,
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
        return self._logged("model_id")  # type: ignore[no-any-return] # the entity's own types

    @property
    def name(self) -> str | None:
        """The name it was logged by."""
        return self._logged("name")  # type: ignore[no-any-return]

    @property
    def params(self) -> dict[str, str] | None:
        """The parameters logged with it."""
        return self._logged("params")  # type: ignore[no-any-return]

    @property
    def tags(self) -> dict[str, str] | None:
        """Its tags."""
        return self._logged("tags")  # type: ignore[no-any-return]

    @property
    def metrics(self) -> list[Any] | None:
        """The metrics that name it."""
        return self._logged("metrics")  # type: ignore[no-any-return]

    @property
    def creation_timestamp(self) -> int | None:
        """When it was logged, in milliseconds since the epoch."""
        return self._logged("creation_timestamp")  # type: ignore[no-any-return]

    def _logged(self, name: str) -> Any:
        return getattr(self._logged_model, name) if self._logged_model is not None else None

    def __repr__(self) -> str:
        return f"ModelInfo(model_uri={self.model_uri!r})"
