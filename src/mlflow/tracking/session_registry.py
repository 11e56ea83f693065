"""The fluent API's calls about registered models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from mlflow.contract.pages import Page
from mlflow.entities.model_registry import ModelVersion, RegisteredModel
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.client_registry import DEFAULT_AWAIT
from mlflow.tracking.registration import register
from mlflow.tracking.uris import get_registry_uri, get_tracking_uri

__all__ = ["RegistrationCalls"]

_MODELS_PAGE = 100
_VERSIONS_PAGE = 10_000

T = TypeVar("T")


class RegistrationCalls:
    """Registering models, and finding registered ones."""

    def register_model(
        self,
        model_uri: str,
        name: str,
        await_registration_for: int | None = DEFAULT_AWAIT,
        *,
        tags: Mapping[str, Any] | None = None,
        env_pack: Any = None,
    ) -> ModelVersion:
        """Register a model as the next version of a registered model, which is created where it does not exist.

        Args:
            model_uri: `runs:/<run id>/<model's name>`, `models:/<model id>`, `models:/<name>/<version>` or where the
                model's folder is.
            name: the registered model.
            await_registration_for: seconds to wait until the version is ready; None or 0 for not at all.
            tags: of the new version; values are turned into text.
            env_pack: accepted for programs that pass it; it concerns one vendor's serving.

        Raises:
            InvalidParameterValue: there is no model at the URI. Nothing is registered then.
        """
        if model_uri.lower().startswith("runs:"):
            MlflowClient()._settle(None)
        return register(get_tracking_uri(), get_registry_uri(), model_uri, name, await_registration_for, tags or {})

    def search_registered_models(
        self,
        max_results: int | None = None,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
    ) -> list[RegisteredModel]:
        """Return registered models, by name unless `order_by` says otherwise; all of them without `max_results`."""
        client = MlflowClient()
        found: list[RegisteredModel] = []
        token: str | None = None
        while True:
            size = _size(_MODELS_PAGE, max_results, found)
            page = client.search_registered_models(filter_string, size, order_by, token)
            found, token = [*found, *page], page.token
            if _done(page, max_results, found):
                return found

    def search_model_versions(
        self,
        max_results: int | None = None,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
    ) -> list[ModelVersion]:
        """Return versions, the latest changed first unless `order_by` says otherwise; all without `max_results`."""
        client = MlflowClient()
        found: list[ModelVersion] = []
        token: str | None = None
        while True:
            size = _size(_VERSIONS_PAGE, max_results, found)
            page = client.search_model_versions(filter_string, size, order_by, token)
            found, token = [*found, *page], page.token
            if _done(page, max_results, found):
                return found

    def set_model_version_tag(
        self, name: str, version: str | int | None = None, key: str | None = None, value: Any = None
    ) -> None:
        """Set or overwrite a tag of a version."""
        MlflowClient().set_model_version_tag(name, version, key, value)


def _size(page: int, most: int | None, found: list[T]) -> int:
    return page if most is None else min(page, most - len(found))


def _done(page: Page[T], most: int | None, found: list[T]) -> bool:
    return not page.token or (most is not None and len(found) >= most)
