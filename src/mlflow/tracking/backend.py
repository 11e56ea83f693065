"""The store behind a tracking address, with the sign-on and plugin headers that requests to it need."""

from __future__ import annotations

from collections.abc import Mapping

from mlflow.stores import Backend, open_backend
from mlflow.tracking.uris import get_tracking_uri, normalized

__all__ = ["request_headers", "tracking_backend"]


def tracking_backend(uri: str | None = None) -> Backend:
    """The open store at `uri`, or at the process-wide tracking address."""
    return open_backend(normalized(uri) if uri else get_tracking_uri(), request_headers)


def request_headers() -> Mapping[str, str]:
    """Plugins' headers, the client's version, and who asks."""
    from mlflow.remote.credentials import authorization
    from mlflow.tracking.request_header.registry import resolve_request_headers

    return {**resolve_request_headers(), **authorization()}
