"""What somebody does every day: keys that work on every screen, renaming where one is, and finding one's way back."""

import re
from typing import Any

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import NewPage
from tests.ui.rest import Rest
from tests.ui.samples import Samples

pytestmark = pytest.mark.browser


def test_a_slash_goes_to_the_search_of_any_screen(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}/sweep")
    for address, label in (
        (f"/experiments/{samples.sweep}/sweep", "Filter runs"),
        (f"/runs/{samples.runs[0]}/charts", "Find metrics (regular expression)"),
        ("/models", "Search models"),
    ):
        page.evaluate("address => { window.location.hash = address }", address)
        settle(page)
        page.keyboard.press("/")
        focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert focused == label, address


def test_the_link_of_any_screen_is_copied_by_a_key(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}")
    page.get_by_role("heading", name="run-00").wait_for()
    page.keyboard.press("s")
    page.get_by_text("Link copied.").wait_for()


def test_enter_opens_the_run_that_keys_went_to(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    page.get_by_role("link", name="run-02", exact=True).wait_for()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="run-02").wait_for()


def test_an_experiment_is_renamed_trashed_and_restored_on_its_own_page(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("before")
    page = new_page(f"/experiments/{experiment}/notes")
    page.get_by_role("button", name="Actions for before").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("after")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="after", exact=True).wait_for()
    page.get_by_role("button", name="Actions for after").click()
    page.get_by_role("menuitem", name="Move to trash").click()
    page.get_by_text("in the trash since").wait_for()
    page.get_by_role("button", name="Restore").click()
    page.get_by_text("in the trash since").wait_for(state="detached")


def test_the_footer_tells_of_how_many_runs_the_filter_took_these(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&q=params.optimizer+=+'sgd'")
    page.get_by_role("main").get_by_text("6 of 12 runs").wait_for()


def test_a_ticked_run_is_renamed_in_the_table(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("names")
    rest.log(rest.run(experiment, "draft"), loss=[1.0])
    page = new_page(f"/experiments/{experiment}?m=table")
    page.get_by_role("checkbox", name="Select draft").check()
    page.get_by_role("toolbar", name="Selected runs").get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("final")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    page.get_by_role("link", name="final", exact=True).wait_for()


def cells(table: Any, column: int) -> list[str]:
    return [str(row).split("\t")[column].strip() for row in table.get_by_role("row").all_inner_texts()[1:]]


def first(table: Any, name: str) -> Any:
    return table.locator("tbody tr:first-child th").get_by_text(name, exact=True)


def test_groups_stand_by_size_and_by_the_mean_of_a_column(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("sizes")
    for size, loss in ((2, 0.5), (10, 0.1), (2, 0.7), (10, 0.3), (1, 0.9), (1, 0.2)):
        rest.log(rest.run(experiment, f"{size}"), {"size": str(size)}, loss=[loss])
    page = new_page(f"/experiments/{experiment}?m=table&g=~params.size&c=~metrics.loss")
    groups = page.get_by_role("region", name="Groups of runs")
    groups.get_by_role("rowheader", name="10").wait_for()
    assert cells(groups, 0) == ["1", "2", "10"]
    groups.get_by_role("button", name="loss").click()
    first(groups, "10").wait_for()
    assert cells(groups, 0) == ["10", "1", "2"]
    groups.get_by_role("button", name="loss").click()
    first(groups, "2").wait_for()
    assert page.url.endswith("s=-metrics.loss")
    assert cells(groups, 0) == ["2", "1", "10"]


def test_a_filter_of_the_sweep_that_cannot_be_read_is_said_and_the_runs_stay(
    new_page: NewPage, samples: Samples
) -> None:
    page = new_page(f"/experiments/{samples.sweep}/sweep")
    page.refusals_expected = True
    page.get_by_role("main").get_by_text("12 of 12 runs").wait_for()
    page.get_by_role("textbox", name="Filter runs").fill("metrics.f1 >")
    page.get_by_role("alert").get_by_text(re.compile("expected")).wait_for()
    page.get_by_role("main").get_by_text("12 of 12 runs").wait_for()


def test_the_filter_offers_people_and_datasets(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("people")
    run = rest.run(experiment, "one", **{"mlflow.user": "ana"})
    rest.use(run, "wine", "abc123", "training")
    page = new_page(f"/experiments/{experiment}?m=table")
    box = page.get_by_role("combobox", name="Filter runs")
    for key, value in (("user_id", "ana"), ("dataset.name", "wine"), ("dataset.context", "training")):
        box.fill("")
        box.press_sequentially(f"{key} = ")
        page.get_by_role("option", name=f"'{value}'").click()
        page.get_by_role("link", name="one", exact=True).wait_for()
        assert box.input_value() == f"{key} = '{value}' "


def test_a_model_is_registered_on_the_page_of_its_run(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("registering")
    run = rest.run(experiment, "trained")
    rest.logged_model(experiment, "net", run)
    rest.upload(run, "old/MLmodel", b"flavors: {}\n")
    rest.post("/api/2.0/mlflow/registered-models/create", name="of files")
    rest.post("/api/2.0/mlflow/model-versions/create", name="of files", source=f"runs:/{run}/old", run_id=run)
    page = new_page(f"/runs/{run}")
    page.refusals_expected = True  # the model has no MLmodel file
    page.get_by_role("link", name="of files v1").wait_for()
    page.get_by_role("button", name="Register net").click()
    page.get_by_role("combobox", name="Registered model").fill("nets")
    page.get_by_role("dialog").get_by_role("button", name="Register", exact=True).click()
    page.get_by_role("heading", name="v1").wait_for()
    assert "/models/nets/1" in page.url


def test_infinities_have_a_sign_and_leave_the_others_their_chart(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("infinite")
    run = rest.run(experiment, "diverged")
    rest.log(run, loss=[0.5, 0.25, 1.7976931348623157e308])
    rest.log(rest.run(experiment, "steady"), loss=[0.5, 0.4, 0.3])
    page = new_page(f"/experiments/{experiment}?m=split&c=~metrics.loss")
    page.get_by_role("gridcell", name="∞", exact=True).wait_for()
    page.get_by_role("img", name=re.compile("^loss, 2 of 2 runs")).focus()
    page.keyboard.press("Home")
    page.get_by_text("At step 0: ").wait_for()
    page.keyboard.press("End")
    assert "∞" not in page.get_by_text("At step 2: ").inner_text()
