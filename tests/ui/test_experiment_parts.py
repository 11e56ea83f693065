"""Parts of an experiment beyond its runs: images and notes; and going from run to run."""

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import NewPage
from tests.ui.rest import Rest
from tests.ui.samples import Samples
from tests.ui.test_accessibility import violations
from tests.ui.test_runs import row

pytestmark = pytest.mark.browser


def test_images_of_runs_stand_side_by_side(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}/images")
    table = page.get_by_role("region", name="Images by key and run")
    shown = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name="run-00"))
    shown.get_by_role("img", name="digits of run-00, step 10").wait_for()
    assert table.get_by_role("rowheader").count() == 1
    page.get_by_label("Step", exact=True).fill("0")
    shown.get_by_role("img", name="digits of run-00, step 0").wait_for()
    assert "st=0" in page.url
    assert violations(page) == []
    page.get_by_role("textbox", name="Filter runs").fill("run-03")
    page.get_by_role("heading", name="No images over steps in 1 run").wait_for()


def test_notes_describe_an_experiment(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("described")
    page = new_page(f"/experiments/{experiment}")
    page.get_by_role("link", name="Notes").click()
    page.get_by_role("button", name="Edit the description").click()
    page.get_by_role("textbox", name="Description").fill("About **wines**")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("main").get_by_text("wines", exact=True).wait_for()
    page.get_by_role("button", name="Add a tag").click()
    page.get_by_role("textbox", name="Tag").fill("team")
    page.get_by_label("Value").fill("red")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("team: red").wait_for()
    assert page.get_by_text(f"mlflow-artifacts:/{experiment}").count() == 1
    settle(page)
    assert violations(page) == []


def test_one_goes_from_run_to_run_in_the_order_of_the_table(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&s=run_name")
    row(page, "run-01").get_by_role("link", name="run-01").click()
    page.get_by_role("link", name="Charts").click()
    page.keyboard.press("]")
    page.get_by_role("heading", name="run-02").wait_for()
    assert page.url.endswith(f"/runs/{samples.runs[2]}/charts")
    page.get_by_role("button", name="Previous run").click()
    page.get_by_role("heading", name="run-01").wait_for()


def test_registered_versions_of_runs_are_a_column(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&c=~models")
    row(page, "run-00").get_by_role("link", name="classifier v1").wait_for()
