"""The runs of an experiment: grid, filter, columns, selection."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import NewPage
from tests.ui.rest import Rest, now
from tests.ui.samples import Samples

pytestmark = [pytest.mark.browser, pytest.mark.long]


def row(page: Any, name: str) -> Any:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def names(page: Any) -> list[str]:
    return page.get_by_role("rowheader").get_by_role("link").all_inner_texts()


def type_filter(page: Any, text: str) -> None:
    page.get_by_role("combobox", name="Filter runs").fill(text)
    page.keyboard.press("Enter")


def test_default_columns_are_what_varies(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    row(page, "run-00").wait_for()
    heads = page.get_by_role("columnheader").all_inner_texts()
    assert heads[0] == "Run"
    assert heads[1].split() == ["val/acc", "over", "steps"]
    assert heads[2:] == ["val/acc", "val/loss", "f1", "lr", "optimizer", "Duration", "Created"]
    page.get_by_text("Same in all: epochs = 60", exact=True).wait_for()


def test_a_filter_narrows_the_rows_and_stays_in_the_address(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    row(page, "run-00").wait_for()
    type_filter(page, "params.optimizer = 'sgd' and metrics.f1 > 0.5")
    row(page, "run-00").wait_for(state="detached")
    row(page, "run-07").wait_for()
    assert names(page) == ["run-07", "run-09", "run-11"]
    page.reload()
    row(page, "run-07").wait_for()
    assert names(page) == ["run-07", "run-09", "run-11"]


def test_text_without_an_operator_is_part_of_a_name(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&q=UN-1")
    row(page, "run-10").wait_for()
    assert names(page) == ["run-10", "run-11"]


def test_a_filter_that_cannot_be_read_is_underlined_and_the_rows_stay(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    page.refusals_expected = True
    row(page, "run-00").wait_for()
    type_filter(page, "params.lr > 0.01")
    assert "number(params.lr)" in page.get_by_role("alert").text_content()
    assert page.locator("mark").text_content() == ">"
    assert len(names(page)) == 12


def test_a_filter_without_a_match_offers_to_clear_it(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?q=absent")
    page.get_by_text("12 runs without the filter").wait_for()
    page.get_by_role("button", name="Clear the filter").last.click()
    row(page, "run-00").wait_for()


def test_a_filter_on_a_key_that_no_run_has_names_the_one_that_was_meant(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&q=params.lr+=+'0.1'+AND+metrics.val_los+%3C+9")
    page.get_by_role("heading", name="No run has metrics.val_los").wait_for()
    page.get_by_role("button", name="Clear the last condition").wait_for()
    page.get_by_role("button", name="Did you mean metrics.val/loss?").click()
    row(page, "run-00").wait_for()
    assert page.get_by_label("Filter runs").input_value() == "params.lr = '0.1' AND metrics.val/loss < 9"


def test_suggestions_complete_keys_operators_and_values(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    page.refusals_expected = True  # on a slow machine the server sees the filter before it is complete
    row(page, "run-00").wait_for()
    page.keyboard.press("/")
    for typed, suggested in (("opt", "params.optimizer"), ("", "!="), ("", "'adamw'")):
        page.keyboard.type(typed)
        page.get_by_role("option", name=suggested).wait_for()
        while page.get_by_role("option", selected=True).filter(has_text=suggested).count() == 0:
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    row(page, "run-00").wait_for(state="detached")
    page.locator("[role=rowheader]").nth(6).wait_for(state="detached")
    page.locator("[role=rowheader]").nth(5).wait_for()


@pytest.mark.parametrize(("metric", "best"), [("f1", "run-11"), ("val/loss", "run-03")])
def test_an_order_by_a_metric_begins_with_its_best_value(
    new_page: NewPage, samples: Samples, metric: str, best: str
) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    page.get_by_role("button", name="Sort: Created").click()
    page.get_by_role("menuitem", name=metric, exact=True).click()
    page.get_by_role("rowheader").first.get_by_text(best).wait_for()


def test_a_column_is_sorted_by_its_minimum(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    page.get_by_role("columnheader", name="val/loss").get_by_role("button").click()
    page.get_by_role("menuitem", name="min", exact=True).click()
    page.get_by_role("columnheader", name="val/loss min").get_by_role("button").click()
    page.get_by_role("menuitem", name="Smallest first").click()
    page.get_by_role("rowheader").first.get_by_text("run-03").wait_for()
    assert "s=min(metrics.val/loss)" in page.url
    assert page.get_by_role("columnheader", name="val/loss min").get_attribute("aria-sort") == "ascending"


def test_columns_are_chosen_and_reset(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    row(page, "run-00").wait_for()
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="epochs").check()
    page.get_by_role("columnheader", name="epochs").wait_for(state="attached")
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("columnheader", name="epochs").wait_for(state="detached")


def test_children_are_below_their_parent(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.nested}?m=table")
    row(page, "child-0").wait_for()
    assert names(page)[0] == "parent"
    page.get_by_role("button", name="Hide the 3 runs in parent").click()
    row(page, "child-0").wait_for(state="detached")
    page.get_by_role("button", name="Nested", exact=True).click()
    row(page, "child-0").wait_for()
    assert "n=0" in page.url


def test_ticked_runs_are_tagged_deleted_and_brought_back(new_page: NewPage, samples: Samples, rest: Rest) -> None:
    experiment = rest.experiment("bulk")
    for name in ("a", "b", "c"):
        rest.run(experiment, name)
    page = new_page(f"/experiments/{experiment}?m=table&c=~tags.kind")
    for name in ("a", "b"):
        page.get_by_role("checkbox", name=f"Select {name}", exact=True).check()
    bar = page.get_by_role("toolbar", name="Selected runs")
    bar.get_by_role("button", name="Tag").click()
    page.get_by_role("textbox", name="Tag").fill("kind")
    page.get_by_label("Value").fill("good")
    page.get_by_role("button", name="Tag 2 runs").click()
    row(page, "a").get_by_text("good").wait_for()
    assert row(page, "c").get_by_text("good").count() == 0

    page.get_by_role("checkbox", name="Select a", exact=True).check()
    bar.get_by_role("button", name="Delete").click()
    row(page, "a").wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    row(page, "a").wait_for()


def test_deleted_runs_are_shown_and_restored(new_page: NewPage, samples: Samples, rest: Rest) -> None:
    experiment = rest.experiment("trash")
    rest.post("/api/ext/v1/runs/delete", run_ids=[rest.run(experiment, "gone")])
    page = new_page(f"/experiments/{experiment}?state=deleted&m=table")
    page.get_by_role("checkbox", name="Select gone").check()
    page.get_by_role("button", name="Restore").click()
    page.get_by_text("No run is in the trash").wait_for()


def test_runs_are_exported_with_whole_values(new_page: NewPage, samples: Samples, tmp_path: Path) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&q=run-03")
    row(page, "run-03").wait_for()
    page.get_by_role("button", name="More").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="as CSV").click()
    download.value.save_as(tmp_path / "runs.csv")
    with (tmp_path / "runs.csv").open(newline="") as file:
        (exported,) = csv.DictReader(file)
    assert exported["name"] == "run-03"
    assert float(exported["metrics.f1"]) == 3 / 12


def test_a_new_run_appears_and_its_metrics_follow(new_page: NewPage, samples: Samples, rest: Rest) -> None:
    experiment = rest.experiment("live")
    first = rest.run(experiment, "first", start=now() - 60_000)
    rest.log(first, loss=[0.5])
    page = new_page(f"/experiments/{experiment}?m=table&c=~metrics.loss")
    page.get_by_text("Live · 1 running").wait_for()
    rest.log(first, loss=[0.5, 0.125])
    row(page, "first").get_by_text("0.125").wait_for(timeout=5000)
    rest.run(experiment, "second")
    row(page, "second").wait_for(timeout=5000)
    rest.end(first)
    row(page, "first").get_by_title("Finished").wait_for(timeout=5000)


def test_everything_works_with_the_keyboard_alone(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    row(page, "run-00").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("run-0")
    page.keyboard.press("Enter")
    row(page, "run-10").wait_for(state="detached")
    row(page, "run-09").wait_for()
    page.keyboard.press("Escape")
    for key in ("j", "x", "j", "j", "Shift+X"):
        settle(page)  # a person sees what a key did before the next one
        page.keyboard.press(key)
    page.get_by_text("3 runs selected").wait_for()
    assert row(page, "run-02").get_attribute("aria-selected") == "true"
    page.get_by_role("grid").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="run-02").wait_for()


def test_the_palette_finds_runs_by_name(new_page: NewPage, samples: Samples) -> None:
    page = new_page("/experiments")
    page.get_by_role("listitem").first.wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name=re.compile("Search experiments")).fill("run-07")
    page.get_by_role("option", name="run-07").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="run-07").wait_for()


def test_the_palette_shows_a_column_wherever_it_is(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    row(page, "run-00").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name=re.compile("Search experiments")).fill("epoch")
    page.get_by_role("option", name="epochs").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("columnheader", name="epochs").wait_for()
    assert "c=~params.epochs,trend(metrics.val/acc)" in page.url


def test_runs_are_grouped_with_mean_and_spread_and_a_group_opens_as_a_filter(
    new_page: NewPage, samples: Samples
) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    page.get_by_role("button", name="Group").click()
    page.get_by_role("menuitem", name="optimizer").click()
    page.keyboard.press("Escape")
    groups = page.get_by_role("region", name="Groups of runs")
    row = groups.get_by_role("row").filter(has=page.get_by_role("rowheader", name="adamw"))
    row.get_by_text("0.4406 ± 0.2338").wait_for()
    assert "g=~params.optimizer" in page.url
    groups.get_by_role("button", name="Show the runs of adamw").press("Enter")
    page.reload()
    groups.get_by_role("link", name="run-10").wait_for()
    assert groups.get_by_role("link").all_inner_texts() == [f"run-{number:02}" for number in range(0, 12, 2)]
    groups.get_by_role("button", name="Hide the runs of adamw").press("Enter")
    groups.get_by_role("link").first.wait_for(state="detached")
    row.get_by_role("button", name="adamw", exact=True).click()
    page.wait_for_url("**q=params.optimizer+=+'adamw'**")
    page.get_by_role("main").get_by_text("6 of 12 runs").wait_for()


def test_chosen_runs_are_made_a_group(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("to be grouped")
    for name in ("a", "b", "c"):
        rest.log(rest.run(experiment, name), loss=[1.0])
    page = new_page(f"/experiments/{experiment}?m=table&c=~metrics.loss")
    for name in ("a", "c"):
        page.get_by_role("checkbox", name=f"Select {name}", exact=True).check()
    page.get_by_role("toolbar", name="Selected runs").get_by_role("button", name="Group").click()
    page.get_by_role("textbox", name="Name of the group").fill("mine")
    page.get_by_role("button", name="Group 2 runs").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="mine"))
    row.get_by_role("cell", name="2", exact=True).wait_for()
    assert "g=~tags.group" in page.url


def test_the_table_is_there_after_few_requests(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    row(page, "run-00").locator("polyline").wait_for()  # the last that is asked for
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.reload()
    row(page, "run-00").wait_for()
    calls = [url for url in sent if "/api/" in url and "/events" not in url]
    assert len(calls) <= 8, "\n".join(calls)
