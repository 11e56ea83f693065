"""Running the application under uvicorn: one process, or several that share a port."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import shlex
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click
import uvicorn

from mlflow.server.settings import ServerSettings
from mlflow.server.workers import Workers
from mlflow.version import VERSION

if TYPE_CHECKING:
    from mlflow.server.app import Application

__all__ = ["serve"]

_DRAIN = 30  # seconds that requests in flight get when the server stops
_SHARED_MEASURES = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's variable: where worker processes add up
_NOT_TAKEN = frozenset({"app", "workers", "reload", "factory", "fd", "uds", "ws"})


def serve(
    settings: ServerSettings,
    host: str,
    port: int,
    workers: int = 1,
    uvicorn_options: str = "",
    *,
    verbose: bool = False,
) -> None:
    """Serve until a signal says to stop; requests in flight are finished and what they wrote is committed.

    Args:
        settings: the server's options.
        host: address to listen on.
        port: port to listen on; 0 for a free one.
        workers: processes.
        uvicorn_options: further options, as on uvicorn's command line.
        verbose: log each request.
    """
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    options = _options(host, port, verbose) | _parsed(uvicorn_options)

    def announce(bound: int) -> None:
        scheme = "https" if options.get("ssl_certfile") else "http"
        _announce(f"{scheme}://{_shown(options['host'])}:{bound}{settings.static_prefix}/")

    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again once it has stopped
        if workers > 1:
            _serve_many(settings, options, workers, announce)
        else:
            _serve_one(settings, options, announce)


def _serve_one(settings: ServerSettings, options: Mapping[str, Any], announce: Callable[[int], None]) -> None:
    from mlflow.server.app import build_app

    application = build_app(settings)
    _Server(uvicorn.Config(application, **options), application, announce).run()


def _serve_many(
    settings: ServerSettings, options: Mapping[str, Any], count: int, announce: Callable[[int], None]
) -> None:
    with _shared_measures():
        # prometheus_client looks for the folder when it is imported
        from mlflow.server.app import build_app

        build_app(settings).close()  # what is wrong with the settings shows here, once
        listening = uvicorn.Config("", **options).bind_socket()
        parent = os.getpid()

        def work(ready: Callable[[], None]) -> None:
            application = build_app(settings)
            config = uvicorn.Config(application, **options)
            _Server(config, application, lambda _: ready(), parent).run([listening])

        Workers(work, count, _DRAIN).run(lambda: announce(listening.getsockname()[1]))


class _Server(uvicorn.Server):
    """Ends live streams before it waits for requests to finish; with a parent, it does not outlive that."""

    def __init__(
        self,
        config: uvicorn.Config,
        application: Application,
        started: Callable[[int], None],
        parent: int | None = None,
    ) -> None:
        super().__init__(config)
        self._application, self._on_start, self._parent = application, started, parent

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _spare_collections()
        if self.started:
            self._on_start(self.servers[0].sockets[0].getsockname()[1] if sockets is None else 0)

    async def on_tick(self, counter: int) -> bool:
        orphaned = self._parent is not None and os.getppid() != self._parent
        return orphaned or await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._application.hub.close()
        await super().shutdown(sockets)


def _spare_collections() -> None:
    """Let the garbage collector pass over what was imported, and look less often: a batch makes 1,000 objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@contextlib.contextmanager
def _shared_measures() -> Iterator[None]:
    """Let the worker processes started meanwhile count in one place."""
    with tempfile.TemporaryDirectory(prefix="mlflow-measures-") as folder:
        os.environ[_SHARED_MEASURES] = folder
        try:
            yield
        finally:
            del os.environ[_SHARED_MEASURES]


def _announce(address: str) -> None:
    click.echo(f"MLflow {VERSION} serves {address}  (Ctrl-C stops it)", err=True)
    sys.stderr.flush()


def _shown(host: str) -> str:
    """The host as an address that a browser on this machine can open."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _options(host: str, port: int, verbose: bool) -> dict[str, Any]:
    return {
        "host": host,
        "port": port,
        "log_level": "info" if verbose else "warning",
        "access_log": verbose,
        "timeout_graceful_shutdown": _DRAIN,
        "server_header": False,
        "date_header": False,
        "backlog": 2048,
        "ws": "none",
        "http": _http(),
    }


def _http() -> Any:
    """The protocol over the fast parser, where that is installed."""
    try:
        from mlflow.server.protocol import LimitedProtocol
    except ImportError:
        return "auto"
    return LimitedProtocol


def _parsed(text: str) -> dict[str, Any]:
    """Options of uvicorn's command line as arguments of its configuration."""
    if not text:
        return {}
    context = uvicorn.main.make_context("uvicorn", [*shlex.split(text), "mlflow"])
    given = {
        name for name in context.params if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    }
    options = {name: context.params[name] for name in given - _NOT_TAKEN}
    if "headers" in options:  # the command takes texts, the configuration pairs
        pairs = (text.partition(":") for text in options["headers"])
        options["headers"] = [(name.strip(), value.strip()) for name, _, value in pairs]
    return options
