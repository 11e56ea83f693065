"""The proxy client against a published MLflow server, and the published client's requests against the proxy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlflow.artifacts.http import Connection
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.proxied import ProxiedStore
from mlflow.artifacts.wire import API
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from tests.artifacts.conftest import Server
from tests.fixtures.foreign import Program
from tests.fixtures.servers import TrackingServer

pytestmark = pytest.mark.oracle
MIB = 2**20


@pytest.fixture
def store(published_server: TrackingServer) -> ProxiedStore:
    return ProxiedStore(Connection(published_server.url), ArtifactPath((os.urandom(4).hex(), "artifacts")))


def test_published_server_takes_and_gives_a_folder(store: ProxiedStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "d").mkdir(parents=True)
    (source / "d" / "é ?.txt").write_text("hello")
    (source / "empty").touch()
    (source / "big").write_bytes(os.urandom(20 * MIB))
    store.upload_directory(source, ArtifactPath(("m",)))
    assert store.uploads is None
    assert [dict(info) for info in store.list(ArtifactPath(("m",)))] == [
        {"path": "m/big", "is_dir": False, "file_size": 20 * MIB},
        {"path": "m/d", "is_dir": True, "file_size": None},
        {"path": "m/empty", "is_dir": False, "file_size": None},
    ]
    down = store.download(ArtifactPath(("m",)), tmp_path / "down")
    for name in ("d/é ?.txt", "empty", "big"):
        assert (down / name).read_bytes() == (source / name).read_bytes()
    assert store.open(ArtifactPath.parse("m/big"), 5, 9).read() == (source / "big").read_bytes()[5:9]


def test_published_server_refuses_and_lacks_with_the_same_classes(
    store: ProxiedStore, published_server: TrackingServer
) -> None:
    with pytest.raises(ResourceDoesNotExist):
        store.open(ArtifactPath(("absent",)))
    with pytest.raises(InvalidParameterValue):
        Connection(published_server.url).send("GET", API, query={"path": "../x"})
    store.write(ArtifactPath(("a",)), [b"1"])
    store.delete(ArtifactPath(("a",)))
    assert store.list() == []


PROGRAM = """
import os, tempfile
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
repo = get_artifact_repository("mlflow-artifacts:/published/artifacts")
source = tempfile.mkdtemp()
os.makedirs(source + "/d")
open(source + "/d/é.txt", "w").write("hello")
open(source + "/big", "wb").write(b"x" * 5_000_000)
repo.log_artifacts(source, "m")
print([(info.path, info.is_dir, info.file_size) for info in repo.list_artifacts("m")])
down = repo.download_artifacts("m", tempfile.mkdtemp())
print(os.path.getsize(down + "/big"), open(down + "/d/é.txt").read())
repo.delete_artifacts("m")
print(repo.list_artifacts("m"))
try:
    repo.download_artifacts("absent", tempfile.mkdtemp())
except Exception as exc:
    print(type(exc).__name__)
"""


def test_published_client_uses_the_proxy(run_published: Program, shared_server: Server) -> None:
    printed = run_published(PROGRAM, {"MLFLOW_TRACKING_URI": shared_server.url}).splitlines()
    lines = [line for line in printed if line]
    assert lines[0] == "[('m/big', False, 5000000), ('m/d', True, None)]"
    assert lines[1] == "5000000 hello"
    assert lines[2] == "[]"
    assert lines[3] == "MlflowException"
