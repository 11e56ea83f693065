"""One program of the classic tracking API: each client against each server, with the same results."""

import json
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.foreign import ROOT, run_program
from tests.fixtures.processes import PYTHON
from tests.fixtures.servers import TrackingServer

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(300), pytest.mark.long]

PROGRAMS = Path(__file__).parent / "programs"
Run = Callable[[str, TrackingServer], Any]


def result_of(output: str) -> Any:
    return json.loads(next(line for line in output.splitlines() if line.startswith("RESULT "))[7:])


@pytest.fixture(scope="module")
def published_client(oracle_python: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    def run(program: str, server: TrackingServer) -> Any:
        source, folder = (PROGRAMS / program).read_text(), tmp_path_factory.mktemp("published")
        return result_of(run_program(oracle_python, source, folder, environment(server), 250))

    return run


@pytest.fixture(scope="module")
def own_client(tmp_path_factory: pytest.TempPathFactory) -> Run:
    def run(program: str, server: TrackingServer) -> Any:
        folder = tmp_path_factory.mktemp("own")
        own = {"PYTHONPATH": str(ROOT / "src"), "MLFLOW_JOURNAL_DIR": str(folder / "journal")}
        done = subprocess.run(
            [PYTHON, str(PROGRAMS / program)],
            cwd=folder,
            env={**minimal(), **environment(server), **own},
            capture_output=True,
            text=True,
            timeout=250,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
        return result_of(done.stdout)

    return run


def environment(server: TrackingServer) -> dict[str, str]:
    return {"MLFLOW_TRACKING_URI": server.url, "PROGRAM_EXPERIMENT": f"program {uuid.uuid4().hex}"}


def minimal() -> dict[str, str]:
    import os

    return {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}


@pytest.fixture(scope="module")
def expected(published_client: Run, published_server: TrackingServer) -> Any:
    """What the published client gets from the published server."""
    return published_client("tracking.py", published_server)


def test_the_published_client_gets_the_same_from_this_server(
    published_client: Run, tracking_server: TrackingServer, expected: Any
):
    assert published_client("tracking.py", tracking_server) == expected


def test_this_client_gets_the_same_from_a_published_server(
    own_client: Run, published_server: TrackingServer, expected: Any
):
    assert own_client("tracking.py", published_server) == expected


def test_this_client_gets_the_same_from_this_server(own_client: Run, tracking_server: TrackingServer, expected: Any):
    assert own_client("tracking.py", tracking_server) == expected
