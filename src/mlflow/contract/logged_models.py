"""Models that runs logged as things of their own: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from mlflow.contract.access import edit, filtered, manage, read
from mlflow.contract.caller import Caller
from mlflow.contract.pages import Page
from mlflow.contract.route import Text, route
from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_tag import LoggedModelTag

__all__ = ["LoggedModelStatusName", "LoggedModels", "ModelOrder", "OnDataset"]

LoggedModelStatusName = Literal["LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"]


class OnDataset(msgspec.Struct, frozen=True):
    """A dataset that conditions on metrics are restricted to; without a digest every one of that name."""

    dataset_name: str = ""
    dataset_digest: str | None = None


class ModelOrder(msgspec.Struct, frozen=True):
    """A sort key of a search: an attribute, or the latest value of `metrics.<key>`, perhaps on one dataset."""

    field_name: str = ""
    ascending: bool = True
    dataset_name: str | None = None
    dataset_digest: str | None = None


class LoggedModels(Protocol):
    """Logged models. Ids are `m-` and 32 hexadecimal digits."""

    @route("POST", "2.0/mlflow/logged-models", access=edit(experiment="experiment_id"), envelope="model")
    def create_logged_model(
        self,
        caller: Caller,
        experiment_id: Text,
        name: str = "",
        model_type: str = "",
        source_run_id: str = "",
        params: list[LoggedModelParameter] = [],  # noqa: B006
        tags: list[LoggedModelTag] = [],  # noqa: B006
        model_id: str = "",
    ) -> LoggedModel:
        """Create a model in state PENDING; without a name it gets one.

        `model_id` is our clients' own: they make it up, so that a request that is sent again is known as the same.
        """
        ...

    @route("POST", "2.0/mlflow/logged-models/search", access=filtered(), envelope="models")
    def search_logged_models(
        self,
        caller: Caller,
        experiment_ids: list[str],
        filter: str = "",
        datasets: list[OnDataset] = [],  # noqa: B006
        max_results: int = 50,
        order_by: list[ModelOrder] = [],  # noqa: B006
        page_token: str = "",
    ) -> Page[LoggedModel]:
        """Answer a page of the models of these experiments, the newest first unless `order_by` says otherwise."""
        ...

    @route("GET", "2.0/mlflow/logged-models/{model_id}", access=read(logged_model="model_id"), envelope="model")
    def get_logged_model(self, caller: Caller, model_id: Text, allow_deleted: bool = False) -> LoggedModel:
        """Answer a model with its params, tags and metrics."""
        ...

    @route("PATCH", "2.0/mlflow/logged-models/{model_id}", access=edit(logged_model="model_id"), envelope="model")
    def finalize_logged_model(self, caller: Caller, model_id: Text, status: LoggedModelStatusName) -> LoggedModel:
        """Say that a model's files are all there, or that they could not be uploaded."""
        ...

    @route("DELETE", "2.0/mlflow/logged-models/{model_id}", access=manage(logged_model="model_id"))
    def delete_logged_model(self, caller: Caller, model_id: Text) -> None:
        """Move a model to the trash."""
        ...

    @route("POST", "2.0/mlflow/logged-models/{model_id}/params", access=edit(logged_model="model_id"))
    def log_logged_model_params(
        self,
        caller: Caller,
        model_id: Text,
        params: list[LoggedModelParameter] = [],  # noqa: B006
    ) -> None:
        """Log params of a model; one that is there already is refused."""
        ...

    @route("PATCH", "2.0/mlflow/logged-models/{model_id}/tags", access=edit(logged_model="model_id"))
    def set_logged_model_tags(
        self,
        caller: Caller,
        model_id: Text,
        tags: list[LoggedModelTag] = [],  # noqa: B006
    ) -> None:
        """Set or overwrite tags of a model."""
        ...

    @route("DELETE", "2.0/mlflow/logged-models/{model_id}/tags/{tag_key:path}", access=edit(logged_model="model_id"))
    def delete_logged_model_tag(self, caller: Caller, model_id: Text, tag_key: Text) -> None:
        """Remove a tag of a model."""
        ...
