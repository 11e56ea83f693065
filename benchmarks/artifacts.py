"""Rows: a file of 1 GiB and 1,000 files of 10 KiB through the artifact proxy."""

import os
import shutil
import socket
import threading
import time
from pathlib import Path

from benchmarks.bench import Bench, create_experiment, create_run
from benchmarks.products import MEBIBYTE, Product
from tests.fixtures.servers import TrackingServer

LARGE = 1024 * MEBIBYTE
FILES, FILE_BYTES = 1_000, 10 * 1024
CHUNK = 4 * MEBIBYTE


class Growth(threading.Thread):
    """Samples a server's memory five times a second: how far it rose above the first sample, in MiB.

    Resident memory, as counting shared pages once walks every page table and would slow what is being timed.
    """

    def __init__(self, product: Product, server: TrackingServer) -> None:
        super().__init__(daemon=True)
        self.processes = product.processes(server)
        self.first = self.resident()
        self.peak, self._over = 0.0, threading.Event()

    def resident(self) -> float:
        return sum(process.memory_info().rss for process in self.processes) / MEBIBYTE

    def run(self) -> None:
        while not self._over.wait(0.2):
            self.peak = max(self.peak, self.resident() - self.first)

    def stop(self) -> float:
        self._over.set()
        self.join()
        return self.peak


def large_file(folder: Path) -> Path:
    path = folder / "large.bin"
    if not path.exists():
        block = os.urandom(CHUNK)
        with path.open("wb") as file:
            for _ in range(LARGE // CHUNK):
                file.write(block)
    return path


def connect(server: TrackingServer, method: str, path: str, length: int = 0) -> socket.socket:
    """Send a request's head to the proxy; no library stands between the socket and the clock."""
    connection = socket.create_connection(("127.0.0.1", server.port))
    head = [f"{method} /api/2.0/mlflow-artifacts/artifacts/{path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}"]
    head += ["Content-Type: application/octet-stream", f"Content-Length: {length}", "Connection: close", "", ""]
    connection.sendall("\r\n".join(head).encode())
    return connection


def read_head(connection: socket.socket) -> bytes:
    """Read an answer's head, check that it is 200, and return what came of the body with it."""
    received = b""
    while b"\r\n\r\n" not in received:
        data = connection.recv(65536)
        if not data:
            raise ConnectionError(f"the answer ended early: {received[:200]!r}")
        received += data
    head, _, rest = received.partition(b"\r\n\r\n")
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise RuntimeError(f"refused: {received[:500]!r}")
    return rest


def upload(server: TrackingServer, source: Path, path: str) -> float:
    """Seconds until the server has answered the PUT of a file."""
    began = time.perf_counter()
    with connect(server, "PUT", path, source.stat().st_size) as connection, source.open("rb") as file:
        connection.sendfile(file)
        read_head(connection)
    return time.perf_counter() - began


def download(server: TrackingServer, path: str, target: Path) -> float:
    """Seconds until a GET's whole body stands in a file; counts bytes, as some servers answer in chunks."""
    buffer = bytearray(MEBIBYTE)
    began = time.perf_counter()
    with connect(server, "GET", path) as connection, target.open("wb") as file:
        file.write(read_head(connection))
        while received := connection.recv_into(buffer):
            file.write(memoryview(buffer)[:received])
    took = time.perf_counter() - began
    if target.stat().st_size < LARGE:
        raise RuntimeError(f"only {target.stat().st_size} of {LARGE} bytes came back")
    target.unlink()
    return took


def over_sockets(bench: Bench, product: Product, source: Path) -> None:
    server = product.server()
    bench.figures.add("socket_up", product.name, 1024 / upload(server, source, "bench/large.bin"))
    bench.figures.add("socket_down", product.name, 1024 / download(server, "bench/large.bin", product.folder / "back"))
    shutil.rmtree(server.artifacts / "bench", ignore_errors=True)


def through_client(bench: Bench, product: Product, source: Path, rows: tuple[str, str], amount: int) -> None:
    """Time one of the two programs on a new run; the rows take ``amount`` a second, up and down."""
    server = product.server()
    run_id = create_run(server, create_experiment(server, "artifacts"))
    target = product.folder / "downloaded"
    program = "small_files" if source.is_dir() else "large_file"
    answer = product.run(program, uri=server.url, run_id=run_id, source=str(source), target=str(target))
    bench.figures.add(rows[0], product.name, amount / answer["up"])
    bench.figures.add(rows[1], product.name, amount / answer["down"])
    shutil.rmtree(target)


def large_through_client(bench: Bench, product: Product, source: Path) -> None:
    """The large file, with the server's memory watched; small files before it, so that every worker is warm."""
    growth = Growth(product, product.server())
    growth.start()
    through_client(bench, product, source, ("artifact_up", "artifact_down"), LARGE // MEBIBYTE)
    bench.figures.add("artifact_memory", product.name, growth.stop())


def small_files(folder: Path) -> Path:
    small = folder / "small"
    if not small.exists():
        small.mkdir()
        for number in range(FILES):
            (small / f"{number:04}.bin").write_bytes(os.urandom(FILE_BYTES))
    return small


def measure(bench: Bench) -> None:
    folder = bench.products[0].folder.parent
    small, large = small_files(folder), large_file(folder)
    bench.in_turn(lambda product: through_client(bench, product, small, ("files_up", "files_down"), FILES))
    bench.in_turn(lambda product: large_through_client(bench, product, large))
    if bench.full:
        bench.in_turn(lambda product: over_sockets(bench, product, large))
    large.unlink()
