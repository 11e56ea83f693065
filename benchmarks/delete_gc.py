"""Row: delete 500 runs through the client, then `mlflow gc`."""

import os
import subprocess
import time

from benchmarks.bench import Bench
from benchmarks.products import Product
from benchmarks.seed import seed

RUNS, PUBLISHED_RUNS = 500, 100


def gc(product: Product) -> float:
    """Seconds of the whole command, its start included."""
    server = product.server()
    command = [*product.command, "gc", "--backend-store-uri", server.backend_store_uri, "--tracking-uri", server.url]
    command += ["--artifacts-destination", str(server.artifacts)]
    environment = {**os.environ, **product.environment, "MLFLOW_TRACKING_URI": server.url}
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=product.folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"gc under {product.name} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return time.perf_counter() - began


def delete_and_gc(bench: Bench, product: Product) -> None:
    runs = PUBLISHED_RUNS if product.published and not bench.full else RUNS
    idle = gc(product)  # what the command costs with nothing to do is not scaled
    experiment_id = seed(product.server(), product.published, runs)
    deleted = product.run("delete", uri=product.server().url, experiment_id=experiment_id, runs=runs)
    note = "" if runs == RUNS else f"scaled × {RUNS / runs:.0f}"
    worked = deleted + max(0.0, gc(product) - idle)
    bench.figures.add("delete_gc", product.name, worked * RUNS / runs + idle, note)


def measure(bench: Bench) -> None:
    bench.in_turn(lambda product: delete_and_gc(bench, product))
