"""Running a scoring server: one process, or several that share a port."""

from __future__ import annotations

import contextlib
import logging
import secrets
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click
import msgspec

from mlflow.asgi import process
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.journal.errors import JournalUnavailable
from mlflow.journal.location import user_state_folder
from mlflow.serving.monitoring.settings import MonitoringSettings
from mlflow.serving.settings import ServingSettings
from mlflow.temporary_folders import temporary_folder
from mlflow.version import VERSION

if TYPE_CHECKING:
    from mlflow.serving.app import Application
    from mlflow.serving.traffic.routes import Route
    from mlflow.serving.traffic.state import State
    from mlflow.serving.variants import Loaded

__all__ = ["build_application", "default_state_folder", "serve"]

_LOG = logging.getLogger(__name__)
_LOADING = 900.0  # seconds that a worker may take to load the models


def serve(
    settings: ServingSettings, host: str, port: int, workers: int = 1, monitor: MonitoringSettings | None = None
) -> None:
    """Serve until a signal says to stop; requests in flight are answered, as long as their time limit allows.

    Args:
        settings: the server's options.
        host: address to listen on.
        port: port to listen on; 0 for a free one.
        workers: processes; each loads the models.
        monitor: what looks at sampled requests; None for nothing.

    Raises:
        MlflowException: there is no such model, it cannot be loaded, or the monitor cannot start.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    options = process.options_for(host, port, settings.timeout, verbose=False)

    def announce(bound: int) -> None:
        address = f"http://{process.browsable(host)}:{bound}/invocations"
        models = ", ".join(f"'{route.model_uri}'" for route in settings.routes.routes)
        click.echo(f"MLflow {VERSION} serves {models} at {address}  (Ctrl-C stops it)", err=True)
        sys.stderr.flush()

    with _with_state(settings, workers) as stateful, _with_monitor(stateful, monitor) as settled:
        process.serve(lambda: build_application(settled), options, workers, announce, lambda: _look(settled), _LOADING)


def default_state_folder(port: int) -> Path:
    """Where a server keeps the state of its traffic unless it is told: a folder of this user, for each port.

    Raises:
        InvalidParameterValue: there is no home folder to put it in.
    """
    try:
        return user_state_folder() / "mlflow" / "serving" / str(port)
    except JournalUnavailable as exc:
        raise InvalidParameterValue("There is no home folder for the state of traffic. Give --state-dir.") from exc


@contextlib.contextmanager
def _with_state(settings: ServingSettings, workers: int) -> Iterator[ServingSettings]:
    """The settings with a place for what several processes share, for as long as they live where none is named."""
    if workers == 1:
        yield settings
        return
    settings = msgspec.structs.replace(settings, start=secrets.token_hex(8))
    if settings.state_folder is not None:
        yield settings
        return
    with temporary_folder("traffic") as folder:
        yield msgspec.structs.replace(settings, state_folder=folder)


@contextlib.contextmanager
def _with_monitor(settings: ServingSettings, monitor: MonitoringSettings | None) -> Iterator[ServingSettings]:
    """The settings with where sampled requests go, for as long as there is something that looks at them."""
    if monitor is None:
        yield settings
        return
    from mlflow.serving.monitoring.process import monitoring

    signal.signal(signal.SIGTERM, _leave)
    with monitoring(monitor) as address:
        yield msgspec.structs.replace(settings, monitor=address)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """End by leaving what is entered, so that the monitor's last window is waited for."""
    sys.exit(0)


def build_application(settings: ServingSettings) -> Application:
    """Load the models and have each answer its example.

    Raises:
        MlflowException: there is no such model, or it cannot be loaded.
    """
    from mlflow.serving.app import Application
    from mlflow.serving.traffic.state import State
    from mlflow.serving.traffic.traffic import Traffic
    from mlflow.serving.variants import Variant

    variants, state = {}, State.open(settings.state_folder, settings.start)
    for route in settings.routes.routes:
        loaded = _loaded(route, state, settings.reload_interval)
        loaded.scorer.warm_up()
        state.remember(route.name, loaded.version)
        variants[route.name] = Variant(route, loaded)
    traffic = Traffic(settings.routes, state)
    application = Application(settings, traffic, variants)
    if settings.plan is not None:
        from mlflow.serving.ab.endpoints import mount_experiment

        mount_experiment(application, settings.plan, settings.remembered, settings.timeout)
    if settings.monitor is not None:
        from mlflow.serving.monitoring.link import Link

        link = Link(settings.monitor, application.measures.registry)
        traffic.observe(link.observe)
        application.beside.append(link)
    return application


def _loaded(route: Route, state: State, interval: float) -> Loaded:
    """The version that a route leads to: the same in all processes that follow nothing.

    A process that takes the place of one that ended has the version which answered before, where the one that the URI
    leads to by then does not load: the others still answer with that.
    """
    from mlflow.serving.variants import load_version, moving_reference, version_of

    reference = moving_reference(route.model_uri)
    if reference is None:
        return load_version(route.model_uri)
    try:
        return load_version(route.model_uri, None if interval else state.agree(route.name, version_of(reference)))
    except Exception as exc:
        before = state.remembered(route.name)
        if before is None:
            raise
        _LOG.error("'%s' cannot be loaded as it is now, so version %s answers: %s", route.model_uri, before, exc)
        return load_version(route.model_uri, before)


def _look(settings: ServingSettings) -> None:
    """Fetch the models once for all processes; none is loaded here, as frameworks' threads do not survive a fork."""
    from mlflow.models.manifest import Model
    from mlflow.models.places import model_folder

    for route in settings.routes.routes:
        if "python_function" not in Model.load(model_folder(route.model_uri)).flavors:
            raise ResourceDoesNotExist(
                f"Model '{route.model_uri}' has no flavor 'python_function', so it cannot be served. Save it by a "
                "flavor that has one."
            )
