"""Models, saved once a session, and a server for each that tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.serving.samples import ScoringServer, save_coded, save_logistic, serving


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models: logistic, typed, free, tensors."""
    folder = tmp_path_factory.mktemp("models")
    save_logistic(folder)
    for name in ("typed", "free", "tensors"):
        save_coded(name, folder)
    return folder


@pytest.fixture(scope="session")
def logistic(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScoringServer]:
    """A server of the classifier."""
    with serving(models / "logistic", tmp_path_factory.mktemp("logistic")) as server:
        yield server


@pytest.fixture(scope="session")
def free(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScoringServer]:
    """A server of the model that returns what it is asked for."""
    with serving(models / "free", tmp_path_factory.mktemp("free"), environment=TWO_THREADS) as server:
        yield server


TWO_THREADS = {"MLFLOW_SCORING_SERVER_THREADS": "2"}
StartScoring = Callable[..., ScoringServer]


@pytest.fixture
def start_scoring(models: Path, tmp_path: Path) -> Iterator[StartScoring]:
    """Start a server of one of the models: `start_scoring("free", "--workers", "2", environment=…)`."""
    servers: list[ScoringServer] = []

    def start(name: str, *options: str, **how: object) -> ScoringServer:
        servers.append(ScoringServer(models / name, tmp_path / "scoring", *options, **how))  # type: ignore[arg-type]
        return servers[-1]

    yield start
    for server in servers:
        server.child.stop()
