"""Rows: the web UI in headless Chromium, against its budgets, and beside the published one where that does the same."""

from benchmarks.bench import Bench
from benchmarks.ui import charts, live, navigation, sweep, table
from benchmarks.ui.browser import chromium

__all__ = ["measure", "measure_live"]


def measure(bench: Bench) -> None:
    with chromium() as browser:
        experiments = table.measure(bench, browser)
        navigation.measure(bench, browser, experiments)
        sweep.measure(bench, browser, experiments)
        charts.measure(bench, browser)


def measure_live(bench: Bench) -> None:
    with chromium() as browser:
        live.measure(bench, browser)
