"""Parts of the API that this server was started without: each request to them says so, with status 503."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from mlflow.asgi.responses import Receive, Scope, Send
from mlflow.exceptions import MlflowException
from mlflow.server.context import Context
from mlflow.server.table import RawHandler

__all__ = ["ARTIFACTS_ONLY", "NO_ARTIFACTS", "SwitchedOff", "refuse"]

NO_ARTIFACTS = (
    "Endpoint disabled due to the mlflow server running in `--no-serve-artifacts` mode. Start it with "
    "--serve-artifacts, or use the artifact location directly."
)
ARTIFACTS_ONLY = (
    "Endpoint disabled due to the mlflow server running in `--artifacts-only` mode. Ask the tracking server instead."
)


class EndpointDisabled(MlflowException):
    """The server was started without this part."""

    def get_http_status_code(self) -> int:
        """503: another server may have it."""
        return 503


class SwitchedOff:
    """Stands in for an implementation; every method refuses."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.endswith("_json"):  # no encoded twin
            raise AttributeError(name)
        return self.path_of

    def path_of(self, *args: Any) -> NoReturn:
        """Refuse; this stands in for any method."""
        raise EndpointDisabled(self._reason)


def refuse(reason: str) -> RawHandler:
    """A handler of raw bytes that refuses."""

    async def handle(context: Context, scope: Scope, receive: Receive, send: Send) -> None:
        raise EndpointDisabled(reason)

    return handle
