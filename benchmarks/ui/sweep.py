"""Parallel axes of many runs: from their values' arrival until the lines are drawn."""

from typing import Any

from benchmarks.bench import Bench, alone
from benchmarks.products import Product
from benchmarks.seed import seed
from benchmarks.ui.browser import address, drawn, opened

FEW, MANY = 1_000, 10_000
AXES = ",".join(f"params.p{key}" for key in range(7))  # and the target


def measure(bench: Bench, browser: Any, experiments: dict[int, dict[str, str]]) -> None:
    for product in bench.products:
        if not product.published:
            with alone(product, bench.products):
                few = seed(product.server(), False, FEW)
                for size, experiment in ((FEW, few), (MANY, experiments[MANY][product.name])):
                    parallel(bench, browser, product, experiment, size)


def parallel(bench: Bench, browser: Any, product: Product, experiment: str, size: int) -> None:
    for _ in range(3):
        with opened(browser) as (page, _, _, _):
            page.goto(address(product, f"/experiments/{experiment}?m=table"))
            page.get_by_text(f"run-{size - 1}", exact=True).wait_for()
            page.wait_for_timeout(500)
            there = f"/experiments/{experiment}/sweep?ax=~{AXES}&y=metrics.m0"
            canvas = f"document.querySelector('canvas[aria-label^=\"{size} runs over\"]')"
            bench.figures.add(f"ui_parallel_{size}", product.name, drawn(page, there, "runs/matrix", canvas))
