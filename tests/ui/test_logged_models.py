"""Logged models: the grid of an experiment, models side by side, one model's page and files."""

from typing import Any

import pytest

from tests.ui.conftest import NewPage
from tests.ui.lineage import Lineage
from tests.ui.rest import Rest
from tests.ui.samples import Samples

pytestmark = pytest.mark.browser


def names(page: Any) -> list[str]:
    grid = page.get_by_role("region", name="Logged models")
    return [text.strip() for text in grid.locator("tbody th a").all_inner_texts()]


def test_models_are_listed_with_what_was_measured_on_each_dataset(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}")
    page.get_by_role("link", name="Models", exact=True).last.click()
    grid = page.get_by_role("region", name="Logged models")
    grid.get_by_role("columnheader", name="wine-test b2b2b2b2").wait_for()
    row = grid.get_by_role("row").filter(has=page.get_by_role("rowheader", name="forest"))
    row.get_by_role("link", name="fit-forest").wait_for()
    assert row.get_by_role("cell").all_inner_texts()[2:] == ["1", "0.95", "0.2", "0.99", "8"]
    assert grid.get_by_role("columnheader", name="seed").count() == 0  # equal in all
    assert row.locator("[data-best]").all_inner_texts() == ["0.95", "0.2", "0.99"]


def test_models_are_sorted_filtered_and_restricted_to_a_dataset(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}/models")
    page.get_by_role("columnheader", name="accuracy").first.get_by_role("button").click()
    page.wait_for_url("**s=-metrics.accuracy@wine-test%23b2b2b2b2")
    page.locator("tbody tr:first-child th a:text-is('forest')").wait_for()
    page.get_by_role("columnheader", name="accuracy").first.get_by_role("button").click()
    page.locator("tbody tr:first-child th a:text-is('linear')").wait_for()
    page.get_by_role("searchbox", name="Filter models").fill("metrics.accuracy > 0.8")
    page.locator("tbody tr").nth(2).wait_for(state="detached")
    page.get_by_role("combobox", name="Measured on").select_option("wine-test#b2b2b2b2")
    page.locator("tbody tr").nth(2).wait_for(state="detached")
    page.refusals_expected = True
    page.get_by_role("searchbox", name="Filter models").fill("metrics. >")
    page.get_by_role("alert").filter(has_text="Invalid").wait_for()
    assert len(names(page)) == 2  # what was there stays


def test_columns_are_chosen_and_kept_in_the_address(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}/models")
    page.get_by_role("columnheader", name="depth").wait_for()
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="seed").check()
    page.get_by_role("checkbox", name="depth").uncheck()
    page.get_by_role("columnheader", name="depth").wait_for(state="detached")
    page.reload()
    page.get_by_role("columnheader", name="seed").wait_for()
    assert page.get_by_role("columnheader", name="depth").count() == 0


def test_models_are_grouped_by_run_drawn_as_bars_and_compared(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}/models")
    page.get_by_role("checkbox", name="By run").check()
    page.get_by_role("rowheader", name="Run").nth(2).wait_for()
    page.get_by_text("Charts", exact=True).click()
    card = page.get_by_role("region", name="log_loss on wine-test")
    card.get_by_role("link").nth(2).wait_for()
    assert card.get_by_role("link").all_inner_texts() == ["forest", "tree", "linear"]
    page.get_by_text("Table", exact=True).click()
    for name in ("forest", "linear"):
        page.get_by_role("checkbox", name=f"Choose {name}").check()
    page.get_by_role("link", name="Compare their runs").wait_for()
    page.get_by_role("button", name="Compare", exact=True).click()
    region = page.get_by_role("region", name="Differences")
    row = region.get_by_role("row").filter(has_text="log_loss")
    row.get_by_text("+100 %").wait_for()
    assert [" ".join(text.split()) for text in row.get_by_role("cell").all_inner_texts()] == ["0.2", "0.4+100 %"]
    assert region.get_by_text("seed").count() == 0
    page.get_by_role("checkbox", name="Differences only").uncheck()
    region.get_by_text("seed").wait_for()
    page.get_by_role("button", name="Remove linear").click()
    page.get_by_role("region", name="Logged models").wait_for()


def test_a_model_tells_what_was_measured_its_params_and_how_to_load_it(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}/models")
    page.get_by_role("link", name="forest", exact=True).click()
    page.get_by_role("heading", name="forest").wait_for()
    metrics = page.get_by_role("region", name="Metrics")
    metrics.get_by_role("rowheader", name="on wine-train a1a1a1a1").wait_for()
    assert metrics.get_by_role("row").filter(has_text="log_loss").get_by_role("cell").first.inner_text() == "0.2"
    page.get_by_text(f'mlflow.sklearn.load_model("models:/{lineage.models[0]}")').wait_for()
    page.get_by_role("region", name="Signature").get_by_role("rowheader", name="alcohol").wait_for()
    page.get_by_role("region", name="Params").get_by_role("row").filter(has_text="depth").get_by_text("8").wait_for()
    page.get_by_role("button", name="Edit the description").click()
    page.get_by_role("textbox", name="Description").fill("The **best** so far")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The best so far").wait_for()
    page.get_by_role("button", name="Add a tag").click()
    page.get_by_role("textbox", name="Tag").fill("team/kind")
    page.get_by_label("Value").fill("vision")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Remove the tag team/kind").click()
    page.get_by_role("button", name="Remove the tag team/kind").wait_for(state="detached")


def test_files_of_a_model_are_browsed(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}/models/{lineage.models[0]}")
    page.get_by_role("link", name="Artifacts").click()
    page.get_by_role("button", name="picture.png").click()
    page.get_by_text("8 × 8").wait_for()
    page.get_by_role("button", name="data").click()
    page.get_by_role("button", name="rows.csv").click()
    page.get_by_role("columnheader", name="a", exact=True).wait_for()
    page.get_by_role("button", name="MLmodel").click()
    page.get_by_text(f'load_model("models:/{lineage.models[0]}")').first.wait_for()


def test_a_model_is_registered_and_deleted(new_page: NewPage, lineage: Lineage, rest: Rest) -> None:
    model = rest.logged_model(lineage.experiment, "short-lived", lineage.runs[0])
    page = new_page(f"/experiments/{lineage.experiment}/models/{model}")
    page.refusals_expected = True  # its folder has no MLmodel file; the second version's name is taken
    for version in (1, 2):
        page.get_by_role("button", name="Register").click()
        page.get_by_role("combobox", name="Registered model").fill("wine made here")
        page.get_by_role("button", name="Register", exact=True).last.click()
        page.get_by_role("heading", name=f"v{version}", exact=True).wait_for()
        page.get_by_role("link", name="logged as short-lived").wait_for()
        page.go_back()
        page.get_by_role("region", name="Registered versions").get_by_text(f"wine made here v{version}").wait_for()
    page.get_by_role("button", name="Actions for this model").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("region", name="Logged models").wait_for()
    page.get_by_role("link", name="short-lived").wait_for(state="detached")


def test_a_model_that_is_logged_while_one_looks_appears(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("models to come")
    run = rest.run(experiment, "fit")
    page = new_page(f"/experiments/{experiment}/models")
    page.get_by_role("heading", name="No models yet").wait_for()
    model = rest.logged_model(experiment, "newborn", run)
    page.get_by_role("link", name="newborn").wait_for(timeout=8000)
    rest.measure(run, model, None, accuracy=0.625)
    page.get_by_role("cell", name="0.625").wait_for()


def test_a_models_file_in_a_run_offers_to_register_it(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[1]}/artifacts/classifier/MLmodel")
    page.get_by_role("button", name="Register this model").click()
    page.get_by_role("combobox", name="Registered model").fill("from a file")
    page.get_by_role("button", name="Register", exact=True).click()
    page.get_by_role("link", name="from run run-01").wait_for()
    page.get_by_role("rowheader", name="alcohol").wait_for()


def test_an_experiment_without_models_says_how_they_come(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.empty}/models")
    page.get_by_role("heading", name="No models yet").wait_for()
    page.get_by_role("link", name="Datasets").click()
    page.get_by_role("heading", name="No datasets yet").wait_for()
