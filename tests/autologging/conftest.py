"""A store of each test's own, and settings of autologging that end with the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import mlflow
from mlflow.stores import close_all
from mlflow.tracking.active_run import active_runs
from mlflow.tracking.autologging.settings import settings
from mlflow.tracking.run_log import run_log
from mlflow.tracking.session import session


@pytest.fixture(autouse=True)
def own_settings(own_folder: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Autologging is off until the test asks for it, and its failures are raised."""
    monkeypatch.setenv("MLFLOW_AUTOLOGGING_TESTING", "true")
    monkeypatch.setenv("MLFLOW_CAPTURE", "false")
    monkeypatch.setenv("MLFLOW_HEARTBEAT_INTERVAL", "0")
    yield
    settings.restore({}, {})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A SQLite database, set as the tracking store."""
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    mlflow.set_tracking_uri(uri)
    yield uri
    while active_runs():
        mlflow.end_run()
    session._target = None
    run_log(uri).stop()
    close_all()
    mlflow.set_tracking_uri("")
