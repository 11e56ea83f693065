"""Runs side by side."""

import pytest

from tests.ui.conftest import NewPage
from tests.ui.rest import Rest
from tests.ui.samples import Samples
from tests.ui.test_accessibility import violations

pytestmark = pytest.mark.browser


def test_selected_runs_are_compared_by_a_key(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}")
    for name in ("run-00", "run-03"):
        page.get_by_role("checkbox", name=f"Select {name}").check()
    page.keyboard.press("c")
    page.get_by_role("heading", name="Compare 2 runs").wait_for()
    assert page.url.endswith(f"/compare?r=~{samples.runs[0]},{samples.runs[3]}")
    page.go_back()
    page.get_by_text("2 runs selected").wait_for()
    page.goto(f"{page.url.split('#')[0]}#/experiments/{samples.nested}")
    page.get_by_role("link", name="child-0").first.wait_for()
    assert page.get_by_role("toolbar", name="Selected runs").count() == 0  # of runs that are out of sight


def test_only_what_differs_is_shown_until_somebody_asks_for_all(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/compare?r=~{samples.runs[2]},{samples.runs[3]}&m=table")
    table = page.get_by_role("table", name="Differences of the runs")
    table.get_by_role("rowheader", name="optimizer").wait_for()
    assert table.get_by_role("rowheader", name="epochs").count() == 0
    page.get_by_label("Differences only").uncheck()
    table.get_by_role("rowheader", name="epochs").wait_for()
    assert "all=1" in page.url


def test_changes_are_told_from_a_reference_that_one_chooses(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/compare?r=~{samples.runs[2]},{samples.runs[3]}&m=table")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="val/loss"))
    row.get_by_text("↓ −48 %").wait_for()
    assert row.locator("small[data-better=true]").count() == 1
    page.get_by_role("columnheader", name="run-03").get_by_role("radio").check()
    row.get_by_text("↑ +93 %").wait_for()
    assert f"b={samples.runs[3]}" in page.url


def test_a_run_is_taken_out_and_charts_follow(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/compare?r=~{','.join(samples.runs[:3])}")
    page.get_by_role("img", name="val/loss, 3 of 3 runs").wait_for()
    page.get_by_role("button", name="Remove run-01").click()
    page.get_by_role("img", name="val/loss, 2 of 2 runs").wait_for()
    page.get_by_role("heading", name="Compare 2 runs").wait_for()


def test_scripts_and_packages_of_two_runs_are_laid_side_by_side(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("code")
    runs = [rest.run(experiment, name) for name in ("before", "after")]
    for run, rate, version in zip(runs, ("0.1", "0.2"), ("1.0", "2.0"), strict=True):
        rest.upload(run, ".mlflow/source/entry/train.py", f"import mlflow\nlr = {rate}\n".encode())
        rest.upload(run, ".mlflow/environment/requirements.lock.txt", f"numpy==3\ntorch=={version}\n".encode())
    page = new_page(f"/compare?r=~{','.join(runs)}&m=code")
    page.locator(".cm-deletedChunk").get_by_text("lr = 0.1").wait_for()
    page.locator(".cm-changedLine").get_by_text("lr = 0.2").wait_for()
    packages = page.get_by_role("region", name="Packages")
    assert packages.get_by_role("row").all_inner_texts() == ["Package\tBefore\tAfter", "torch\t1.0\t2.0"]


def test_fifty_runs_are_one_request_and_a_few_elements(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("fifty")
    runs = [rest.run(experiment, f"n{number}") for number in range(50)]
    for number, run in enumerate(runs):
        rest.log(run, {f"param-{key:03}": str(number) for key in range(60)})
    page = new_page("/compare")
    page.get_by_role("heading", name="Choose runs to compare").wait_for()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if "/runs/" in sent.url else None)
    page.goto(f"{page.url}?r=~{','.join(runs)}&m=table")
    page.get_by_role("heading", name="Compare 50 runs").wait_for()
    assert len(asked) == 1, asked
    page.get_by_role("rowheader", name="param-000").wait_for()
    assert page.evaluate("document.querySelectorAll('*').length") < 1500


def test_links_of_the_older_compare_page_lead_here(new_page: NewPage, samples: Samples) -> None:
    listed = '["' + '","'.join(samples.runs[:2]) + '"]'
    page = new_page(f"/compare-runs?runs={listed}&experiments=[0]")
    page.get_by_role("heading", name="Compare 2 runs").wait_for()


def test_nothing_to_compare_says_how_to_begin(new_page: NewPage) -> None:
    page = new_page("/compare")
    page.get_by_role("heading", name="Choose runs to compare").wait_for()


def test_a_column_is_moved_by_its_arrows_and_by_keys(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/compare?r=~{','.join(samples.runs[:3])}&m=table")
    page.get_by_role("link", name="run-00").focus()
    page.keyboard.press("Alt+Shift+ArrowRight")
    page.wait_for_url(f"**r=~{samples.runs[1]},{samples.runs[0]},{samples.runs[2]}*")
    page.get_by_role("status").get_by_text("run-00 is run 2 of 3.").wait_for(state="attached")
    page.keyboard.press("Alt+Shift+ArrowRight")
    page.wait_for_url(f"**r=~{samples.runs[1]},{samples.runs[2]},{samples.runs[0]}*")
    page.keyboard.press("Alt+Shift+ArrowRight")  # there is no further
    assert page.get_by_role("columnheader").all_inner_texts()[-1].split()[0] == "run-00"
    assert page.evaluate("document.activeElement.innerText") == "run-00"
    page.get_by_role("button", name="Move run-02 to the left").press("Enter")
    page.wait_for_url(f"**r=~{samples.runs[2]},{samples.runs[1]},{samples.runs[0]}*")
    assert page.evaluate("document.activeElement.ariaLabel") == "Move run-02 to the left"
    assert violations(page) == []
