"""The ASGI application of a server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

from mlflow.artifacts.proxy import ArtifactProxy
from mlflow.asgi.measures import Measures
from mlflow.asgi.responses import Receive, Scope, Send
from mlflow.asgi.threads import Threads
from mlflow.contract.artifacts import RunArtifacts
from mlflow.contract.caller import EVERYONE, Caller
from mlflow.contract.logged_model_artifacts import LoggedModelArtifacts
from mlflow.contract.model_artifacts import ModelArtifacts
from mlflow.contract.model_versions import ModelVersions
from mlflow.contract.proxy import ArtifactProxy as ProxyEndpoints
from mlflow.contract.proxy import ArtifactUploads
from mlflow.contract.route import routes_of
from mlflow.contract.server import Pages, Server
from mlflow.contract.store import REGISTRY_PARTS, TrackingStore, interfaces
from mlflow.server.authorization import Authorizer
from mlflow.server.context import Context, Identify
from mlflow.server.dispatch import Dispatcher
from mlflow.server.events import EventHub
from mlflow.server.files import file_handlers, model_file_handlers
from mlflow.server.info import ServedInfo
from mlflow.server.intake import intake_handlers
from mlflow.server.logged_model_artifacts import (
    LoggedModelFiles,
    ServedLoggedModelArtifacts,
    logged_model_file_handlers,
)
from mlflow.server.measures import metrics_handler
from mlflow.server.model_files import ModelFiles, ServedModelArtifacts
from mlflow.server.model_sources import CheckedModelVersions
from mlflow.server.pages import page_handlers
from mlflow.server.run_artifacts import RunFiles, ServedRunArtifacts
from mlflow.server.security import Security
from mlflow.server.separate_registry import SeparateModelVersions, SeparateRegisteredModels
from mlflow.server.settings import ServerSettings
from mlflow.server.switched_off import ARTIFACTS_ONLY, NO_ARTIFACTS, SwitchedOff
from mlflow.server.table import Endpoint, RawHandler, endpoints
from mlflow.server.uploads import ServedUploads
from mlflow.stores import Backend, open_backend

__all__ = ["Application", "build_app"]

_DRAIN = 30.0  # seconds that calls under way get when the server stops
_LATER = 1.0  # seconds after the start, what only the first arrays need is imported
_THREADS = 64  # calls in flight; on SQLite they wait for one commit together

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Application:
    """An ASGI application; it starts and stops with the server's lifespan.

    Attributes:
        table: everything it serves.
        context: what its handlers work with.
        hub: its live streams.
    """

    def __init__(
        self,
        app: App,
        table: list[Endpoint],
        context: Context,
        hub: EventHub,
        opening: Callable[[], None],
        closing: Callable[[], None],
    ) -> None:
        self._app, self._opening, self._closing = app, opening, closing
        self.table, self.context, self.hub = table, context, hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's scope."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._app(scope, receive, send)

    async def leave(self) -> None:
        """End the live streams."""
        await self.hub.close()

    def close(self) -> None:
        """Let calls under way finish, then close what was opened for this application."""
        self.context.threads.close(_DRAIN)
        self._closing()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._opening()
        await send({"type": "lifespan.startup.complete"})
        loop = asyncio.get_running_loop()
        later = loop.call_later(_LATER, partial(loop.run_in_executor, None, import_module, "numpy"))
        await receive()
        later.cancel()
        await self.leave()
        await loop.run_in_executor(None, self.close)
        await send({"type": "lifespan.shutdown.complete"})


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
    opened = backend or _open(settings)
    proxy = ArtifactProxy.at(settings.artifacts_destination) if settings.serve_artifacts else None
    roots = [settings.artifact_root, settings.artifacts_destination]
    files, of_models = RunFiles(opened.store, proxy, roots), ModelFiles(opened.store, proxy, roots)
    of_logged_models = LoggedModelFiles(opened.store, files)
    uploads = ServedUploads(proxy) if proxy else SwitchedOff(NO_ARTIFACTS)
    authorizer = Authorizer(opened.store, uploads.path_of)
    context = Context(settings, opened.store, identify, authorizer, Threads(_THREADS))
    hub, measures = EventHub(), Measures()
    parts: dict[type, Any] = {
        **{interface: getattr(opened.store, part) for part, interface in interfaces().items()},
        ModelVersions: CheckedModelVersions(opened.store),
        ModelArtifacts: ServedModelArtifacts(of_models),
        LoggedModelArtifacts: ServedLoggedModelArtifacts(of_logged_models),
        Server: ServedInfo(),
        ArtifactUploads: uploads,
        ProxyEndpoints: None,
        RunArtifacts: ServedRunArtifacts(files),
        Pages: None,
    }
    declared = [route for interface in parts for route in routes_of(interface)]
    raw: dict[str, RawHandler] = {
        **intake_handlers(),
        **file_handlers(proxy, files),
        **model_file_handlers(of_models),
        **logged_model_file_handlers(of_logged_models),
        **page_handlers(declared),
        "events": hub.handle,
        "prometheus": metrics_handler(measures),
    }
    table = endpoints(parts, raw)
    app = measures.around(Dispatcher(context, table, settings.static_prefix))

    def close() -> None:
        measures.close()
        if backend is None:
            opened.close()

    guarded = app if settings.disable_security_middleware else Security(app, settings)
    return Application(guarded, table, context, hub, opened.tend, close)


def _open(settings: ServerSettings) -> Backend:
    """The store that the settings name; one that refuses everything where only artifacts are served."""
    if not settings.artifacts_only:
        tracking = open_backend(settings.backend_store_uri, artifact_root=settings.artifact_root)
        if settings.registry_store_uri in (None, settings.backend_store_uri):
            return tracking
        return _with_registry(tracking, open_backend(settings.registry_store_uri, artifact_root=settings.artifact_root))
    parts: dict[str, Any] = dict.fromkeys(interfaces(), SwitchedOff(ARTIFACTS_ONLY))
    return Backend(settings.backend_store_uri, TrackingStore(**parts), False, lambda: None)


def _with_registry(tracking: Backend, registry: Backend) -> Backend:
    """One store's runs with another's registered models."""

    def tend() -> None:
        tracking.tend()
        registry.tend()

    def close() -> None:
        tracking.close()
        registry.close()

    parts: dict[str, Any] = {part: getattr(registry.store, part) for part in REGISTRY_PARTS}
    parts["registered_models"] = SeparateRegisteredModels(
        parts["registered_models"], parts["model_versions"], tracking.store.metrics
    )
    parts["model_versions"] = SeparateModelVersions(parts["model_versions"], tracking.store.logged_models)
    return replace(tracking, store=replace(tracking.store, **parts), close=close, tend=tend)
