"""Rows: a server's start on a new database, and the memory of all its processes when idle."""

import time
from itertools import count

from benchmarks.bench import Bench
from benchmarks.products import Product
from benchmarks.rows import Figures

SETTLE_SECONDS = 3
LABELS = count()


def start(product: Product, figures: Figures) -> None:
    began = time.perf_counter()
    server = product.new_server(f"start-{next(LABELS)}")
    figures.add("server_start", product.name, time.perf_counter() - began)
    server.stop()


def idle_memory(product: Product, figures: Figures) -> None:
    server = product.server()
    time.sleep(SETTLE_SECONDS)
    figures.add("memory_idle", product.name, product.memory(server))


def measure(bench: Bench) -> None:
    bench.in_turn(lambda product: start(product, bench.figures), this=5, published=2)
    bench.in_turn(lambda product: idle_memory(product, bench.figures), this=1)
