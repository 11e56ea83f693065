"""A server process around the proxy, and stores."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from mlflow.artifacts.http import Connection
from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.proxied import ProxiedStore
from tests.fixtures.processes import free_port

SOURCE = Path(__file__).parents[2] / "src"


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")


@dataclass
class Server:
    """The proxy app in a process; `restart` brings it back on the same port and destination."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path, port: int | None = None) -> Server:
        port = port or free_port()
        faults = folder / "faults"
        faults.mkdir(parents=True, exist_ok=True)
        app = Path(__file__).with_name("proxy_app.py")
        command = [sys.executable, str(app), str(port), str(folder / "destination"), str(faults)]
        process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(SOURCE)})
        server = cls(folder, port, process)
        wait_for(port, process)
        return server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def destination(self) -> Path:
        return self.folder / "destination"

    @property
    def memory(self) -> int:
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def inject(self, fault: str) -> None:
        (self.folder / "faults" / fault).touch()

    def pending_faults(self) -> list[str]:
        return [file.name for file in (self.folder / "faults").iterdir()]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def restart(self) -> Server:
        self.stop()
        return Server.start(self.folder, self.port)

    def store(self, root: str = "1/run/artifacts") -> ProxiedStore:
        return ProxiedStore(Connection(self.url), ArtifactPath.parse(root))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server.start(tmp_path / "server")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server.start(tmp_path_factory.mktemp("shared-server"))
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def quick_client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0")


@pytest.fixture
def local(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "root")


@pytest.fixture
def served(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "root", private=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2M", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting a tmpfs needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
