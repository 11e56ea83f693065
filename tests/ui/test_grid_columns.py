"""What the grid's columns can do: small lines, filters from the head, pins, a baseline."""

from typing import Any

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import NewPage
from tests.ui.rest import Rest
from tests.ui.samples import Samples

pytestmark = pytest.mark.browser


def row(page: Any, name: str) -> Any:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def head(page: Any, name: str) -> Any:
    return page.get_by_role("columnheader", name=name, exact=True).get_by_role("button")


def choose(page: Any, column: str, action: str) -> None:
    head(page, column).click()
    page.get_by_role("menuitem", name=action).click()


def test_a_metric_has_a_small_line_over_its_steps(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&c=~metrics.val/loss,metrics.f1")
    row(page, "run-03").wait_for()
    choose(page, "val/loss", "Add a line over steps")
    line = row(page, "run-03").locator("polyline")
    line.wait_for()
    assert len(line.get_attribute("points").split()) == 60
    assert row(page, "run-03").get_by_title("from 0.1073 to 1.1").count() == 1
    assert "c=~trend(metrics.val/loss),metrics.val/loss,metrics.f1" in page.url


def test_a_column_filters_by_a_range_and_by_words(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&c=~metrics.f1,params.optimizer")
    row(page, "run-00").wait_for()
    choose(page, "f1", "Filter by this")
    panel = page.get_by_role("dialog", name="Filter by f1")
    panel.get_by_role("button", name="1 run from 0 to").wait_for()
    panel.get_by_role("textbox", name="From").fill("0.7")
    panel.get_by_role("button", name="Filter", exact=True).click()
    row(page, "run-00").wait_for(state="detached")
    choose(page, "optimizer", "Filter by this")
    panel = page.get_by_role("dialog", name="Filter by optimizer")
    panel.get_by_role("checkbox", name="sgd").check()
    panel.get_by_role("button", name="Filter", exact=True).click()
    row(page, "run-10").wait_for(state="detached")
    row(page, "run-11").wait_for()
    assert page.get_by_role("rowheader").get_by_role("link").all_inner_texts() == ["run-09", "run-11"]
    box = page.get_by_role("combobox", name="Filter runs")
    assert box.input_value() == "metrics.f1 >= 0.7 and params.optimizer = 'sgd'"


def test_a_pinned_column_stays_beside_the_name(new_page: NewPage, samples: Samples) -> None:
    columns = ",".join(["metrics.val/loss", "metrics.f1", "params.lr", "params.optimizer", "params.epochs", "run_id"])
    page = new_page(f"/experiments/{samples.sweep}?m=table&c=~{columns}", size={"width": 900, "height": 700})
    row(page, "run-00").wait_for()
    choose(page, "lr", "Pin beside the name")
    page.wait_for_url("**pin=~params.lr**")
    before = head(page, "lr").bounding_box()["x"]
    page.get_by_role("grid").evaluate("grid => { grid.scrollLeft = 10000 }")
    page.get_by_role("columnheader", name="Run id").wait_for()
    assert head(page, "lr").bounding_box()["x"] == before
    assert page.get_by_role("columnheader").nth(1).inner_text() == "lr"
    choose(page, "lr", "Unpin")
    page.wait_for_url(lambda url: "pin=" not in url)


def test_runs_are_told_from_a_baseline(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&c=~metrics.val/loss,metrics.f1")
    row(page, "run-00").wait_for()
    page.get_by_role("grid").focus()
    for _ in range(3):
        page.keyboard.press("j")
        settle(page)
    page.keyboard.press("b")
    row(page, "run-03").get_by_text("baseline").wait_for()
    better = row(page, "run-04").locator("small[data-better]")
    assert better.all_inner_texts() == ["+93 %", "+33 %"]
    assert [one.get_attribute("data-better") for one in better.all()] == ["false", "true"]
    assert f"b={samples.runs[3]}" in page.url


def test_groups_are_lines_with_their_spread(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=split")
    page.get_by_role("img", name="val/loss, 12 of 12 runs").wait_for()
    page.get_by_role("button", name="Group").click()
    page.get_by_role("menuitem", name="optimizer").click()
    page.keyboard.press("Escape")
    page.get_by_role("img", name="val/loss, 2 of 2 runs").wait_for()
    page.get_by_role("region", name="Groups of runs").get_by_role("rowheader", name="adamw").wait_for()
    page.get_by_role("combobox", name="Band behind the lines").select_option("range")
    page.wait_for_url("**bd=range**")
    panel = page.get_by_role("region", name="val/loss")
    panel.get_by_role("button", name="Show val/loss as a table").click()
    panel.get_by_role("columnheader", name="adamw (6)").wait_for()
    page.get_by_text("0.1073–0.9073").or_(page.get_by_text("–0.")).first.wait_for()
    page.get_by_role("button", name="Group: optimizer").click()
    page.get_by_role("menuitem", name="Do not group").click()
    panel.get_by_role("columnheader", name="run-00").wait_for()


def test_the_border_between_table_and_charts_is_moved_by_mouse_and_keys(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=split")
    row(page, "run-00").wait_for()
    border = page.get_by_role("separator", name="Width of the table")
    before = border.bounding_box()
    border.focus()
    page.keyboard.press("ArrowRight")
    assert border.get_attribute("aria-valuenow") == "50"
    page.mouse.move(before["x"] + 60, before["y"] + 100)
    box = border.bounding_box()
    page.mouse.move(box["x"] + 3, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] - 200, box["y"] + 100, steps=3)
    page.mouse.up()
    assert border.bounding_box()["x"] < before["x"] - 50
    page.reload()
    row(page, "run-00").wait_for()
    assert border.bounding_box()["x"] < before["x"] - 50


def test_cells_are_tinted_by_their_value_and_the_better_way_is_ones_own_choice(
    new_page: NewPage, samples: Samples
) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&c=~metrics.f1")
    row(page, "run-11").locator("[data-best=true]").wait_for()
    choose(page, "f1", "Tint by value")
    tint = "cell => getComputedStyle(cell).backgroundImage"
    cells = page.get_by_role("gridcell")
    cells.first.and_(page.locator("[style*=gradient]")).wait_for()
    strongest = row(page, "run-11").get_by_role("gridcell").evaluate(tint)
    assert strongest != row(page, "run-00").get_by_role("gridcell").evaluate(tint)
    assert "h=~metrics.f1" in page.url
    choose(page, "f1", "Smaller is better")
    row(page, "run-00").locator("[data-best=true]").wait_for()
    assert row(page, "run-00").get_by_role("gridcell").evaluate(tint) == strongest
    page.reload()
    row(page, "run-00").locator("[data-best=true]").wait_for()
    choose(page, "f1", "Tint by value")
    page.locator("[style*=gradient]").first.wait_for(state="detached")


def test_a_closed_parent_shows_its_best_child(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("best child")
    parent = rest.run(experiment, "search")
    for number, loss in enumerate((0.5, 0.2, 0.9)):
        child = rest.run(experiment, f"trial {number}", **{"mlflow.parentRunId": parent})
        rest.log(child, {"lr": f"0.{number + 1}"}, loss=[loss])
    page = new_page(f"/experiments/{experiment}?m=table&c=~metrics.loss,params.lr&n=1&o=~")
    line = page.get_by_role("row").filter(has=page.get_by_role("link", name="search", exact=True))
    line.get_by_role("link", name="The best below it: trial 1").wait_for()
    assert [cell.inner_text() for cell in line.get_by_role("gridcell").all()] == ["0.2", "0.2"]
    choose(page, "loss", "Larger is better")
    line.get_by_role("link", name="The best below it: trial 2").wait_for()
    line.get_by_role("button", name="Show the 3 runs in search").click()
    row(page, "trial 0").wait_for()
    assert line.get_by_role("gridcell").first.inner_text() == "–"
    line.get_by_role("button", name="Hide the 3 runs in search").click()
    line.get_by_role("link", name="The best below it: trial 2").click()
    page.get_by_role("heading", name="trial 2").wait_for()


def test_a_column_is_made_wider_by_its_edge_and_by_its_menu(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&c=~metrics.f1,params.optimizer")
    column = page.get_by_role("columnheader", name="optimizer")
    before = column.bounding_box()["width"]
    head(page, "optimizer").press("Enter")
    page.get_by_role("menuitem", name="Wider").press("Enter")
    page.get_by_role("menuitem", name="Wider").press("Enter")
    page.wait_for_url(f"**cw=~params.optimizer:{before + 48:.0f}")
    page.get_by_role("menuitem", name="Usual width").press("Enter")
    assert "cw=" not in page.url
    page.keyboard.press("Escape")
    box = column.bounding_box()
    page.mouse.move(box["x"] + box["width"], box["y"] + 17)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 50, box["y"] + 17)
    page.mouse.up()
    page.wait_for_url(f"**cw=~params.optimizer:{before + 50:.0f}")
    page.reload()
    row(page, "run-00").wait_for()
    assert column.bounding_box()["width"] == pytest.approx(before + 50, abs=1)


def test_ticked_runs_are_shown_in_the_charts(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=split&r=~{samples.runs[0]}")
    page.get_by_role("img", name="val/loss, 1 of 1 runs").wait_for()
    for name in ("run-03", "run-04"):
        page.get_by_role("checkbox", name=f"Select {name}").check()
    page.get_by_role("toolbar", name="Selected runs").get_by_role("button", name="Chart").click()
    page.get_by_role("img", name="val/loss, 3 of 3 runs").wait_for()


def test_what_runs_are_sorted_by_is_seen_though_no_column_was_chosen(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&s=-min(metrics.val/loss)")
    head(page, "val/loss min").wait_for()
    row(page, "run-11").get_by_role("gridcell").nth(0).get_by_text("0.9073", exact=True).wait_for()
    assert page.get_by_role("rowheader").get_by_role("link").first.inner_text() == "run-11"
    page.get_by_role("button", name="Sort: min(metrics.val/loss)").wait_for()
    page.goto(page.url.replace("min(metrics.val/loss)", "status"))
    head(page, "val/loss min").wait_for(state="detached")
