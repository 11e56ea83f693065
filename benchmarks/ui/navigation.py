"""From one screen to another, in a page that has shown each of them before: until its frame is there, and its data."""

import json
from typing import Any, NamedTuple

from benchmarks.bench import Bench, alone
from benchmarks.loads import call, post
from benchmarks.products import Product
from benchmarks.ui.browser import PATIENCE, opened, table, took, tried, watch

SIZE, SMALL = 10_000, 200  # the latter is swept; many runs have rows of their own
ROUNDS = 3
WAITING = "document.querySelector('[role=status][aria-label=Loading]')"
GO = "address => { dispatchEvent(new Event('go')); location.hash = address; }"


class Screen(NamedTuple):
    """An address; what its frame has, as an expression that may also wait for rows; what its data have."""

    address: str
    frame: str
    data: str


def screens(experiment: str, small: str, run: str, name: str, other: str) -> list[Screen]:
    """One after another; the runs are others each time, which the page has not read yet."""
    titled = "[...document.querySelectorAll('h1')].some(title => title.textContent.includes('{}'))".format
    holds = "document.body.textContent.includes('{}')".format
    axes = "document.querySelector('canvas[aria-label*=\" runs over \"]')"
    rows = "document.querySelectorAll('[role=grid] [role=row]').length > 20"
    charts = "document.querySelector('[aria-label=Charts]')"
    compared = f"{holds(name)} && {holds('Metrics 20')}"
    return [
        Screen("/experiments", titled("Experiments"), f"{titled('Experiments')} && {holds(f'{SIZE:,} runs')}"),
        Screen(f"/experiments/{experiment}?m=table", f"{rows} || {WAITING}", rows),
        Screen(f"/runs/{run}", f"{titled('Run')} || {titled(name)}", f"{titled(name)} && {holds('m19')}"),
        Screen(f"/runs/{run}/charts", f"{charts} || {WAITING}", f"{charts}?.querySelector('section')"),
        Screen(f"/experiments/{small}/sweep?ax=~params.p0,params.p1", f"{axes} || {holds('Target')}", axes),
        Screen("/models", titled("Models"), f"{titled('Models')} && {holds('No models yet')}"),
        Screen(f"/compare?r=~{run},{other}", f"{titled('Compare')} || {WAITING}", compared),
    ]


def measure(bench: Bench, browser: Any, experiments: dict[int, dict[str, str]]) -> None:
    seeded = experiments[SIZE]
    for product in bench.products:
        if not product.published:
            with alone(product, bench.products):
                through_screens(bench, browser, product, seeded[product.name], experiments[SMALL][product.name])
    bench.in_turn(lambda product: to_run(bench, browser, product, seeded[product.name]))


def through_screens(bench: Bench, browser: Any, product: Product, experiment: str, small: str) -> None:
    port = product.server().port
    asked = post("runs/search", {"experiment_ids": [experiment], "max_results": 2 * ROUNDS + 2}, port)
    runs = [run["info"] for run in json.loads(call(port, asked)[1])["runs"]]
    with opened(browser) as (page, _, _, _):
        page.goto(table(product, experiment))
        page.get_by_role("row").nth(20).wait_for()
        for turn in range(ROUNDS + 1):
            one, other = runs[2 * turn : 2 * turn + 2]
            shown = screens(experiment, small, one["run_id"], one["run_name"], other["run_id"])
            times = [visit(page, screen) for screen in shown]
            if turn:  # the first round loads what the screens are made of
                bench.figures.add("ui_skeleton", product.name, max(frame for frame, _ in times))
                bench.figures.add("ui_screen", product.name, max(data for _, data in times))


def visit(page: Any, screen: Screen) -> tuple[float, float]:
    watch(page, "go", screen.frame, screen.data)
    page.evaluate(GO, screen.address)
    frame, data = took(page)
    page.wait_for_timeout(300)
    return frame, data


def to_run(bench: Bench, browser: Any, product: Product, experiment: str) -> None:
    """From the press of a run's name in the table until its page shows what the run measured."""
    with tried(bench, product, "ui_run_page"), opened(browser) as (page, _, _, _):
        page.goto(table(product, experiment))
        for number in (SIZE - 1, SIZE - 2):  # the first loads what the page is made of
            name = page.get_by_role("link", name=f"run-{number}", exact=True).first
            name.wait_for(timeout=PATIENCE)
            page.wait_for_timeout(1000)
            there = f"location.hash.includes('/runs/') && document.body.textContent.includes('run-{number}')"
            watch(page, "click", f"{there} && document.body.textContent.includes('m19')")
            name.click()
            taken = took(page)[0]
            page.go_back()
        bench.figures.add("ui_run_page", product.name, taken)
