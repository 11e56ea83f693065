"""Rows: log-batch of 1,000 metrics over HTTP, in two shapes, and whether it stalls at 64 connections."""

import random

from benchmarks.bench import Bench, create_experiment, create_run, now_ms
from benchmarks.loads import drive, post
from benchmarks.products import Product
from tests.fixtures.servers import TrackingServer

POINTS = 1_000
CONNECTIONS = 4
MANY_CONNECTIONS = 64
SECONDS = 20.0
WARMING = 8  # batches that are not timed: a process loads and compiles on its first


def batches(server: TrackingServer, run_ids: list[str], keys: int, number: int) -> list[bytes]:
    """``number`` requests of ``keys`` × (1,000 ÷ keys) new points with noisy values, spread over the runs."""
    steps, began, noise = POINTS // keys, now_ms(), random.Random(7)
    requests = []
    for batch in range(number):
        run_id, first = run_ids[batch % len(run_ids)], batch // len(run_ids) * steps
        metrics = [
            {"key": f"metric_{key}", "value": noise.random(), "timestamp": began + first + step, "step": first + step}
            for step in range(steps)
            for key in range(keys)
        ]
        requests.append(post("runs/log-batch", {"run_id": run_id, "metrics": metrics}, server.port))
    return requests


def runs(server: TrackingServer, number: int) -> list[str]:
    experiment_id = create_experiment(server, "log-batch")
    return [create_run(server, experiment_id) for _ in range(number)]


def throughput(bench: Bench, product: Product, server: TrackingServer, row: str, keys: int) -> None:
    drive(server.port, batches(server, runs(server, CONNECTIONS), keys, WARMING), CONNECTIONS, SECONDS)
    requests = batches(server, runs(server, CONNECTIONS), keys, 40 if product.published else 600)
    load = drive(server.port, requests, CONNECTIONS, SECONDS)
    refused = f"{load.refused} refused" if load.refused else ""
    bench.figures.add(row, product.name, load.rate * POINTS, refused)


def stall(bench: Bench, product: Product, server: TrackingServer) -> None:
    requests = batches(server, runs(server, MANY_CONNECTIONS), 10, 64 if product.published else 640)
    load = drive(server.port, requests, MANY_CONNECTIONS, SECONDS)
    refused = f"{load.refused} refused" if load.refused else ""
    bench.figures.add("batch_stall", product.name, load.silence, refused)


def measure(bench: Bench) -> None:
    bench.in_turn(lambda product: throughput(bench, product, product.server(), "batch_narrow", 10))
    bench.in_turn(lambda product: throughput(bench, product, product.server(), "batch_wide", 1_000))
    bench.in_turn(lambda product: stall(bench, product, product.server()), this=1)
    for product in bench.products:
        product.restart()
