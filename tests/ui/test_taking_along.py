"""What is taken along from the table of runs: files, ids, lines of Python; and filters that were applied before."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ui.conftest import NewPage
from tests.ui.samples import Samples
from tests.ui.test_runs import names, row, type_filter

pytestmark = pytest.mark.browser

KEEP = "navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve() }"


def test_ticked_runs_are_exported_as_json_with_all_they_have(
    new_page: NewPage, samples: Samples, tmp_path: Path
) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    for name in ("run-03", "run-05"):
        page.get_by_role("checkbox", name=f"Select {name}", exact=True).check()
    with page.expect_download() as download:
        choose(page, "Export as JSON")
    download.value.save_as(tmp_path / "runs.json")
    third, fifth = json.loads((tmp_path / "runs.json").read_text())
    assert (third["name"], third["run_id"], third["params"]["lr"]) == ("run-03", samples.runs[3], "0.1")
    assert third["metrics"]["f1"] == 0.25
    assert fifth["status"] == "FAILED"
    page.get_by_text("2 runs exported.").wait_for()


def test_ticked_runs_are_copied_as_ids_and_as_python(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    row(page, "run-00").wait_for()
    page.evaluate(KEEP)
    for name in ("run-01", "run-02"):
        page.get_by_role("checkbox", name=f"Select {name}", exact=True).check()
    choose(page, "Copy ids")
    page.wait_for_function("window.copied")
    assert page.evaluate("window.copied").split() == samples.runs[1:3]
    choose(page, "Copy as Python")
    page.wait_for_function("window.copied.startsWith('runs = ')")
    read = {"mlflow": type("mlflow", (), {"get_run": staticmethod(str.upper)})}
    exec(page.evaluate("window.copied"), read)
    assert read["runs"] == [run.upper() for run in samples.runs[1:3]]


def choose(page: Any, action: str) -> None:
    page.get_by_role("toolbar", name="Selected runs").get_by_role("button", name="Export").click()
    page.get_by_role("menuitem", name=action).click()


def test_the_charts_show_as_many_of_the_first_runs_as_one_wants(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=charts&s=run_name")
    page.get_by_role("img", name="val/loss, 12 of 12 runs").wait_for()
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="The first 5 runs").click()
    page.get_by_role("img", name="val/loss, 5 of 5 runs; lowest 0.1073 in run-03").wait_for()
    assert "r=~top:5" in page.url
    page.goto(page.url.replace("s=run_name", "s=-run_name"))
    page.get_by_role("img", name="val/loss, 5 of 5 runs; lowest 0.5073 in run-07").wait_for()
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="No run").click()
    page.get_by_text("No run is shown.").first.wait_for()


def test_filters_of_before_are_offered_in_an_empty_box(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    row(page, "run-00").wait_for()
    for text in ("run-1", "metrics.f1 > 0.9"):
        type_filter(page, text)
        row(page, "run-00").wait_for(state="detached")
        row(page, "run-11").wait_for()
        page.get_by_role("button", name="Clear the filter").click()
        row(page, "run-00").wait_for()
    page.reload()
    row(page, "run-00").wait_for()
    page.get_by_role("combobox", name="Filter runs").focus()
    page.keyboard.press("ArrowDown")
    options = page.get_by_role("option")
    options.first.wait_for()
    assert [text.split("\n")[0] for text in options.all_inner_texts()][:2] == ["metrics.f1 > 0.9", "run-1"]
    options.filter(has_text="run-1").first.click()
    page.keyboard.press("Enter")
    row(page, "run-00").wait_for(state="detached")
    row(page, "run-10").wait_for()
    assert names(page) == ["run-10", "run-11"]
