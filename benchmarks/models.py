"""Rows: logging, loading and calling a small scikit-learn model through each product's own server."""

from benchmarks.bench import Bench
from benchmarks.products import Product

ROUNDS = 3


def measure(bench: Bench) -> None:
    bench.in_turn(lambda product: small_model(bench, product))


def small_model(bench: Bench, product: Product) -> None:
    answer = product.run("models", uri=product.server().url, rounds=ROUNDS, cache=str(product.folder / "kept-models"))
    for key, value in answer.items():
        bench.figures.add(key, product.name, value)
