"""One program of the model registry's API: each client against each server, with the same results."""

from typing import Any

import pytest

from tests.compat.test_programs import Run, own_client, published_client
from tests.fixtures.servers import TrackingServer

__all__ = ["own_client", "published_client"]

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(600), pytest.mark.long]


@pytest.fixture(scope="module")
def expected(published_client: Run, published_server: TrackingServer) -> Any:
    """What the published client gets from the published server."""
    return published_client("registry.py", published_server)


def test_the_published_client_gets_the_same_from_this_server(
    published_client: Run, tracking_server: TrackingServer, expected: Any
):
    assert published_client("registry.py", tracking_server) == expected


def test_this_client_gets_the_same_from_a_published_server(
    own_client: Run, published_server: TrackingServer, expected: Any
):
    assert own_client("registry.py", published_server) == expected


def test_this_client_gets_the_same_from_this_server(own_client: Run, tracking_server: TrackingServer, expected: Any):
    assert own_client("registry.py", tracking_server) == expected
