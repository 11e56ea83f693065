"""What every group of rows gets: the products, where figures go, and how to take turns."""

import json
import time
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.figures import Figures
from benchmarks.loads import call, post
from benchmarks.products import Product, alone
from tests.fixtures.servers import TrackingServer

Measure = Callable[[Product], None]


class Bench(NamedTuple):
    """One run of the benchmark.

    ``full`` adds what does not fit into ten minutes, ``peers`` other servers of models; for ``live_seconds`` a page
    watches live runs.
    """

    products: list[Product]
    figures: Figures
    full: bool
    peers: bool = False
    live_seconds: int = 30

    def in_turn(self, measure: Measure, this: int = 3, published: int = 1) -> None:
        """Measure the products alternately, each alone, so that a drift of the machine meets both."""
        for turn in range(max(this, published)):
            for product in self.products:
                if turn < (published if product.published else this):
                    with alone(product, self.products):
                        measure(product)


def now_ms() -> int:
    return int(time.time() * 1000)


def create_experiment(server: TrackingServer, name: str) -> str:
    """Make an experiment named ``name`` plus the time, over HTTP; its id."""
    _, body = call(server.port, post("experiments/create", {"name": f"{name} {time.time_ns()}"}, server.port))
    experiment_id: str = json.loads(body)["experiment_id"]
    return experiment_id


def create_run(server: TrackingServer, experiment_id: str) -> str:
    content = {"experiment_id": experiment_id, "start_time": now_ms()}
    _, body = call(server.port, post("runs/create", content, server.port))
    run_id: str = json.loads(body)["run"]["info"]["run_id"]
    return run_id


def end_run(server: TrackingServer, run_id: str) -> None:
    content = {"run_id": run_id, "status": "FINISHED", "end_time": now_ms()}
    call(server.port, post("runs/update", content, server.port))
