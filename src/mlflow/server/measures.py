"""The endpoint that tells what the server counts of itself."""

from __future__ import annotations

from mlflow.asgi.measures import METRICS_TYPE, Measures
from mlflow.asgi.responses import Receive, Scope, Send, send_bytes
from mlflow.server.context import Context
from mlflow.server.table import RawHandler

__all__ = ["metrics_handler"]


def metrics_handler(measures: Measures) -> RawHandler:
    """The handler that answers with all measures, in Prometheus' text format."""

    async def handle(context: Context, scope: Scope, receive: Receive, send: Send) -> None:
        await send_bytes(send, 200, await context.blocking(measures.text), METRICS_TYPE)

    return handle
