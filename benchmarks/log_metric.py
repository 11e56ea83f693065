"""Rows: the fluent `log_metric` and the loop of `log_metrics`, through a server."""

from benchmarks.bench import Bench
from benchmarks.products import Product

STEPS = 10_000
PUBLISHED_CALLS, PUBLISHED_STEPS, PUBLISHED_ASYNC_STEPS = 150, 150, 500
CALLS = 20_000


def log_metric(bench: Bench, product: Product) -> None:
    calls = PUBLISHED_CALLS if product.published else CALLS
    answer = product.run("log_metric", uri=product.server().url, calls=calls)
    bench.figures.add("log_metric_median", product.name, answer["median"])
    bench.figures.add("log_metric_p99", product.name, answer["p99"])


def loop(bench: Bench, product: Product) -> None:
    steps = STEPS if bench.full or not product.published else PUBLISHED_STEPS
    answer = product.run("loop", timeout=900, uri=product.server().url, steps=steps, synchronous=None)
    for key in ("durable", "readable"):
        add_scaled(bench, product, f"loop_{key}", answer[key], steps)


def loop_async(bench: Bench, product: Product) -> None:
    steps = STEPS if bench.full or not product.published else PUBLISHED_ASYNC_STEPS
    answer = product.run("loop", timeout=900, uri=product.server().url, steps=steps, synchronous=False)
    add_scaled(bench, product, "loop_async", answer["readable"], steps)


def add_scaled(bench: Bench, product: Product, key: str, seconds: float, steps: int) -> None:
    note = "" if steps == STEPS else f"scaled × {STEPS / steps:.0f}"
    bench.figures.add(key, product.name, seconds * STEPS / steps, note)


def measure(bench: Bench) -> None:
    bench.in_turn(lambda product: log_metric(bench, product))
    bench.in_turn(lambda product: loop(bench, product))
    bench.in_turn(lambda product: loop_async(bench, product))
