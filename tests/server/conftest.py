from collections.abc import Iterator

import pytest

from tests.server.served import Served, served


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests that make experiments of their own."""
    with served(tmp_path_factory.mktemp("server")) as running:
        yield running
