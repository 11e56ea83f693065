"""Running the tracking server's application."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import click

from mlflow.asgi import process
from mlflow.server.settings import ServerSettings
from mlflow.version import VERSION

if TYPE_CHECKING:
    from mlflow.server.app import Application

__all__ = ["DRAIN", "serve"]

DRAIN = 30.0
"""Seconds that requests in flight get when the server stops."""


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
    options = process.options_for(host, port, DRAIN, verbose=verbose) | process.parsed_options(uvicorn_options)

    def announce(bound: int) -> None:
        scheme = "https" if options.get("ssl_certfile") else "http"
        _announce(f"{scheme}://{process.browsable(options['host'])}:{bound}{settings.static_prefix}/")

    process.serve(lambda: _built(settings), options, workers, announce, lambda: _built(settings).close())


def _built(settings: ServerSettings) -> Application:
    from mlflow.server.app import build_app

    return build_app(settings)


def _announce(address: str) -> None:
    click.echo(f"MLflow {VERSION} serves {address}  (Ctrl-C stops it)", err=True)
    sys.stderr.flush()
