"""Rows: a LogisticRegression behind each product's scoring server, and behind other servers of models (`--peers`).

Every server gets the same estimator and the same rows, as JSON; it is started anew for each turn, with its default
options, and alone on the machine. It is ready when it has answered a request with one row.
"""

import json
import resource
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from benchmarks.bench import Bench
from benchmarks.loads import call, drive, request
from benchmarks.peers import PEERS, Absent, Peer
from benchmarks.products import MEBIBYTE, Product
from tests.fixtures.processes import Child, free_port

FEATURES, MANY = 10, 1_000
WARM_SECONDS, SECONDS, START_SECONDS = 1.0, 3.0, 120.0
ENOUGH = 200_000  # requests, which no server answers in that time
Body = Callable[[int], Any]


class Scored(NamedTuple):
    """How one server is started and asked."""

    command: list[str]
    environment: Mapping[str, str]
    folder: Path
    path: str
    body: Body


def split(rows: int) -> Any:
    """The body for so many rows, in MLflow's form."""
    return {"dataframe_split": {"columns": [f"c{n}" for n in range(FEATURES)], "data": values(rows)}}


def values(rows: int) -> list[list[float]]:
    return [[((row * 31 + column * 7) % 97) / 97 for column in range(FEATURES)] for row in range(rows)]


class Server:
    """A scoring server as a process; `seconds` until it answers."""

    def __init__(self, scored: Scored, port: int) -> None:
        self.port = port
        self.payloads = {
            rows: request("POST", scored.path, json.dumps(scored.body(rows)).encode(), port) for rows in (1, MANY)
        }
        command = [part.replace("{port}", str(port)) for part in scored.command]
        began = time.perf_counter()
        self.child = Child(command, scored.folder / f"server-{port}.log", scored.environment, scored.folder)
        self.child.wait_until(self.ready, START_SECONDS)
        self.seconds = time.perf_counter() - began

    def ready(self) -> bool:
        try:
            call(self.port, self.payloads[1])
        except (OSError, RuntimeError):
            return False
        return True

    def memory(self) -> float:
        """MiB of all its processes, pages that they share counted once."""
        parent = psutil.Process(self.child.pid)
        return sum(one.memory_full_info().pss for one in (parent, *parent.children(recursive=True))) / MEBIBYTE


def measure(bench: Bench) -> None:
    bench.in_turn(lambda product: measured(bench, product.name, scored_by(product)), this=2, published=1)
    for peer in PEERS:
        compare(bench, peer)


def compare(bench: Bench, peer: Peer) -> None:
    """Measure another server of models where it can be installed, else say why not."""
    if not bench.peers:
        bench.figures.absent(peer.name, "asked for by --peers")
        return
    try:
        scored = scored_peer(bench.products[0].folder.parent / peer.name, peer)
        measured(bench, peer.name, scored)
    except Absent as missing:
        bench.figures.absent(peer.name, str(missing))
    except Exception as broken:  # noqa: BLE001  a peer that does not start must not cost the others
        bench.figures.absent(peer.name, f"it does not start or answer: {str(broken)[:200]}")


def scored_by(product: Product) -> Scored:
    """A product's own server, of a model that it saved itself."""
    folder = product.folder / "scored"
    if not folder.exists():
        product.run("scored_model", folder=str(folder), features=FEATURES)
    command = [*product.command, "models", "serve", "-m", str(folder), "-p", "{port}", "--env-manager", "local"]
    beside = str(Path(product.python).parent)
    search = {"PATH": f"{beside}:/usr/local/bin:/usr/bin:/bin"}
    return Scored(command, {**product.environment, **search}, product.folder, "/invocations", split)


def scored_peer(folder: Path, peer: Peer) -> Scored:
    folder.mkdir(parents=True, exist_ok=True)
    python = peer.install(folder)
    return Scored(peer.command(python), {"PYTHONPATH": ""}, folder, peer.path, peer.body or split)


def measured(bench: Bench, name: str, scored: Scored) -> None:
    """Start a server, load it, and stop it."""
    server, figures = Server(scored, free_port()), bench.figures
    try:
        figures.add("scored_start", name, server.seconds)
        for rows in (1, MANY):
            for connections in (1, 16):
                drive(server.port, [server.payloads[rows]] * ENOUGH, connections, WARM_SECONDS)
                used = cpu()
                load = drive(server.port, [server.payloads[rows]] * ENOUGH, connections, SECONDS)
                key = f"scored_{rows}x{connections}"
                note = f"{load.refused} refused" if load.refused else "" if load.answered else "no answer in time"
                figures.add(key, name, load.rate, note)
                if connections > 1 and load.answered:
                    figures.add(f"{key}_p99", name, 1000 * load.quantile(0.99))
                    if rows == 1:
                        figures.add("scored_generator", name, 1e6 * (cpu() - used) / load.answered)
        figures.add("scored_memory", name, server.memory())
    finally:
        server.child.stop()


def cpu() -> float:
    """Seconds of processor time that this process, the load generator, has used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
