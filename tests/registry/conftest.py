"""A session that begins anew with each test, and a registry on a database or a server."""

from collections.abc import Iterator

import pytest

import mlflow
from tests.fixtures.servers import TrackingServer
from tests.tracking.conftest import database, own_session

__all__ = ["database", "own_session", "registry_at"]


@pytest.fixture(params=["database", "server"])
def registry_at(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a registry, set as the tracking store too."""
    if request.param == "database":
        yield request.getfixturevalue("database")
        return
    server: TrackingServer = request.getfixturevalue("tracking_server")
    mlflow.set_tracking_uri(server.url)
    yield server.url
