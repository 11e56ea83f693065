"""Rows: runs/search over 10,000 and 100,000 runs, to a DataFrame, and the server's memory after all that."""

import json
from typing import Any

from benchmarks.bench import Bench, alone
from benchmarks.loads import Connection, ask, post
from benchmarks.products import Product
from benchmarks.seed import seed

RUNS, MANY_RUNS = 10_000, 100_000
QUERIES: dict[str, dict[str, Any]] = {
    "search_100": {"max_results": 100},
    "search_1000": {"max_results": 1000},
    "search_filtered": {"max_results": 100, "filter": "metrics.m0 > 0.5 and params.p0 = '3'"},
    "search_ordered": {"max_results": 100, "order_by": ["metrics.m0 DESC"]},
}
WARMING, SAMPLES = 2, 3


class Searches:
    """The seeded experiments of both products, and the queries on them."""

    def __init__(self, bench: Bench, runs: int, suffix: str = "") -> None:
        self.bench, self.suffix = bench, suffix
        self.experiments: dict[str, str] = {}
        for product in bench.products:
            with alone(product, bench.products):
                self.experiments[product.name] = seed(product.server(), product.published, runs)

    def sample(self, product: Product, row: str) -> None:
        """Milliseconds from a request's first byte to the answer's last; the first of each connection only warm."""
        port = product.server().port
        content = {"experiment_ids": [self.experiments[product.name]], **QUERIES[row]}
        answers = ask(Connection(port), [post("runs/search", content, port)] * (WARMING + SAMPLES))
        for seconds, body in answers[WARMING:]:
            if len(json.loads(body)["runs"]) != content["max_results"]:
                raise RuntimeError(f"{row} found {len(json.loads(body)['runs'])} runs")
            self.bench.figures.add(row + self.suffix, product.name, 1000 * seconds)

    def measure(self) -> None:
        for row in QUERIES:
            self.bench.in_turn(lambda product, row=row: self.sample(product, row))

    def to_frame(self, product: Product) -> None:
        answer = product.run("frame", uri=product.server().url, experiment_id=self.experiments[product.name], runs=RUNS)
        self.bench.figures.add("frame_time", product.name, answer["seconds"])
        self.bench.figures.add("frame_memory", product.name, answer["memory"])


def measure(bench: Bench) -> None:
    searches = Searches(bench, RUNS)
    searches.measure()
    bench.in_turn(searches.to_frame)
    bench.in_turn(lambda product: memory(bench, product), this=1)
    if bench.full:
        Searches(bench, MANY_RUNS, "_large").measure()


def memory(bench: Bench, product: Product) -> None:
    bench.figures.add("memory_searched", product.name, product.memory(product.server()))
