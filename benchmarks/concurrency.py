"""Rows: single log-metric and create-run requests a second from 32 connections."""

from benchmarks.bench import Bench, create_experiment, create_run, now_ms
from benchmarks.loads import drive, post
from benchmarks.products import Product
from tests.fixtures.servers import TrackingServer

CONNECTIONS = 32
SECONDS = 6.0


def single_metric(bench: Bench, product: Product, server: TrackingServer) -> None:
    experiment_id = create_experiment(server, "log-metric")
    run_ids = [create_run(server, experiment_id) for _ in range(CONNECTIONS)]
    began = now_ms()
    requests = [
        post(
            "runs/log-metric",
            {
                "run_id": run_ids[n % CONNECTIONS],
                "key": "loss",
                "value": 1 / (n + 1),
                "timestamp": began + n,
                "step": n,
            },
            server.port,
        )
        for n in range(2_000 if product.published else 24_000)
    ]
    drive(server.port, requests[:CONNECTIONS], CONNECTIONS, SECONDS)  # warms every connection's worker, untimed
    load = drive(server.port, requests[CONNECTIONS:], CONNECTIONS, SECONDS)
    bench.figures.add("single_metric", product.name, load.rate, f"{load.refused} refused" if load.refused else "")


def create(bench: Bench, product: Product, server: TrackingServer) -> None:
    experiment_id = create_experiment(server, "create-run")
    content = {"experiment_id": experiment_id, "start_time": now_ms(), "tags": [{"key": "kind", "value": "bench"}]}
    requests = [post("runs/create", content, server.port)] * (2_000 if product.published else 9_000)
    drive(server.port, requests[:CONNECTIONS], CONNECTIONS, SECONDS)
    load = drive(server.port, requests, CONNECTIONS, SECONDS)
    bench.figures.add("create_run", product.name, load.rate, f"{load.refused} refused" if load.refused else "")


def measure(bench: Bench) -> None:
    bench.in_turn(lambda product: single_metric(bench, product, product.server()))
    bench.in_turn(lambda product: create(bench, product, product.server()))
