"""Runs of several experiments in one table, runs that stay above the others, and runs of a time."""

from typing import Any, NamedTuple

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import NewPage
from tests.ui.rest import Rest, now
from tests.ui.test_accessibility import violations
from tests.ui.test_runs import names, row

pytestmark = pytest.mark.browser

DAY = 86_400_000


class Two(NamedTuple):
    first: str
    second: str
    runs: dict[str, str]


@pytest.fixture(scope="module")
def two(rest: Rest) -> Two:
    """The experiments `cats` and `dogs`, whose params differ only between them, and an old run."""
    first, second = rest.experiment("cats"), rest.experiment("dogs")
    runs, today = {}, now()
    for place, (experiment, name, age) in enumerate(
        [(first, "cat-0", 0), (first, "cat-1", 3 * DAY), (second, "dog-0", 0), (second, "dog-1", 0)]
    ):
        run = rest.run(experiment, name, start=today - age - place * 1000)
        rest.log(run, {"animal": name[:3]}, loss=[1.0, 0.5 / (place + 1)])
        rest.end(run)
        runs[name] = run
    return Two(first, second, runs)


def test_ticked_experiments_show_their_runs_together(new_page: NewPage, two: Two) -> None:
    page = new_page("/experiments")
    for name in ("cats", "dogs"):
        page.get_by_role("checkbox", name=f"Select {name}", exact=True).check()
    page.get_by_role("button", name="Show runs together").click()
    page.get_by_role("heading", name="Runs of 2 experiments").wait_for()
    row(page, "dog-1").wait_for()
    assert f"/runs?e=~{two.second},{two.first}" in page.url or f"/runs?e=~{two.first},{two.second}" in page.url
    assert sorted(names(page)) == ["cat-0", "cat-1", "dog-0", "dog-1"]
    row(page, "dog-1").get_by_role("link", name="dogs").wait_for()
    page.get_by_role("columnheader", name="animal").wait_for(state="attached")
    page.get_by_role("img", name="loss, 4 of 4 runs").wait_for()
    assert violations(page) == []

    page.get_by_role("button", name="Group").click()
    page.get_by_role("menuitem", name="animal").click()
    page.keyboard.press("Escape")
    page.get_by_role("region", name="Groups of runs").get_by_role("button", name="dog", exact=True).click()
    page.get_by_role("main").get_by_text("2 of 4 runs").wait_for()
    row(page, "cat-0").wait_for(state="detached")  # rows stay until the next are there
    row(page, "dog-1").wait_for()
    assert sorted(names(page)) == ["dog-0", "dog-1"]
    for name in ("dog-0", "dog-1"):
        page.get_by_role("checkbox", name=f"Select {name}").check()
    page.keyboard.press("c")
    page.get_by_role("heading", name="Compare 2 runs").wait_for()


def test_experiments_are_added_and_the_view_is_kept_and_shared(new_page: NewPage, two: Two) -> None:
    page = new_page(f"/runs?e=~{two.first}&m=table")
    row(page, "cat-1").wait_for()
    page.get_by_role("button", name="Experiments 1").click()
    page.get_by_role("dialog", name="Experiments").get_by_role("checkbox", name="dogs").check()
    row(page, "dog-0").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Views: Default").click()
    page.get_by_role("menuitem", name="Save as a new view").click()
    page.get_by_role("textbox", name="Name").fill("pets")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Views: pets", exact=True).wait_for()
    kept = page.url.split("v=")[1].split("&")[0]
    page = new_page(f"/experiments/{two.first}?v={kept}", theme="dark")
    row(page, "dog-0").wait_for()
    page.get_by_role("button", name="Views: pets", exact=True).wait_for()
    assert violations(page) == []


def test_all_runs_are_a_key_away(new_page: NewPage, two: Two) -> None:
    page = new_page("/models")
    page.get_by_role("heading", name="Models").first.wait_for()
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.get_by_role("heading", name="Runs of all experiments").wait_for()
    row(page, "dog-0").wait_for()


def test_pinned_runs_stay_above_whatever_the_filter_and_in_the_charts(new_page: NewPage, two: Two) -> None:
    page = new_page(f"/experiments/{two.second}?q=dog-0&r=~{two.runs['dog-0']}")
    row(page, "dog-0").wait_for()
    page.get_by_role("button", name="Clear the filter").click()
    row(page, "dog-1").wait_for()
    page.get_by_role("grid").focus()
    page.keyboard.press("End")
    settle(page)
    page.keyboard.press("p")
    above = page.get_by_role("rowgroup", name="Pinned runs")
    above.get_by_role("link", name="dog-1").wait_for()
    page.get_by_role("img", name="loss, 2 of 2 runs").wait_for()
    page.get_by_role("combobox", name="Filter runs").fill("dog-0")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=dog-0**")
    above.get_by_role("link", name="dog-1").wait_for()
    assert names(page) == ["dog-1", "dog-0"]
    page.reload()
    above.get_by_role("link", name="dog-1").wait_for()
    page.get_by_text("2 shown in charts").wait_for()
    above.get_by_role("button", name="Pin dog-1").click()
    above.wait_for(state="detached")


def test_runs_of_the_last_day_or_of_a_range(new_page: NewPage, two: Two) -> None:
    page = new_page(f"/experiments/{two.first}?m=table")
    row(page, "cat-1").wait_for()
    choose(page, "Last 24 hours")
    row(page, "cat-1").wait_for(state="detached")
    assert names(page) == ["cat-0"]
    assert "t=24h" in page.url
    page.reload()
    row(page, "cat-0").wait_for()
    page.get_by_role("button", name="Runs of any time").click()
    row(page, "cat-1").wait_for()
    page.get_by_role("button", name="Started: Any time").click()
    form = page.get_by_role("dialog", name="When runs started")
    form.get_by_label("From").fill("2001-01-01T00:00")
    form.get_by_label("To").fill("2001-02-01T00:00")
    form.get_by_role("button", name="Apply").click()
    page.get_by_text("No run matches").wait_for()
    page.get_by_role("button", name="Runs of any time").last.click()
    row(page, "cat-0").wait_for()


def choose(page: Any, title: str) -> None:
    page.get_by_role("button", name="Started: Any time").click()
    page.get_by_role("dialog", name="When runs started").get_by_label(title).click()


def test_a_sweep_goes_over_several_experiments(new_page: NewPage, two: Two) -> None:
    page = new_page(f"/runs?e=~{two.first},{two.second}")
    row(page, "dog-1").wait_for()
    page.get_by_role("link", name="Sweep", exact=True).click()
    page.get_by_role("img", name="4 runs over animal, loss").wait_for()
    page.get_by_role("region", name="Which params matter").get_by_role("button", name="animal").wait_for()
    best = page.get_by_role("region", name="Runs, the best first", exact=True)
    assert best.get_by_role("rowheader").all_inner_texts() == ["dog-1", "dog-0", "cat-1", "cat-0"]
    assert violations(page) == []
    page.get_by_role("link", name="Open them in the table of runs").click()
    row(page, "dog-1").wait_for()
    assert names(page) == ["dog-1", "dog-0", "cat-1", "cat-0"]
    assert f"e=~{two.first},{two.second}" in page.url
    page.go_back()
    page.get_by_role("button", name="Experiments 2").click()
    page.get_by_role("dialog", name="Experiments").get_by_role("checkbox", name="cats").click()
    page.get_by_role("heading", name="Runs of 1 experiment").wait_for()
    page.get_by_role("main").get_by_text("2 of 2 runs").wait_for()
    assert page.url.endswith(f"/runs/sweep?e=~{two.second}")
    page.get_by_role("heading", name="No param differs between these runs").wait_for()
