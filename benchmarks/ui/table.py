"""The table of runs: until it is there, on a slow network too, filtered, ordered, scrolled, reached in the middle."""

import json
import time
from typing import Any, NamedTuple

from benchmarks.bench import Bench, alone
from benchmarks.loads import call, post
from benchmarks.products import Product
from benchmarks.seed import seed
from benchmarks.ui.browser import AXE, SCROLL, opened, slow_down, table, took, tried, watch

SIZES, LARGE = (200, 10_000), 100_000
WIDE = [f"metrics.m{key}" for key in range(20)] + [f"params.p{key}" for key in range(10)]
FILTER, ORDER = "metrics.m0 > 0.5 and params.p0 = '3'", "metrics.m0 DESC"
FIRST_ROW = {
    True: "document.querySelector('.ag-center-cols-container, .ag-pinned-left-cols-container')"
    "?.parentElement.querySelector('[row-index=\"0\"]')?.textContent.includes({name!r})",
    False: "document.querySelector('[role=row][aria-rowindex=\"2\"]')?.textContent.includes({name!r})",
}
JUMP = """part => {
  const grid = document.querySelector("[role=grid]");
  dispatchEvent(new Event("jump"));
  grid.scrollTop = part * (grid.scrollHeight - grid.clientHeight);
}"""

Experiments = dict[int, dict[str, str]]


class Table(NamedTuple):
    """An experiment of so many runs in one product."""

    bench: Bench
    product: Product
    experiment: str
    size: int

    def add(self, what: str, value: float) -> None:
        self.bench.figures.add(f"ui_{what}_{self.size}", self.product.name, value)

    def first(self, **search: Any) -> str:
        """The name of the run that a search answers first."""
        content = {"experiment_ids": [self.experiment], "max_results": 1, **search}
        server = self.product.server()
        _, body = call(server.port, post("runs/search", content, server.port))
        name: str = json.loads(body)["runs"][0]["info"]["run_name"]
        return name

    def is_first(self, name: str) -> str:
        """The expression that is true in a page whose table begins with that run."""
        return FIRST_ROW[self.product.published].format(name=name)


def measure(bench: Bench, browser: Any) -> Experiments:
    """Measure all sizes; the experiments by their size and product."""
    experiments: Experiments = {}
    for size in (*SIZES, LARGE) if bench.full else SIZES:
        seeded = experiments[size] = {}
        measured = bench._replace(products=[one for one in bench.products if size != LARGE or not one.published])
        for product in measured.products:
            with alone(product, bench.products):
                seeded[product.name] = seed(product.server(), product.published, size)

        def shown(product: Product, size: int = size, seeded: dict[str, str] = seeded) -> Table:
            return Table(bench, product, seeded[product.name], size)

        measured.in_turn(lambda product, shown=shown: rows(browser, shown(product)))
        if size != SIZES[0]:
            measured.in_turn(lambda product, shown=shown: rows_from_afar(browser, shown(product)))
            measured.in_turn(lambda product, shown=shown: filtered_and_ordered(browser, shown(product)))
            ours = measured._replace(products=[one for one in measured.products if not one.published])
            ours.in_turn(lambda product, shown=shown: scrolled(browser, shown(product)))
    return experiments


def rows(browser: Any, shown: Table) -> None:
    """Open the table until its latest run is on screen, then scroll, then let axe look."""
    figures, product = shown.bench.figures, shown.product
    with opened(browser) as (page, _, asked, sizes):
        began = time.perf_counter()
        page.goto(table(product, shown.experiment), wait_until="commit")
        page.get_by_text(f"run-{shown.size - 1}", exact=True).first.wait_for()
        shown.add("rows", time.perf_counter() - began)
        page.wait_for_timeout(1000)  # what is asked for besides
        shown.add("requests", len([url for url in asked if url.startswith("http")]))
        shown.add("bytes", sum(sizes) / 1024)
        if shown.size == SIZES[-1]:
            figures.add("ui_scroll", product.name, page.evaluate(SCROLL, 2000))
            page.evaluate(AXE.read_text())
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            figures.add("ui_axe", product.name, len(found["violations"]))


def rows_from_afar(browser: Any, shown: Table) -> None:
    """The same with an empty cache over 10 Mbit/s and 40 ms, on a processor four times slower."""
    with tried(shown.bench, shown.product, f"ui_afar_{shown.size}"), opened(browser) as (page, devtools, _, _):
        slow_down(devtools, megabits=10, latency=40, times=4)
        began = time.perf_counter()
        page.goto(table(shown.product, shown.experiment), wait_until="commit")
        page.get_by_text(f"run-{shown.size - 1}", exact=True).first.wait_for()
        shown.add("afar", time.perf_counter() - began)


def filtered_and_ordered(browser: Any, shown: Table) -> None:
    """From the key that applies a filter, and the press that orders, until the run that is then first stands first."""
    with tried(shown.bench, shown.product, f"ui_filter_{shown.size}"), opened(browser) as (page, _, _, _):
        page.goto(table(shown.product, shown.experiment))
        page.get_by_text(f"run-{shown.size - 1}", exact=True).first.wait_for()
        page.wait_for_timeout(1000)
        box = page.get_by_placeholder("metrics.rmse" if shown.product.published else "Name contains").first
        box.fill(FILTER)
        watch(page, "keydown", shown.is_first(shown.first(filter=FILTER)))
        box.press("Enter")
        shown.add("filter", took(page)[0])
        if shown.product.published:
            return
        page.goto(table(shown.product, shown.experiment, "c=~metrics.m0"))
        page.get_by_role("columnheader").get_by_role("button", name="m0").click()
        item = page.get_by_role("menuitem", name="Largest first")
        item.wait_for()
        watch(page, "click", shown.is_first(shown.first(order_by=[ORDER])))
        item.click()
        shown.add("order", took(page)[0])


def scrolled(browser: Any, shown: Table) -> None:
    """Thirty columns: frames of a second's scrolling, elements on the way, and a jump into the middle."""
    with opened(browser) as (page, _, _, _):
        page.goto(table(shown.product, shown.experiment, f"c=~{','.join(WIDE)}"))
        page.get_by_text(f"run-{shown.size - 1}", exact=True).first.wait_for()
        page.wait_for_timeout(500)
        middle = f"run-{shown.size // 2 - 1}"
        there = f"[...document.querySelectorAll('[role=row] a')].some(link => link.textContent === '{middle}')"
        watch(page, "jump", there)
        page.evaluate(JUMP, 0.5)
        shown.add("jump", took(page)[0])
        shown.add("scroll_wide", page.evaluate(SCROLL, 3000))
        shown.add("elements", page.evaluate("document.querySelectorAll('*').length"))
