"""Stores to track to, and a session that begins anew with each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import mlflow
from mlflow.stores import close_all
from mlflow.tracking.active_run import active_runs
from mlflow.tracking.run_log import run_log
from mlflow.tracking.session import session
from tests.fixtures.servers import StartServer, TrackingServer


@pytest.fixture(autouse=True)
def own_session(own_folder: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No capture, no run, no experiment and no address from the test before."""
    monkeypatch.setenv("MLFLOW_CAPTURE", "false")
    monkeypatch.setenv("MLFLOW_HEARTBEAT_INTERVAL", "0")
    monkeypatch.setenv("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    yield
    while active_runs():
        mlflow.end_run()
    session._target = None
    mlflow.set_tracking_uri("")
    mlflow.set_registry_uri("")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A SQLite database, set as the tracking store."""
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    mlflow.set_tracking_uri(uri)
    yield uri
    while active_runs():
        mlflow.end_run()
    run_log(uri).stop()
    close_all()


@pytest.fixture
def server(tracking_server: TrackingServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """The session's server, set as the tracking store, with an experiment of the test's own."""
    mlflow.set_tracking_uri(tracking_server.url)
    mlflow.set_experiment(f"{request.node.name}-{id(request)}")
    yield tracking_server.url
    while active_runs():
        mlflow.end_run()


@pytest.fixture
def own_server(start_server: StartServer) -> TrackingServer:
    """A server that the test may kill."""
    started = start_server()
    mlflow.set_tracking_uri(started.url)
    return started


@pytest.fixture(params=["database", "server"])
def store(request: pytest.FixtureRequest) -> str:
    """A tracking store of each kind, set."""
    uri: str = request.getfixturevalue(request.param)
    return uri
