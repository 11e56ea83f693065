"""Who goes away and comes back finds things as they were left, or as they are by now."""

from typing import Any

import pytest

from tests.ui.calm import listens, settle
from tests.ui.conftest import NewPage
from tests.ui.rest import Rest, now
from tests.ui.samples import Samples

pytestmark = pytest.mark.browser

LOW = {"width": 1440, "height": 360}
AT = "element => element.scrollTop"


def scrolled(page: Any, element: Any, to: int) -> None:
    element.evaluate("(element, top) => element.scrollTo(0, top)", to)
    settle(page)


def test_tables_and_charts_are_found_where_they_were_scrolled_to(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table", size=LOW)
    grid = page.get_by_role("grid", name="Runs")
    page.get_by_role("link", name="run-02", exact=True).wait_for()
    scrolled(page, grid, 96)
    page.get_by_role("link", name="run-05", exact=True).click()
    page.get_by_role("link", name="Charts").click()
    charts = page.get_by_role("region", name="Charts")
    page.get_by_role("region", name="val/loss").wait_for()
    scrolled(page, charts, 120)
    page.get_by_role("link", name="System").click()
    page.get_by_text("No system metrics").wait_for()
    page.go_back()
    page.get_by_role("region", name="val/loss").wait_for()
    settle(page)
    assert charts.evaluate(AT) == 120
    for comes in (lambda: (page.go_back(), page.go_back()), page.reload):
        comes()
        page.get_by_role("link", name="run-05", exact=True).wait_for()
        settle(page)
        assert grid.evaluate(AT) == 96
    page.get_by_role("link", name="Sweep").click()
    page.get_by_role("link", name="Runs", exact=True).click()  # no way back but a new one
    page.get_by_role("link", name="run-00", exact=True).wait_for()
    settle(page)
    assert grid.evaluate(AT) == 0


def test_an_experiment_that_others_delete_is_said_to_be_in_the_trash(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("of others")
    rest.log(rest.run(experiment, "one", start=now()), loss=[1.0])
    page = new_page(f"/experiments/{experiment}?m=table")
    page.get_by_text("Live · 1 running").wait_for()
    listens(page)
    rest.post("/api/2.0/mlflow/experiments/delete", experiment_id=experiment)
    page.get_by_role("heading", name="This experiment is in the trash").wait_for()
    page.get_by_role("button", name="Restore").wait_for()
    page.get_by_text("Live · 1 running").wait_for(state="detached")
    page.get_by_role("button", name="Show its runs").click()
    page.get_by_role("link", name="one", exact=True).wait_for()
