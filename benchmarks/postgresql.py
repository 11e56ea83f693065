"""The rows that a database decides, on a throwaway PostgreSQL with fsync on."""

import tempfile
from pathlib import Path

from benchmarks import concurrency, log_batch
from benchmarks.bench import Bench
from benchmarks.figures import Figures
from benchmarks.products import Product, find_products
from benchmarks.rows import PUBLISHED
from tests.fixtures import postgresql
from tests.fixtures.postgresql import PostgreSQLServer
from tests.fixtures.servers import TrackingServer

DURABLE = ("fsync=on", "synchronous_commit=on", "shared_buffers=256MB", "max_wal_size=2GB")


def measure(folder: Path, wanted: set[str]) -> Figures:
    """Measure log-batch, single metrics and create-run of both products against one PostgreSQL server."""
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="mlflow-bench-pg-", ignore_cleanup_errors=True) as name:
        database = postgresql.start(Path(name), DURABLE)
        products = find_products(folder / "postgresql", wanted)
        try:
            servers = {product.name: serve(product, database) for product in products}
            measure_with(Bench(products, figures, full=True), servers)
        finally:
            for product in products:
                product.close()
            postgresql.stop(database)
    return figures


def serve(product: Product, database: PostgreSQLServer) -> TrackingServer:
    database.execute(f"CREATE DATABASE bench_{product.name}")
    uri = database.uri(f"bench_{product.name}")
    # Without a driver in the address the published package takes psycopg2, this project psycopg 3.
    return product.new_server(
        "main", uri.replace("postgresql:", "postgresql+psycopg2:") if product.name == PUBLISHED else uri
    )


def measure_with(bench: Bench, servers: dict[str, TrackingServer]) -> None:
    for row, keys in (("batch_narrow", 10), ("batch_wide", 1_000)):
        bench.in_turn(lambda p, row=row, keys=keys: log_batch.throughput(bench, p, servers[p.name], row, keys))
    bench.in_turn(lambda product: log_batch.stall(bench, product, servers[product.name]), this=1)
    bench.in_turn(lambda product: concurrency.single_metric(bench, product, servers[product.name]))
    bench.in_turn(lambda product: concurrency.create(bench, product, servers[product.name]))
