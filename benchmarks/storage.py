"""Row: bytes a metric point at rest, the whole database after sealing."""

import random
import time
from pathlib import Path

from benchmarks.bench import Bench, create_experiment, create_run, end_run, now_ms
from benchmarks.loads import drive, post
from benchmarks.products import Product
from tests.fixtures.servers import TrackingServer

POINTS, PUBLISHED_POINTS = 1_000_000, 50_000
SEAL_SECONDS = 30.0


def fill(server: TrackingServer, points: int) -> None:
    """Log noisy float64 values whose timestamps jitter by milliseconds: 10 series in one run, which then ends."""
    run_id = create_run(server, create_experiment(server, "storage"))
    noise, timestamp, value = random.Random(7), now_ms(), 0.0
    requests = []
    for first in range(0, points // 10, 100):
        metrics = []
        for step in range(first, first + 100):
            timestamp += noise.randint(40, 60)
            value += noise.gauss(0, 1)
            metrics += [
                {"key": f"m{k}", "value": value + k * noise.random(), "timestamp": timestamp, "step": step}
                for k in range(10)
            ]
        requests.append(post("runs/log-batch", {"run_id": run_id, "metrics": metrics}, server.port))
    load = drive(server.port, requests, 1, 120.0)
    if load.answered != len(requests):
        raise RuntimeError(f"{load.refused} of {len(requests)} batches were refused")
    end_run(server, run_id)


def size(database: Path) -> int:
    """Bytes of the SQLite file and its side files."""
    return sum(path.stat().st_size for path in database.parent.glob(f"{database.name}*"))


def settle(database: Path) -> None:
    """Wait until the file has kept its size for two seconds: sealing works behind the answers."""
    deadline, quiet, last = time.monotonic() + SEAL_SECONDS, 0, size(database)
    while quiet < 8 and time.monotonic() < deadline:
        time.sleep(0.25)
        current = size(database)
        quiet, last = (quiet + 1 if current == last else 0), current


def bytes_a_point(bench: Bench, product: Product) -> None:
    points = PUBLISHED_POINTS if product.published else POINTS
    server = product.new_server("storage")
    database = server.folder / "server.db"
    empty = size(database)
    fill(server, points)
    settle(database)
    server.stop()
    note = "" if points == POINTS else f"scaled from {points:,} points"
    # What an empty database takes is counted once a million points, also where fewer were logged.
    bench.figures.add("bytes_a_point", product.name, (size(database) - empty) / points + empty / POINTS, note)


def measure(bench: Bench) -> None:
    bench.in_turn(lambda product: bytes_a_point(bench, product), this=1)
