"""Which params matter: parallel axes, importance, scatter, best so far."""

from typing import Any

import pytest

from tests.ui.conftest import NewPage
from tests.ui.rest import Rest, now

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sweep(rest: Rest) -> str:
    """Twenty runs: the loss falls with the rate; the seed means nothing."""
    experiment = rest.experiment("tuning")
    for number in range(20):
        run = rest.run(experiment, f"trial-{number:02}", start=now() - (20 - number) * 60_000)
        rest.log(run, {"rate": str(number), "seed": str(number * 7 % 20), "same": "x"}, loss=[2 - number / 20])
        rest.end(run)
    rest.run(experiment, "no loss")
    return experiment


def test_params_are_ranked_by_what_they_tell(new_page: NewPage, sweep: str) -> None:
    page = new_page(f"/experiments/{sweep}")
    page.get_by_role("link", name="Sweep").click()
    bars = page.get_by_role("region", name="Which params matter").get_by_role("button")
    bars.first.wait_for()
    told = [" ".join(text.split()) for text in bars.all_inner_texts()]
    assert told[0] == "rate −1.00"
    assert len(told) == 2  # `same` is equal in all
    bars.nth(1).click()
    page.get_by_role("img", name="loss by seed, 20 runs").wait_for()
    assert "sx=params.seed" in page.url


def test_a_range_of_an_axis_keeps_part_of_the_runs(new_page: NewPage, sweep: str) -> None:
    page = new_page(f"/experiments/{sweep}/sweep?ax=~params.rate,params.seed")
    page.get_by_role("main").get_by_text("20 of 21 runs").wait_for()
    box = page.get_by_role("img", name="20 runs over rate, seed, loss").bounding_box()
    drag(page, box["x"] + 70, box["y"] + 150, box["y"] + 270)  # the lower half of the first axis
    page.get_by_role("main").get_by_text("10 of 21 runs").wait_for()
    assert "br=~params.rate:0..0.5" in page.url
    page.reload()
    page.get_by_role("main").get_by_text("10 of 21 runs").wait_for()
    page.get_by_role("button", name="Clear the range of rate").click()
    page.get_by_role("main").get_by_text("20 of 21 runs").wait_for()


def test_an_axis_is_turned_moved_and_made_linear(new_page: NewPage, sweep: str) -> None:
    page = new_page(f"/experiments/{sweep}/sweep?ax=~params.rate,params.seed&br=~params.rate:0..0.5")
    page.get_by_role("main").get_by_text("10 of 21 runs").wait_for()
    page.get_by_role("button", name="rate", exact=True).click()
    page.get_by_role("menuitem", name="Upside down").click()
    page.wait_for_url("**lk=~params.rate:flip**")
    assert "br=~params.rate:0.5..1" in page.url  # the same runs
    page.get_by_role("main").get_by_text("10 of 21 runs").wait_for()
    page.get_by_role("button", name="rate", exact=True).click()
    page.get_by_role("menuitem", name="Move right").click()
    page.get_by_role("img", name="10 runs over seed, rate, loss").wait_for()
    page.get_by_role("button", name="loss", exact=True).click()
    page.get_by_role("menuitem", name="Logarithmic").click()
    page.wait_for_url("**metrics.loss:log**")


def test_the_target_is_shown_over_two_params_at_once(new_page: NewPage, sweep: str) -> None:
    page = new_page(f"/experiments/{sweep}/sweep")
    surface = page.get_by_role("region", name="Target over two params")
    surface.get_by_role("img", name="loss over rate and seed, 20 runs").wait_for()
    surface.get_by_role("combobox", name="Across").select_option("params.seed")
    surface.get_by_role("img", name="loss over seed and rate, 20 runs").wait_for()


def test_the_best_so_far_is_told_for_the_direction_one_chooses(new_page: NewPage, sweep: str) -> None:
    page = new_page(f"/experiments/{sweep}/sweep")
    best = page.get_by_role("region", name="Best so far")
    best.get_by_role("link", name="trial-19").wait_for()
    page.get_by_text("Larger is better").click()
    best.get_by_role("link", name="trial-00").wait_for()
    assert best.get_by_role("listitem").count() == 1
    assert "d=max" in page.url


def test_the_filter_and_the_target_are_in_the_address(new_page: NewPage, sweep: str) -> None:
    page = new_page(f"/experiments/{sweep}/sweep")
    page.get_by_role("textbox", name="Filter runs").fill("number(params.rate) > 14")
    page.get_by_role("main").get_by_text("5 of 5 runs").wait_for()
    page.get_by_role("combobox", name="Target").select_option("min(metrics.loss)")
    page.wait_for_url("**y=min(metrics.loss)**")


def test_nothing_to_sweep_says_what_is_needed(new_page: NewPage, rest: Rest) -> None:
    page = new_page(f"/experiments/{rest.experiment('unswept')}/sweep")
    page.get_by_role("heading", name="No metrics yet").wait_for()


def drag(page: Any, x: float, start: float, end: float) -> None:
    page.mouse.move(x, start)
    page.mouse.down()
    page.mouse.move(x, end, steps=4)
    page.mouse.up()


def test_ranges_are_typed_and_become_part_of_the_filter(new_page: NewPage, sweep: str) -> None:
    page = new_page(f"/experiments/{sweep}/sweep?ax=~params.rate,params.seed")
    page.get_by_role("main").get_by_text("20 of 21 runs").wait_for()
    page.get_by_role("button", name="rate", exact=True).press("Enter")
    page.get_by_role("menuitem", name="Keep a range").press("Enter")
    dialog = page.get_by_role("dialog", name="Runs kept by rate")
    dialog.get_by_role("textbox", name="From").fill("15")
    dialog.get_by_role("textbox", name="To").fill("40")
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_text("5 of 21 runs").wait_for()
    best = page.get_by_role("region", name="Runs, the best first", exact=True)
    assert best.get_by_role("rowheader").all_inner_texts() == [f"trial-{number}" for number in range(19, 14, -1)]
    best.get_by_role("button", name="Apply as filter").click()
    page.get_by_role("main").get_by_text("5 of 5 runs").wait_for()
    box = page.get_by_role("textbox", name="Filter runs")
    assert box.input_value() == "number(params.rate) >= 15 AND number(params.rate) <= 19"
    page.go_back()
    page.get_by_role("main").get_by_text("5 of 21 runs").wait_for()


def test_a_line_under_the_cursor_tells_its_run_and_opens_it(new_page: NewPage, sweep: str) -> None:
    page = new_page(f"/experiments/{sweep}/sweep?ax=~params.rate")
    box = page.get_by_role("img", name="20 runs over rate, loss").bounding_box()
    quarter = box["x"] + 70 + (box["width"] - 140) / 4  # where the line of trial 9 is alone
    page.mouse.move(quarter, box["y"] + 160)
    page.mouse.move(quarter, box["y"] + 153)
    page.get_by_text("rate 9, loss 1.55").wait_for()
    page.mouse.click(quarter, box["y"] + 153)
    page.get_by_role("heading", name="trial-09").wait_for()
