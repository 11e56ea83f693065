"""Rows: the web UI in headless Chromium: requests, bytes and time until the runs are there, scrolling, charts, axe."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from benchmarks.bench import Bench, alone, create_experiment, create_run
from benchmarks.history import log_history
from benchmarks.products import Product
from benchmarks.seed import seed, seed_bare_runs_by_sql, seed_history_by_sql

SIZES, LARGE = (200, 10_000), 100_000
CHARTED, POINTS = 100, 1_000  # runs, and points of each
AXE = Path(__file__).parent.parent / "ui" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE = 180_000  # milliseconds
QUIET = 3.0  # seconds without an answer after which a chart has all; charts ask piece by piece
HISTORY = ("metrics/sample", "get-history-bulk", "get-history-bulk-interval")
SCROLL = """async milliseconds => {
  const boxes = [...document.querySelectorAll('*')].filter(box => box.scrollHeight > box.clientHeight + 100
    && /auto|scroll/.test(getComputedStyle(box).overflowY));
  const box = boxes.sort((a, b) => b.scrollHeight - a.scrollHeight)[0];
  const began = performance.now();
  let frames = 0;
  let step = 60;
  while (performance.now() - began < milliseconds) {
    const before = box.scrollTop;
    box.scrollTop += step;
    if (box.scrollTop === before) step = -step;
    await new Promise(requestAnimationFrame);
    frames += 1;
  }
  return frames * 1000 / (performance.now() - began);
}"""


def measure(bench: Bench) -> None:
    with chromium() as browser:
        for size in (*SIZES, LARGE) if bench.full else SIZES:
            measured = [product for product in bench.products if size != LARGE or not product.published]
            measure_size(bench._replace(products=measured), browser, size)
        charted = {product.name: seed_charts(bench, product) for product in bench.products}
        bench.in_turn(lambda product: charts(bench, browser, product, charted[product.name]))


def measure_size(bench: Bench, browser: Any, size: int) -> None:
    experiments = {}
    for product in bench.products:
        with alone(product, bench.products):
            experiments[product.name] = seed(product.server(), product.published, size)
    bench.in_turn(lambda product: rows(bench, browser, product, size, experiments))


@contextmanager
def chromium() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed")
    path = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
    if path is None or not AXE.is_file():
        pytest.skip("there is no chromium on PATH, or the web UI is not built; make ui")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def table(product: Product, experiment: str) -> str:
    """The address of an experiment's table of runs."""
    path = f"#/experiments/{experiment}"
    return f"{product.server().url}/{path}/runs" if product.published else f"{product.server().url}/{path}?m=table"


@contextmanager
def opened(browser: Any) -> Iterator[tuple[Any, list[str], list[int]]]:
    """A page with an empty cache, the addresses it asks for, and the bytes it is sent."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    asked: list[str] = []
    sizes: list[int] = []
    devtools.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    devtools.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    yield page, asked, sizes
    context.close()


def rows(bench: Bench, browser: Any, product: Product, size: int, experiments: dict[str, str]) -> None:
    """Open the table until its latest run is on screen, then scroll, then let axe look."""

    def add(what: str, value: float) -> None:
        bench.figures.add(f"ui_{what}_{size}", product.name, value)

    with opened(browser) as (page, asked, sizes):
        began = time.perf_counter()
        page.goto(table(product, experiments[product.name]), wait_until="commit")
        page.get_by_text(f"run-{size - 1}", exact=True).first.wait_for()
        add("rows", time.perf_counter() - began)
        page.wait_for_timeout(1000)  # what is asked for besides
        add("requests", len([url for url in asked if url.startswith("http")]))
        add("bytes", sum(sizes) / 1024)
        if size == SIZES[-1]:
            bench.figures.add("ui_scroll", product.name, page.evaluate(SCROLL, 2000))
            page.evaluate(AXE.read_text())
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            bench.figures.add("ui_axe", product.name, len(found["violations"]))


def seed_charts(bench: Bench, product: Product) -> tuple[str, list[str]]:
    """An experiment with runs that have one long metric."""
    with alone(product, bench.products):
        server = product.server()
        experiment = create_experiment(server, "charts")
        if product.published:
            runs = seed_bare_runs_by_sql(server, experiment, CHARTED)
        else:
            runs = [create_run(server, experiment) for _ in range(CHARTED)]
        for number, run in enumerate(runs):
            values = [1 / (step + 1) + number / CHARTED for step in range(POINTS)]
            if product.published:
                seed_history_by_sql(server, run, "loss", values)
            else:
                log_history(server, run, values)
        return experiment, runs


def charts(bench: Bench, browser: Any, product: Product, charted: tuple[str, list[str]]) -> None:
    """From the first question for points of a hundred runs until the last answer."""
    experiment, runs = charted
    with opened(browser) as (page, _, _):
        if product.published:
            query = urlencode({"compareRunsMode": "CHART"})
            page.goto(f"{product.server().url}/#/experiments/{experiment}/runs?{query}", wait_until="commit")
            first = f"{product.server().url}/#/experiments/{experiment}/runs?{query}"
            time_history(page, product, lambda: page.goto(first, wait_until="commit"))
            taken = time_history(page, product, lambda: show_all_runs(page))
        else:
            address = f"{product.server().url}/#/experiments/{experiment}?m=charts&r=~{','.join(runs)}"
            taken = time_history(page, product, lambda: page.goto(address, wait_until="commit"))
        bench.figures.add("ui_charts", product.name, taken)


def time_history(page: Any, product: Product, act: Callable[[], object]) -> float:
    """Seconds from the first question for points that a page asks after `act`, until no more answers come."""
    asked: list[float] = []
    answered: list[float] = []
    page.on("request", lambda request: is_history(request) and asked.append(now()))
    page.on("requestfinished", lambda request: is_history(request) and answered.append(now()))
    began = now()
    act()
    while not answered or len(answered) < len(asked) or now() - answered[-1] < QUIET:
        page.wait_for_timeout(200)
        if now() - began > PATIENCE / 1000:
            raise RuntimeError(f"{product.name} had {len(answered)} answers to {len(asked)} questions for points")
    return answered[-1] - asked[0]


def is_history(request: Any) -> bool:
    return str(request.url).split("?")[0].endswith(HISTORY)


def show_all_runs(page: Any) -> None:
    """In the published page: it draws the first ten until told otherwise."""
    page.get_by_role("button", name="Toggle visibility of runs").click()
    page.get_by_role("menuitemradio", name="Show all runs").click()


now = time.perf_counter
