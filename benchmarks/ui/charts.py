"""Charts: a hundred lines, their data and drawing, moving over them and magnifying; many panels at once."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from benchmarks.bench import Bench, alone
from benchmarks.products import Product
from benchmarks.seed import Charted, seed_series
from benchmarks.ui.browser import FRAMES, PATIENCE, address, drawn, opened, took, tried, watch

RUNS = 100
POINTS = (1_000, 10_000)  # of each run
PANELS, PANEL_RUNS, PANEL_POINTS = 12, 20, 500
TALL = {"width": 1920, "height": 1200}  # all twelve are in view
QUIET = 3.0  # seconds without an answer after which a chart has all; charts ask piece by piece
NARROWED = "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('metrics/sample')).length >= 2"
SAMPLE = "metrics/sample"
HISTORY = (SAMPLE, "get-history-bulk", "get-history-bulk-interval")
CANVASES = "document.querySelectorAll('[aria-label=Charts] [role=img] canvas').length"  # two a chart
now = time.perf_counter


def measure(bench: Bench, browser: Any) -> None:
    for points in POINTS:
        charted: dict[str, Charted] = {}
        for product in bench.products:
            with alone(product, bench.products):
                charted[product.name] = seed_series(product.server(), product.published, RUNS, points, ["loss"])
        bench.in_turn(lambda product, points=points, charted=charted: data(bench, browser, product, charted, points))
    for product in bench.products:
        if not product.published:
            with alone(product, bench.products):
                draw(bench, browser, product, charted[product.name])
                panels(bench, browser, product)


def shown(charted: Charted, mode: str = "charts") -> str:
    """The screen with the charts of all those runs."""
    return f"/experiments/{charted.experiment}?m={mode}&r=~{','.join(charted.runs)}"


def data(bench: Bench, browser: Any, product: Product, charted: dict[str, Charted], points: int) -> None:
    """From the first question for points of a hundred runs until the last answer."""
    one = charted[product.name]
    with tried(bench, product, f"ui_charts_{points}"), opened(browser) as (page, _, _, _):
        if product.published:
            query = urlencode({"compareRunsMode": "CHART"})
            first = address(product, f"/experiments/{one.experiment}/runs?{query}")
            time_history(page, product, lambda: page.goto(first, wait_until="commit"))
            taken = time_history(page, product, lambda: show_all_runs(page))
        else:
            there = address(product, shown(one))
            taken = time_history(page, product, lambda: page.goto(there, wait_until="commit"))
        bench.figures.add(f"ui_charts_{points}", product.name, taken)


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


def draw(bench: Bench, browser: Any, product: Product, charted: Charted) -> None:
    """From the answer until the lines are on screen; frames while the pointer moves over them, and drags a range."""
    for _ in range(3):
        with opened(browser) as (page, _, _, _):
            page.goto(address(product, f"/experiments/{charted.experiment}?m=table"))
            page.get_by_text(f"run-{RUNS - 1}", exact=True).wait_for()
            page.wait_for_timeout(500)
            bench.figures.add("ui_draw", product.name, drawn(page, shown(charted), SAMPLE, f"{CANVASES} >= 2"))
            chart = page.get_by_role("img", name=f"loss, {RUNS} of {RUNS} runs")
            chart.wait_for()
            page.wait_for_timeout(500)
            bench.figures.add("ui_hover", product.name, frames_while(page, lambda chart=chart: move(page, chart)))
            move(page, chart, steps=1)
            page.mouse.down()
            bench.figures.add("ui_zoom", product.name, frames_while(page, lambda chart=chart: move(page, chart)))
            watch(page, "mouseup", NARROWED)
            page.mouse.up()
            bench.figures.add("ui_zoomed", product.name, took(page)[0])


def frames_while(page: Any, act: Callable[[], None]) -> float:
    page.evaluate(FRAMES)
    act()
    rate: float = page.evaluate("window.rate()")
    return round(rate)


def move(page: Any, chart: Any, steps: int = 60) -> None:
    """Go along the middle half of a chart."""
    box = chart.bounding_box()
    for step in range(steps):
        page.mouse.move(box["x"] + box["width"] * (0.25 + 0.5 * step / steps), box["y"] + box["height"] / 2)


def panels(bench: Bench, browser: Any, product: Product) -> None:
    """From the last answer until twelve panels of twenty lines are on screen."""
    keys = [f"metric-{number}" for number in range(PANELS)]
    charted = seed_series(product.server(), False, PANEL_RUNS, PANEL_POINTS, keys)
    for _ in range(3):
        with opened(browser, TALL) as (page, _, _, _):
            page.goto(address(product, f"/experiments/{charted.experiment}?m=table"))
            page.get_by_text(f"run-{PANEL_RUNS - 1}", exact=True).wait_for()
            page.wait_for_timeout(500)
            bench.figures.add(
                "ui_panels", product.name, drawn(page, shown(charted), SAMPLE, f"{CANVASES} >= {2 * PANELS}")
            )
