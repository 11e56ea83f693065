"""What happens while runs go on: how late a metric is on screen, and what a page of a hundred of them comes to need."""

import random
import time
from typing import Any

from benchmarks.bench import Bench, alone, create_experiment, create_run, now_ms
from benchmarks.loads import Connection, ask, post
from benchmarks.products import Product
from benchmarks.ui.browser import address, opened, table, tried
from tests.fixtures.servers import TrackingServer

SAMPLES = {False: 8, True: 1}  # the published page asks every half minute
RUNS = 100
LONG = 600  # seconds, after which the goal counts
MINUTE = 60_000  # milliseconds
MEBIBYTE = 1024 * 1024


def measure(bench: Bench, browser: Any) -> None:
    bench.in_turn(lambda product: visible(bench, browser, product), this=1)
    for product in bench.products:
        if not product.published:
            with alone(product, bench.products):
                heap(bench, browser, product, bench.live_seconds)


def log(server: TrackingServer, runs: list[str], step: int, value: float) -> None:
    """A point of each run, one request after another."""
    requests = [
        post(
            "runs/log-metric",
            {"run_id": run, "key": "loss", "value": value, "step": step, "timestamp": now_ms()},
            server.port,
        )
        for run in runs
    ]
    ask(Connection(server.port), requests)


def visible(bench: Bench, browser: Any, product: Product) -> None:
    """From a metric's logging until the table shows it; at times that have nothing to do with the page's own."""
    server, chance = product.server(), random.Random(7)
    experiment = create_experiment(server, "live")
    run = create_run(server, experiment)
    log(server, [run], 0, 0.5)
    with tried(bench, product, "ui_live"), opened(browser) as (page, _, _, _):
        if product.published:  # its table has no such column at first, its page of the run has
            page.set_default_timeout(MINUTE)
            page.goto(address(product, f"/experiments/{experiment}/runs/{run}"))
        else:
            page.goto(table(product, experiment, "c=~metrics.loss"))
        page.get_by_text("0.5", exact=True).first.wait_for()
        page.wait_for_timeout(3000)
        for step in range(1, SAMPLES[product.published] + 1):
            page.wait_for_timeout(1000 + 2000 * chance.random())
            value = round(0.5 + step / 1000, 3)
            began = time.perf_counter()
            log(server, [run], step, value)
            page.get_by_text(str(value), exact=True).first.wait_for()
            bench.figures.add("ui_live", product.name, time.perf_counter() - began)


def heap(bench: Bench, browser: Any, product: Product, seconds: int) -> None:
    """A point a second of each of a hundred runs, all in one chart beside their table."""
    server = product.server()
    experiment = create_experiment(server, "a hundred live")
    runs = [create_run(server, experiment) for _ in range(RUNS)]
    log(server, runs, 0, 0.5)
    with opened(browser) as (page, devtools, _, _):
        page.goto(address(product, f"/experiments/{experiment}?m=split&r=top:{RUNS}"))
        page.get_by_role("img", name=f"of {RUNS} runs").or_(page.get_by_role("row")).first.wait_for()
        began, early = time.perf_counter(), 0.0
        for step in range(1, seconds + 1):
            log(server, runs, step, 1 / step)
            page.wait_for_timeout(max(0.0, 1000 * (began + step - time.perf_counter())))
            if step == max(seconds // 4, 1):
                early = used(devtools)
        late = used(devtools)
    bench.figures.add("ui_heap", product.name, late, "" if seconds >= LONG else f"after {seconds} s")
    bench.figures.add("ui_heap_growth", product.name, late - early)


def used(devtools: Any) -> float:
    """MiB that scripts hold on to."""
    devtools.send("HeapProfiler.collectGarbage")
    size: float = devtools.send("Runtime.getHeapUsage")["usedSize"]
    return size / MEBIBYTE
