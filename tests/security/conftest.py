from collections.abc import Iterator

import pytest

from tests.server.served import Served, served


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose folder holds a file that no request may reach."""
    folder = tmp_path_factory.mktemp("attacked")
    (folder / "secret.txt").write_text("top secret")
    with served(folder) as running:
        yield running
