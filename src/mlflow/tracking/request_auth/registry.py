"""The providers of request authentication, and the choice among them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from mlflow.tracking.context.plugins import ProviderRegistry
from mlflow.tracking.request_auth.abstract_request_auth_provider import RequestAuthProvider
from mlflow.tracking.request_auth.kubernetes_request_auth_provider import (
    KubernetesNamespacedRequestAuthProvider,
    KubernetesRequestAuthProvider,
)

__all__ = ["REQUEST_AUTH_PROVIDER_ENTRYPOINT", "RequestAuthProviderRegistry", "fetch_auth"]

REQUEST_AUTH_PROVIDER_ENTRYPOINT = "mlflow.request_auth_provider"


class RequestAuthProviderRegistry(ProviderRegistry[RequestAuthProvider]):
    """Providers of request authentication; the first of a name is taken."""

    group = REQUEST_AUTH_PROVIDER_ENTRYPOINT

    def register(self, request_auth_provider: Callable[[], RequestAuthProvider]) -> None:
        """Add one provider, made from its class now."""
        super().register(request_auth_provider)


_request_auth_provider_registry = RequestAuthProviderRegistry()
for _provider in (KubernetesRequestAuthProvider, KubernetesNamespacedRequestAuthProvider):
    _request_auth_provider_registry.register(_provider)


def fetch_auth(request_auth: str | None) -> Any:
    """The auth object of the provider named `request_auth`; None, with a warning, when no provider has that name."""
    for provider in _request_auth_provider_registry:
        if provider.get_name() == request_auth:
            return provider.get_auth()
    warnings.warn(
        f"Could not find any registered plugin for '{request_auth}', so requests carry no authentication header. "
        "Install the plugin or correct the name in MLFLOW_TRACKING_AUTH.",
        stacklevel=2,
    )
    return None
