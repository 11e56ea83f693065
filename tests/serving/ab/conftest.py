"""Experiments without a server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.serving.ab.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Open sites on one state folder, one after the other or at once."""
    opened: list[Site] = []

    def make(**how: object) -> Site:
        opened.append(Site(**{"folder": tmp_path / "state", **how}))  # type: ignore[arg-type]  # its arguments
        return opened[-1]

    yield make
    for one in opened:
        one.close()
