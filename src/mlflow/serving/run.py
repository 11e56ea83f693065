"""Running a scoring server: one process, or several that share a port."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import click

from mlflow.asgi import process
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.serving.settings import ServingSettings
from mlflow.version import VERSION

if TYPE_CHECKING:
    from mlflow.serving.app import Application

__all__ = ["serve"]

_LOADING = 900.0  # seconds that a worker may take to load the model


def serve(settings: ServingSettings, host: str, port: int, workers: int = 1) -> None:
    """Serve until a signal says to stop; requests in flight are answered, as long as their time limit allows.

    Args:
        settings: the server's options.
        host: address to listen on.
        port: port to listen on; 0 for a free one.
        workers: processes; each loads the model.

    Raises:
        MlflowException: there is no such model, or it cannot be loaded.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    options = process.options_for(host, port, settings.timeout, verbose=False)

    def announce(bound: int) -> None:
        address = f"http://{process.browsable(host)}:{bound}/invocations"
        click.echo(f"MLflow {VERSION} serves '{settings.model_uri}' at {address}  (Ctrl-C stops it)", err=True)
        sys.stderr.flush()

    process.serve(lambda: _built(settings), options, workers, announce, lambda: _look(settings), _LOADING)


def _built(settings: ServingSettings) -> Application:
    from mlflow.serving.app import Application
    from mlflow.serving.scorer import Scorer

    scorer = Scorer.load(settings.model_uri)
    scorer.warm_up()
    return Application(settings, scorer)


def _look(settings: ServingSettings) -> None:
    """Fetch the model once for all processes; none is loaded here, as frameworks' threads do not survive a fork."""
    from mlflow.models.manifest import Model
    from mlflow.models.places import model_folder

    if "python_function" not in Model.load(model_folder(settings.model_uri)).flavors:
        raise ResourceDoesNotExist(
            f"Model '{settings.model_uri}' has no flavor 'python_function', so it cannot be served. Save it by a "
            "flavor that has one."
        )
