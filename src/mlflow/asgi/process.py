"""Running an application under uvicorn: one process, or several that share a port."""

from __future__ import annotations

import contextlib
import gc
import os
import shlex
import socket
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import click
import uvicorn

from mlflow.asgi.memory import share_arenas
from mlflow.asgi.responses import Receive, Scope, Send
from mlflow.asgi.workers import Workers
from mlflow.temporary_folders import temporary_folder

__all__ = ["Application", "Server", "browsable", "options_for", "parsed_options", "serve"]

_SHARED_MEASURES = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's variable: where worker processes add up
_KEPT_OPEN = 75  # seconds without a request: a training logs less often than each second, and should find it open
_NOT_TAKEN = frozenset({"app", "workers", "reload", "factory", "fd", "uds", "ws"})


class Application(Protocol):
    """An ASGI application that is told when the server begins to stop."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    async def leave(self) -> None:
        """End what would go on for ever, such as live streams, before the server waits for requests to finish."""
        ...


def serve(
    build: Callable[[], Application],
    options: Mapping[str, Any],
    workers: int,
    announce: Callable[[int], None],
    check: Callable[[], None],
    start_seconds: float = 60.0,
) -> None:
    """Serve until a signal says to stop; requests in flight are finished.

    Args:
        build: makes the application; in each worker process anew.
        options: of uvicorn's configuration, from `options_for`.
        workers: processes.
        announce: told the port once it is served.
        check: raises what would keep every worker from starting; called first when there are several.
        start_seconds: a worker may take to be ready.
    """
    share_arenas()
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again once it has stopped
        if workers > 1:
            _serve_many(build, options, workers, announce, check, start_seconds)
        else:
            application = _built(build)
            Server(uvicorn.Config(application, **options), application, announce).run()


def _serve_many(
    build: Callable[[], Application],
    options: Mapping[str, Any],
    count: int,
    announce: Callable[[int], None],
    check: Callable[[], None],
    start_seconds: float,
) -> None:
    with _shared_measures() as measures:
        check()
        listening = uvicorn.Config("", **options).bind_socket()
        parent = os.getpid()

        def work(ready: Callable[[], None]) -> None:
            application = _built(build)
            config = uvicorn.Config(application, **options)
            Server(config, application, lambda _: ready(), parent).run([listening])

        drain = float(options["timeout_graceful_shutdown"])
        forget = partial(_forget_gauges, measures)
        Workers(work, count, drain, start_seconds, forget).run(lambda: announce(listening.getsockname()[1]))


class Server(uvicorn.Server):
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
        await self._application.leave()
        await super().shutdown(sockets)


def _built(build: Callable[[], Application]) -> Application:
    gc.disable()  # until it serves: what is imported stays
    return build()


def _spare_collections() -> None:
    """Let the garbage collector pass over what was imported, and look less often: a batch makes 1,000 objects."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


@contextlib.contextmanager
def _shared_measures() -> Iterator[Path]:
    """Let the worker processes started meanwhile count in one place.

    prometheus_client looks for the folder when it is imported, so an application is imported inside.
    """
    with temporary_folder("measures") as folder:
        os.environ[_SHARED_MEASURES] = str(folder)
        try:
            yield folder
        finally:
            del os.environ[_SHARED_MEASURES]


def _forget_gauges(measures: Path, pid: int) -> None:
    """Take what a process that is no more said of itself out of the sums, as prometheus_client asks for."""
    for file in measures.glob(f"gauge_live*_{pid}.db"):
        file.unlink(missing_ok=True)


def browsable(host: str) -> str:
    """The host as an address that a browser on this machine can open."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def options_for(host: str, port: int, drain: float, *, verbose: bool) -> dict[str, Any]:
    """Options of uvicorn's configuration.

    Args:
        host: address to listen on.
        port: port to listen on; 0 for a free one.
        drain: seconds that requests in flight get when the server stops.
        verbose: log each request.
    """
    return {
        "host": host,
        "port": port,
        "log_level": "info" if verbose else "warning",
        "access_log": verbose,
        "timeout_graceful_shutdown": int(drain),
        "timeout_keep_alive": _KEPT_OPEN,
        "server_header": False,
        "date_header": False,
        "backlog": 2048,
        "ws": "none",
        "http": _http(),
    }


def _http() -> Any:
    """The protocol over the fast parser, where that is installed."""
    try:
        from mlflow.asgi.protocol import LimitedProtocol
    except ImportError:
        return "auto"
    return LimitedProtocol


def parsed_options(text: str) -> dict[str, Any]:
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
