"""Logged models: the grid of an experiment, models side by side, one model's page and files."""

from typing import Any

import pytest

from tests.ui.conftest import NewPage
from tests.ui.lineage import Lineage
from tests.ui.rest import Rest
from tests.ui.samples import Samples

pytestmark = pytest.mark.browser


def names(page: Any) -> list[str]:
    grid = page.get_by_role("grid", name="Logged models")
    return [text.strip() for text in grid.get_by_role("rowheader").get_by_role("link").all_inner_texts()]


def first(page: Any, name: str) -> None:
    """Wait until a model stands first."""
    page.get_by_role("rowheader").first.get_by_role("link", name=name, exact=True).wait_for()


def choose(page: Any, column: str, action: str, nth: int = 0) -> None:
    page.get_by_role("columnheader", name=column, exact=True).nth(nth).get_by_role("button").click()
    page.get_by_role("menuitem", name=action).click()


def test_models_are_listed_with_what_was_measured_on_each_dataset(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}")
    page.get_by_role("link", name="Models", exact=True).last.click()
    grid = page.get_by_role("grid", name="Logged models")
    grid.get_by_role("columnheader", name="wine-test b2b2b2b2").wait_for()
    row = grid.get_by_role("row").filter(has=page.get_by_role("rowheader", name="forest"))
    row.get_by_role("link", name="fit-forest").wait_for()
    assert row.get_by_role("gridcell").all_inner_texts()[2:] == ["1", "0.95", "0.2", "0.99", "8"]
    assert grid.get_by_role("columnheader", name="seed").count() == 0  # equal in all
    assert row.locator("[data-best=true]").all_inner_texts() == ["0.95", "0.2", "0.99"]
    page.get_by_text("3 models", exact=True).wait_for()


def test_models_are_sorted_filtered_and_restricted_to_a_dataset(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}/models")
    choose(page, "accuracy", "Largest first")
    page.wait_for_url("**s=-metrics.accuracy@wine-test%23b2b2b2b2")
    first(page, "forest")
    choose(page, "accuracy", "Smallest first")
    first(page, "linear")
    head = page.get_by_role("columnheader", name="accuracy").first
    assert head.get_attribute("aria-sort") == "ascending"
    page.get_by_role("searchbox", name="Filter models").fill("metrics.accuracy > 0.8")
    page.get_by_role("rowheader").nth(2).wait_for(state="detached")
    page.get_by_role("combobox", name="Measured on").select_option("wine-test#b2b2b2b2")
    page.get_by_role("rowheader").nth(1).wait_for()
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
    page.keyboard.press("Escape")
    choose(page, "seed", "Pin beside the name")
    page.reload()
    page.get_by_role("columnheader", name="seed").wait_for()
    assert page.get_by_role("row").nth(1).get_by_role("columnheader").nth(1).inner_text() == "seed"
    assert page.get_by_role("columnheader", name="depth").count() == 0
    assert "pin=~params.seed" in page.url


def test_models_stand_by_the_step_of_their_run(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("checkpoints")
    run = rest.run(experiment, "fit")
    for step in (300, 100, 200):
        rest.output(run, rest.logged_model(experiment, f"at {step}", run), step)
    page = new_page(f"/experiments/{experiment}/models")
    choose(page, "Step", "Largest first")
    first(page, "at 300")
    assert names(page) == ["at 300", "at 200", "at 100"]
    steps = [row.get_by_role("gridcell").nth(2).inner_text() for row in page.get_by_role("row").all()[2:]]
    assert steps == ["300", "200", "100"]


def test_models_are_gone_through_ticked_and_compared_by_keys(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}/models?s=name")
    first(page, "forest")
    page.get_by_role("grid").focus()
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.locator("[role=row][data-active=true]").get_by_role("link", name="linear", exact=True).wait_for()
    page.keyboard.press("j")
    page.locator("[role=row][data-active=true]").get_by_role("link", name="tree", exact=True).wait_for()
    page.keyboard.press("Space")
    bar = page.get_by_role("toolbar", name="Selected models")
    bar.get_by_text("2 models selected").wait_for()
    page.keyboard.press("c")
    region = page.get_by_role("region", name="Differences")
    region.get_by_role("columnheader", name="tree").wait_for()
    assert region.get_by_role("columnheader", name="linear").count() == 0
    page.get_by_role("button", name="All models").click()
    page.get_by_role("grid").focus()
    page.refusals_expected = True  # its folder has no MLmodel file
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="tree").wait_for()


def test_any_of_many_models_is_reached_with_few_elements(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("many models")
    for number in range(120):
        rest.logged_model(experiment, f"model {number:03}", **{f"p{key}": str(number) for key in range(3)})
    page = new_page(f"/experiments/{experiment}/models?s=name")
    first(page, "model 000")
    page.get_by_text("120 models", exact=True).wait_for()
    assert page.locator("[role=gridcell]").count() < 300
    page.get_by_role("grid").focus()
    page.keyboard.press("End")
    page.get_by_role("link", name="model 119").wait_for()
    page.get_by_role("checkbox", name="By run").check()
    page.get_by_role("rowheader", name="Without a run 100").wait_for()
    page.get_by_role("grid").focus()
    page.keyboard.press("End")
    page.get_by_role("link", name="model 102").wait_for()


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
        page.get_by_role("checkbox", name=f"Select {name}").check()
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
    page.get_by_role("grid", name="Logged models").wait_for()


def test_a_ticked_model_is_registered(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("models to register")
    rest.logged_model(experiment, "candidate")
    page = new_page(f"/experiments/{experiment}/models")
    page.refusals_expected = True  # its folder has no MLmodel file
    page.get_by_role("checkbox", name="Select candidate").check()
    page.get_by_role("toolbar", name="Selected models").get_by_role("button", name="Register").click()
    page.get_by_role("combobox", name="Registered model").fill("registered from the table")
    page.get_by_role("button", name="Register", exact=True).last.click()
    page.get_by_role("heading", name="v1", exact=True).wait_for()
    page.go_back()
    page.get_by_role("gridcell").get_by_role("link", name="registered from the table v1").wait_for()


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
    page.get_by_role("grid", name="Logged models").wait_for()
    page.get_by_role("link", name="short-lived").wait_for(state="detached")


def test_a_model_that_is_logged_while_one_looks_appears(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("models to come")
    run = rest.run(experiment, "fit")
    page = new_page(f"/experiments/{experiment}/models")
    page.get_by_role("heading", name="No models yet").wait_for()
    model = rest.logged_model(experiment, "newborn", run)
    page.get_by_role("link", name="newborn").wait_for(timeout=8000)
    rest.measure(run, model, None, accuracy=0.625)
    page.get_by_role("gridcell", name="0.625").wait_for()


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
