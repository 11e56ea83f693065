"""Rows: a server's start on a new database, and the memory of all its processes when idle."""

import time
from itertools import count

from benchmarks.bench import Bench
from benchmarks.figures import Figures
from benchmarks.products import Product
from tests.fixtures.servers import TrackingServer

SETTLE_SECONDS = 3
NUMBERS = count()


def start(product: Product, figures: Figures, label: str) -> TrackingServer:
    began = time.perf_counter()
    server = product.new_server(label)
    figures.add("server_start", product.name, time.perf_counter() - began)
    return server


def idle_memory(product: Product, figures: Figures) -> None:
    """Start the server that the other rows use, which gives one more sample of a start."""
    server = product.server() if product.serves else start(product, figures, "main")
    time.sleep(SETTLE_SECONDS)
    figures.add("memory_idle", product.name, product.memory(server))


def measure(bench: Bench) -> None:
    bench.in_turn(lambda product: start(product, bench.figures, f"start-{next(NUMBERS)}").stop(), this=4)
    bench.in_turn(lambda product: idle_memory(product, bench.figures), this=1)
