"""Running the application under uvicorn: one process, or several that share a port."""

from __future__ import annotations

import logging
import os
import shlex
import socket
import sys
from typing import Any

import click
import msgspec
import uvicorn
import uvicorn.main

from mlflow.server.app import Application, build_app
from mlflow.server.settings import ServerSettings
from mlflow.version import VERSION

__all__ = ["factory", "serve"]

_SETTINGS = "_MLFLOW_SERVER_SETTINGS"  # how worker processes get them
_DRAIN = 30  # seconds that requests in flight get when the server stops


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
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "log_level": "info" if verbose else "warning",
        "access_log": verbose,
        "timeout_graceful_shutdown": _DRAIN,
        "server_header": False,
        "date_header": False,
        "backlog": 2048,
        **_parsed(uvicorn_options),
    }
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )
    if workers > 1:
        build_app(settings).context.threads.shutdown()  # what is wrong with the settings shows here, once
        os.environ[_SETTINGS] = msgspec.json.encode(settings).decode()
        _announce(settings, host, port)
        uvicorn.run("mlflow.server.run:factory", factory=True, workers=workers, **options)
        return
    application = build_app(settings)
    _Server(uvicorn.Config(application, **options), application, settings).run()


def factory() -> Application:
    """The application of a worker process."""
    return build_app(msgspec.json.decode(os.environ[_SETTINGS], type=ServerSettings))


class _Server(uvicorn.Server):
    """Says where it listens, and ends live streams before it waits for requests to finish."""

    def __init__(self, config: uvicorn.Config, application: Application, settings: ServerSettings) -> None:
        super().__init__(config)
        self._application, self._settings = application, settings

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            _announce(self._settings, self.config.host, port)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._application.hub.close()
        await super().shutdown(sockets)


def _announce(settings: ServerSettings, host: str, port: int) -> None:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    click.echo(f"MLflow {VERSION} serves http://{shown}:{port}{settings.static_prefix}/  (Ctrl-C stops it)", err=True)
    sys.stderr.flush()


def _parsed(text: str) -> dict[str, Any]:
    """Options of uvicorn's command line as arguments of its configuration."""
    if not text:
        return {}
    command: click.Command = vars(uvicorn.main)["main"]
    context = command.make_context("uvicorn", [*shlex.split(text), "mlflow"])
    given = {
        name for name in context.params if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    }
    return {name: context.params[name] for name in given - {"app", "workers", "reload", "factory"}}
