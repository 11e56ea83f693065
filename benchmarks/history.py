"""Rows: a history of 1,000,000 points to the client, and a chart of 320 of them."""

import random

from benchmarks.bench import Bench, create_experiment, create_run, end_run, now_ms
from benchmarks.loads import call, drive, post, request
from benchmarks.products import Product
from benchmarks.seed import seed_history_by_sql
from tests.fixtures.servers import TrackingServer

POINTS, PUBLISHED_POINTS = 1_000_000, 50_000
CHART_POINTS = 320


def walk(points: int) -> list[float]:
    noise, value, values = random.Random(7), 0.0, []
    for _ in range(points):
        value += noise.gauss(0, 1)
        values.append(value)
    return values


def log_history(server: TrackingServer, run_id: str, values: list[float]) -> None:
    """Log one series ``loss`` in batches of 1,000 and end the run."""
    began, requests = now_ms(), []
    for first in range(0, len(values), 1_000):
        piece = enumerate(values[first : first + 1_000], first)
        metrics = [
            {"key": "loss", "value": value, "timestamp": began + 50 * step, "step": step} for step, value in piece
        ]
        requests.append(post("runs/log-batch", {"run_id": run_id, "metrics": metrics}, server.port))
    load = drive(server.port, requests, 1, 120.0)
    if load.answered != len(requests):
        raise RuntimeError(f"{load.refused} of {len(requests)} batches were refused")
    end_run(server, run_id)


def seed_series(product: Product, points: int) -> str:
    """A new run with ``points`` points; its id."""
    server = product.server()
    run_id = create_run(server, create_experiment(server, "history"))
    if product.published:
        seed_history_by_sql(server, run_id, "loss", walk(points))
    else:
        log_history(server, run_id, walk(points))
    return run_id


def chart(bench: Bench, product: Product, run_id: str) -> None:
    server = product.server()
    query = f"run_ids={run_id}&metric_key=loss&max_results={CHART_POINTS}"
    path = f"/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?{query}"
    took, _ = call(server.port, request("GET", path, port=server.port))
    bench.figures.add("chart", product.name, 1000 * took)


def history(bench: Bench, product: Product, run_id: str, points: int) -> None:
    answer = product.run("history", uri=product.server().url, run_id=run_id, points=points, timeout=900)
    note = "" if points == POINTS else f"scaled × {POINTS / points:.0f}"
    bench.figures.add("history", product.name, answer * POINTS / points, note)


def measure(bench: Bench) -> None:
    charted = {product.name: seed_series(product, POINTS) for product in bench.products}
    bench.in_turn(lambda product: chart(bench, product, charted[product.name]), this=9, published=3)
    points = {p.name: PUBLISHED_POINTS if p.published and not bench.full else POINTS for p in bench.products}
    read = dict(charted)
    for product in bench.products:
        if points[product.name] != POINTS:
            read[product.name] = seed_series(product, points[product.name])
    bench.in_turn(lambda product: history(bench, product, read[product.name], points[product.name]))
