"""The ASGI application of a server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from mlflow.artifacts.proxy import ArtifactProxy
from mlflow.contract.artifacts import RunArtifacts
from mlflow.contract.caller import EVERYONE, Caller
from mlflow.contract.proxy import ArtifactProxy as ProxyEndpoints
from mlflow.contract.proxy import ArtifactUploads
from mlflow.contract.route import routes_of
from mlflow.contract.server import Pages, Server
from mlflow.contract.store import interfaces
from mlflow.server.authorization import Authorizer
from mlflow.server.context import Context, Identify
from mlflow.server.dispatch import Dispatcher
from mlflow.server.events import EventHub
from mlflow.server.files import file_handlers
from mlflow.server.info import ServedInfo
from mlflow.server.intake import intake_handlers
from mlflow.server.measures import Measures
from mlflow.server.pages import page_handlers
from mlflow.server.responses import Receive, Scope, Send
from mlflow.server.run_artifacts import RunFiles, ServedRunArtifacts
from mlflow.server.security import Security
from mlflow.server.settings import ServerSettings
from mlflow.server.switched_off import ARTIFACTS_ONLY, NO_ARTIFACTS, SwitchedOff, refuse
from mlflow.server.table import Endpoint, endpoints
from mlflow.server.uploads import ServedUploads
from mlflow.stores import Backend, open_backend

__all__ = ["Application", "build_app"]

_THREADS = 64  # calls in flight; on SQLite they wait for one commit together

App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Application:
    """An ASGI application, and the table of everything it serves."""

    app: App
    table: list[Endpoint]
    context: Context
    hub: EventHub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's scope."""
        await self.app(scope, receive, send)


def everyone(scope: Scope) -> Caller:
    """Who a request is from while there is no sign-on: anybody, allowed everything."""
    return EVERYONE


def build_app(settings: ServerSettings, identify: Identify = everyone, backend: Backend | None = None) -> Application:
    """The application for these settings; it opens the store and, when it stops, closes it.

    Args:
        settings: the server's options.
        identify: says who a request is from.
        backend: an open store to serve instead of the one the settings name; it is left open.
    """
    opened = backend or open_backend(settings.backend_store_uri, artifact_root=settings.artifact_root)
    proxy = ArtifactProxy.at(settings.artifacts_destination) if settings.serve_artifacts else None
    uploads = ServedUploads(proxy) if proxy else SwitchedOff(NO_ARTIFACTS)
    threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="mlflow-request")
    context = Context(settings, opened.store, identify, Authorizer(opened.store, uploads.path_of), threads)
    files, hub, measures = (
        RunFiles(opened.store, proxy, [settings.artifact_root, settings.artifacts_destination]),
        EventHub(),
        Measures(),
    )
    parts: dict[type, Any] = {
        **_tracking(opened, settings),
        Server: ServedInfo(proxy is not None),
        ArtifactUploads: uploads,
        ProxyEndpoints: None,
        RunArtifacts: SwitchedOff(ARTIFACTS_ONLY) if settings.artifacts_only else ServedRunArtifacts(files),
        Pages: None,
    }
    declared = [route for interface in parts for route in routes_of(interface)]
    raw = {
        **({name: refuse(ARTIFACTS_ONLY) for name in _TRACKING_STREAMS} if settings.artifacts_only else {}),
        **({} if settings.artifacts_only else intake_handlers() | {"events": hub.handle}),
        **file_handlers(proxy, files),
        **page_handlers(declared),
        "prometheus": measures.handle,
    }
    table = endpoints(parts, raw)
    app = measures.around(Dispatcher(context, table, settings.static_prefix))
    guarded = app if settings.disable_security_middleware else Security(app, settings)
    return Application(_Lifespan(guarded, hub, threads, None if backend else opened), table, context, hub)


_TRACKING_STREAMS = ("ingest", "get_metric_columns", "events")


def _tracking(opened: Backend, settings: ServerSettings) -> dict[type, Any]:
    """The store's parts by interface; all switched off where only artifacts are served."""
    if settings.artifacts_only:
        return {interface: SwitchedOff(ARTIFACTS_ONLY) for interface in interfaces().values()}
    return {interface: getattr(opened.store, part) for part, interface in interfaces().items()}


class _Lifespan:
    """Answers the server's start and stop: streams end, work in flight is finished, then the store is closed."""

    def __init__(self, app: App, hub: EventHub, threads: ThreadPoolExecutor, opened: Backend | None) -> None:
        self._app, self._hub, self._threads, self._opened = app, hub, threads, opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._hub.close()
        await asyncio.get_running_loop().run_in_executor(None, self._close)
        await send({"type": "lifespan.shutdown.complete"})

    def _close(self) -> None:
        self._threads.shutdown(wait=True)
        if self._opened is not None:
            self._opened.close()
