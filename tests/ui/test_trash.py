"""The trash over all experiments."""

import re
from typing import Any

import pytest

from tests.ui.conftest import NewPage
from tests.ui.rest import Rest

pytestmark = pytest.mark.browser


def choose(page: Any, *names: str) -> None:
    for name in names:
        page.get_by_role("checkbox", name=name).check()


def test_runs_and_experiments_are_found_in_the_trash_and_brought_back(new_page: NewPage, rest: Rest) -> None:
    first, second, gone = (rest.experiment(name) for name in ("bin one", "bin two", "bin gone"))
    thrown = [rest.run(first, "thrown-1"), rest.run(second, "thrown-2"), rest.run(second, "thrown-3")]
    rest.run(gone, "thrown-with-its-experiment")
    rest.post("/api/ext/v1/runs/delete", run_ids=thrown)
    rest.post("/api/2.0/mlflow/experiments/delete", experiment_id=gone)

    page = new_page("/trash?q=thrown")
    page.get_by_text("3 runs", exact=True).wait_for()
    page.get_by_text("mlflow gc").wait_for()
    assert page.get_by_text(re.compile("^deleted .*(now|ago)$")).count() == 3
    choose(page, "thrown-1 bin one", "thrown-3 bin two")
    page.get_by_role("button", name="Restore 2 runs").click()
    page.get_by_text("2 runs restored.").wait_for()
    page.get_by_text("1 run", exact=True).wait_for()

    page.get_by_text("Experiments", exact=True).click()
    page.get_by_role("searchbox", name="Search the trash").fill("bin")
    choose(page, "bin gone")
    page.get_by_role("button", name="Restore 1 experiment").click()
    page.get_by_text("1 experiment restored, with all runs.").wait_for()
    page.get_by_role("heading", name="No deleted experiment has that in its name").wait_for()
    assert rest.post("/api/ext/v1/runs/count", experiment_ids=[first, second, gone])["count"] == 3


def test_a_link_to_a_deleted_run_tells_since_when_and_brings_it_back(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("linked"), "thrown away")
    rest.post("/api/2.0/mlflow/runs/delete", run_id=run)
    page = new_page(f"/runs/{run}")
    page.get_by_text("In the trash since 2").wait_for()
    assert page.get_by_role("button", name="Rename the run").count() == 0
    page.get_by_role("button", name="Restore").click()
    page.get_by_text("In the trash").wait_for(state="detached")
    page.get_by_role("button", name="Rename the run").wait_for()
