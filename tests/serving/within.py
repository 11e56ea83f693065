"""A scoring server without a socket: its ASGI application, driven by a loop of this thread."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from mlflow.serving.app import Application
from mlflow.serving.run import build_application
from mlflow.serving.settings import ServingSettings
from mlflow.serving.traffic.routes import collect_routes
from tests.serving.samples import JSON

_LIMITS = (
    "token", "timeout", "max_bytes", "max_buffered", "threads", "max_batch_size", "batch_latency", "reload_interval",
    "plan", "start",
)  # fmt: skip


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def variant(self) -> str:
        return self.headers["x-model-variant"]


class Within:
    """One application and the loop that it runs in."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.runner = asyncio.Runner()

    def post(self, body: Any, path: str = "/invocations", kind: str = JSON, **headers: str) -> Reply:
        """POST; a tuple comes in piece by piece, anything else but bytes as JSON; `x_user` is the header `x-user`."""
        given = {name.replace("_", "-"): value for name, value in headers.items()} | {"content-type": kind}
        return self.runner.run(self.ask("POST", path, body, given))

    def get(self, path: str) -> Reply:
        return self.runner.run(self.ask("GET", path, b"", {}))

    async def ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
        raw = body if isinstance(body, (bytes, tuple)) else json.dumps(body).encode()
        *pieces, last = raw if isinstance(raw, tuple) else (raw,)
        more = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
        coming = iter([*more, {"type": "http.request", "body": last, "more_body": False}])
        sent: list[Any] = []

        async def receive() -> Any:
            return next(coming, {"type": "http.disconnect"})

        async def send(message: Any) -> None:
            sent.append(message)

        pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "headers": pairs, "query_string": b""}
        await self.application(scope, receive, send)
        start, *rest = sent
        names = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
        return Reply(start["status"], names, b"".join(message["body"] for message in rest))


@contextlib.contextmanager
def within(*routes: str, state: Path | None = None, **how: Any) -> Iterator[Within]:
    """A server of some routes."""
    limits = {name: how.pop(name) for name in _LIMITS if name in how}
    settings = ServingSettings(routes=collect_routes(routes=routes, **how), state_folder=state, **limits)
    found = Within(build_application(settings))
    try:
        yield found
    finally:
        found.runner.close()
        found.application.close()
