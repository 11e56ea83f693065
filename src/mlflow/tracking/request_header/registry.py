"""The providers of request headers in force, and the headers they give together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from mlflow.tracking.context.plugins import ProviderRegistry
from mlflow.tracking.request_header.abstract_request_header_provider import RequestHeaderProvider
from mlflow.tracking.request_header.default_request_header_provider import DefaultRequestHeaderProvider

__all__ = ["RequestHeaderProviderRegistry", "resolve_request_headers"]

_logger = logging.getLogger(__name__)


class RequestHeaderProviderRegistry(ProviderRegistry[RequestHeaderProvider]):
    """Providers of request headers; those that name one header have their values joined."""

    group = "mlflow.request_header_provider"

    def register(self, request_header_provider_cls: Callable[[], RequestHeaderProvider]) -> None:
        """Add one provider, made from its class now."""
        super().register(request_header_provider_cls)


_request_header_provider_registry = RequestHeaderProviderRegistry()
_request_header_provider_registry.register(DefaultRequestHeaderProvider)


def resolve_request_headers(request_headers: Mapping[str, str] | None = None) -> dict[str, str]:
    """The headers of a request: the providers' values of one header joined by a space; `request_headers` win.

    A provider that raises is warned about and skipped.
    """
    resolved: dict[str, str] = {}
    for provider in _request_header_provider_registry:
        try:
            given = provider.request_headers() if provider.in_context() else {}
        except Exception as exc:  # noqa: BLE001 - a plugin may fail in any way
            _logger.warning("Encountered unexpected error during resolving request headers: %s", exc)
            continue
        for name, value in given.items():
            resolved[name] = f"{resolved[name]} {value}" if name in resolved else value
    return resolved | dict(request_headers or {})
