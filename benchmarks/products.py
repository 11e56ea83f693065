"""The two things compared: this project and the published package, each in its own interpreter."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.rows import PUBLISHED, THIS
from tests.fixtures.foreign import find_python
from tests.fixtures.servers import START_SECONDS, TrackingServer

PROGRAMS = Path(__file__).parent / "programs"
MEBIBYTE = 1024 * 1024
PATIENCE = 180.0  # seconds until the published server answers on a busy machine


class Product:
    """An interpreter with its ``import mlflow``, and a server of it for as long as the benchmark runs."""

    def __init__(self, name: str, python: str, folder: Path) -> None:
        self.name, self.python = name, python
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        self.command = [str(Path(python).parent / "mlflow")]
        self.environment = {"MLFLOW_JOURNAL_DIR": str(self.folder / "journal"), "PYTHONWARNINGS": "ignore"}
        # Where writing bytecode is switched off, as in many containers, every start would time the compiler.
        self.environment["PYTHONDONTWRITEBYTECODE"] = ""
        self.environment["PYTHONPATH"] = "" if name == PUBLISHED else os.environ.get("PYTHONPATH", "")
        self._servers: dict[str, TrackingServer] = {}

    @property
    def published(self) -> bool:
        return self.name == PUBLISHED

    def new_server(self, label: str, backend_store_uri: str | None = None) -> TrackingServer:
        """Start a server with the default options on a database of its own (SQLite unless told otherwise)."""
        seconds = PATIENCE if self.published else START_SECONDS
        server = TrackingServer(
            self.command, self.folder / label, backend_store_uri, environment=self.environment, start_seconds=seconds
        )
        self._servers[label] = server
        return server

    def server(self) -> TrackingServer:
        """The long-lived server that most rows share; it starts on first use."""
        return self._servers.get("main") or self.new_server("main")

    @property
    def serves(self) -> bool:
        """Whether the long-lived server runs already."""
        return "main" in self._servers

    def restart(self) -> None:
        """Give the long-lived server a fresh process: overloaded ones go on working for clients that have left."""
        server = self.server()
        self.stop(server)
        server.start()

    def stop(self, server: TrackingServer) -> None:
        """Stop a server and whatever processes it started."""
        left = self.processes(server) if server.child.process.poll() is None else []
        server.stop()
        for process in left:
            if process.is_running():
                process.kill()

    def processes(self, server: TrackingServer) -> list[psutil.Process]:
        parent = psutil.Process(server.child.pid)
        return [parent, *parent.children(recursive=True)]

    def memory(self, server: TrackingServer) -> float:
        """MiB of all the server's processes, pages that they share counted once (PSS)."""
        return sum(process.memory_full_info().pss for process in self.processes(server)) / MEBIBYTE

    def pause(self) -> None:
        """Stop every server of this product in its tracks, so that it takes nothing from what is measured now."""
        self._signal("suspend")

    def resume(self) -> None:
        self._signal("resume")

    def _signal(self, what: str) -> None:
        for server in self._servers.values():
            if server.child.process.poll() is None:
                for process in self.processes(server):
                    with contextlib.suppress(psutil.NoSuchProcess):  # one of its helpers that has ended meanwhile
                        getattr(process, what)()

    def run(self, program: str, timeout: float = 300, **arguments: Any) -> Any:
        """Run ``programs/<program>.py`` in this product's interpreter; JSON goes in and comes out as its last line."""
        command = [self.python, str(PROGRAMS / f"{program}.py"), json.dumps(arguments)]
        environment = {**os.environ, **self.environment}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=timeout, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} under {self.name} ended with {done.returncode}:\n{done.stderr[-3000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def close(self) -> None:
        self.resume()
        for server in self._servers.values():
            self.stop(server)


def find_products(folder: Path, wanted: set[str]) -> list[Product]:
    """The products that ``wanted`` names; raises pytest's Skipped when the published one is not installed."""
    products = []
    if THIS in wanted:
        products.append(Product(THIS, sys.executable, folder))
    if PUBLISHED in wanted:
        products.append(Product(PUBLISHED, find_python("MLFLOW_ORACLE_PYTHON", "oracle", "make bench"), folder))
    return products


@contextmanager
def alone(product: Product, products: list[Product]) -> Iterator[None]:
    """Let only ``product`` run: the others' servers are paused meanwhile."""
    others = [other for other in products if other is not product]
    for other in others:
        other.pause()
    try:
        yield
    finally:
        for other in others:
            other.resume()
