"""The model registry: models, versions, aliases, stages, what differs, what happened."""

from pathlib import Path

import pytest

from tests.fixtures.servers import StartServer
from tests.ui.conftest import NewPage
from tests.ui.pictures import picture
from tests.ui.rest import Rest
from tests.ui.samples import HOSTILE, MODEL

pytestmark = pytest.mark.browser

NAME = "wine quality"
EXAMPLE = "saved_input_example_info: {artifact_path: input_example.json, type: dataframe}\n"
GATES = """
import mlflow
from mlflow.exceptions import PromotionRefused


@mlflow.registry_gate(stage="Production")
def has_accuracy(promotion):
    raise PromotionRefused("nobody measured its accuracy")
"""


@pytest.fixture(scope="module")
def model(rest: Rest) -> str:
    """Three versions of a model, each better than the one before; the first is the champion."""
    experiment = rest.experiment("wine")
    rest.post("/api/2.0/mlflow/registered-models/create", name=NAME, tags=[{"key": "team", "value": HOSTILE}])
    for number in (1, 2, 3):
        run = rest.run(experiment, f"fit-{number}")
        rest.log(run, {"depth": str(number), "seed": "1"}, val__loss=[1 / number])
        rest.upload(run, "model/input_example.json", b'{"columns":["alcohol"],"data":[[12.5]]}')
        rest.upload(run, "model/requirements.txt", f"mlflow==3.17.2\nnumpy=={number}.0\n".encode())
        rest.upload(run, "model/data/rows.csv", b"a,b\n2,x\n10,y\n")
        written = MODEL.replace("double", "float" if number == 3 else "double") + EXAMPLE
        rest.upload(run, "model/MLmodel", written.encode())
        rest.end(run)
        source = f"runs:/{run}/model"
        rest.post("/api/2.0/mlflow/model-versions/create", name=NAME, source=source, run_id=run)
    rest.post("/api/2.0/mlflow/registered-models/alias", name=NAME, alias="champion", version="1")
    return NAME


def test_models_are_listed_with_their_newest_version_and_aliases(new_page: NewPage, model: str) -> None:
    page = new_page("/models")
    row = page.get_by_role("row").filter(has_text=model)
    row.get_by_role("link", name="@champion → v1").wait_for()
    row.get_by_role("link", name="v3", exact=True).wait_for()
    page.get_by_role("searchbox", name="Search models").fill("absent")
    page.get_by_role("heading", name="No model matches").wait_for()
    assert page.evaluate("window.hacked") is None


def test_a_model_shows_what_the_runs_of_its_versions_measured(new_page: NewPage, model: str) -> None:
    page = new_page("/models")
    page.get_by_role("link", name=model).click()
    cells = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="v3")).get_by_role("cell")
    page.get_by_role("columnheader", name="val/loss").wait_for()
    page.get_by_role("columnheader", name="depth").wait_for()  # once all runs are read
    assert page.get_by_role("columnheader", name="seed").count() == 0  # equal in all
    cells.get_by_text("0.3333", exact=True).wait_for()


def test_an_alias_moves_and_moves_back(new_page: NewPage, model: str) -> None:
    page = new_page(f"/models/{model}/3")
    page.get_by_role("button", name="Add an alias to version 3").click()
    page.get_by_role("button", name="@champion from v1").click()
    page.get_by_text("@champion moved from v1 to v3.").wait_for()
    page.get_by_role("button", name="Remove the alias champion").wait_for()
    page.get_by_role("region", name="History").get_by_text("@champion moved from v1 to v3", exact=True).wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Remove the alias champion").wait_for(state="detached")


def test_a_version_tells_where_it_came_from_and_how_to_load_it(new_page: NewPage, model: str) -> None:
    page = new_page(f"/models/{model}/1")
    page.get_by_role("link", name="from run fit-1").wait_for()
    page.get_by_text(f'mlflow.sklearn.load_model("models:/{model}@champion")').wait_for()
    signature = page.get_by_role("region", name="Signature")
    signature.get_by_role("rowheader", name="alcohol").wait_for()
    signature.get_by_role("rowheader", name="<b>kind</b>").wait_for()
    page.get_by_role("region", name="Files").get_by_role("link", name="MLmodel").wait_for()
    page.get_by_role("region", name="Metrics").get_by_role("cell", name="1", exact=True).wait_for()
    page.get_by_role("region", name="Input example").get_by_text("12.5").wait_for()


def test_two_versions_are_compared(new_page: NewPage, model: str) -> None:
    page = new_page(f"/models/{model}")
    for number in (2, 3):
        page.get_by_role("checkbox", name=f"Select version {number}").check()
    page.get_by_role("button", name="Compare two").click()
    region = page.get_by_role("region", name="v2 → v3")
    region.get_by_role("row").filter(has_text="input alcohol").get_by_text("float").wait_for()
    region.get_by_role("row").filter(has_text="numpy").wait_for()
    rows = [" ".join(text.split()) for text in region.get_by_role("row").all_inner_texts()]
    assert rows == [
        "Field v2 v3",
        "Metrics val/loss 0.5 0.3333",
        "Params depth 2 3",
        "Signature input alcohol double float",
        "Requirements numpy 2.0 3.0",
    ]
    assert page.url.endswith("/3?with=2")


def test_columns_of_versions_are_chosen_and_they_stand_by_one(new_page: NewPage, model: str) -> None:
    page = new_page(f"/models/{model}")
    page.get_by_role("columnheader", name="val/loss").get_by_role("button").click()
    page.wait_for_url("**s=metrics.val/loss**")
    first = page.get_by_role("rowheader").first
    assert first.inner_text() == "v3"
    page.get_by_role("columnheader", name="val/loss").get_by_role("button").click()
    page.get_by_role("row").nth(1).get_by_role("rowheader", name="v1").wait_for()
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("textbox", name="Find a metric or param").fill("seed")
    page.keyboard.press("Enter")
    page.get_by_role("columnheader", name="seed").wait_for()
    page.keyboard.press("Escape")
    page.reload()
    page.get_by_role("columnheader", name="seed").wait_for()
    page.get_by_role("row").nth(1).get_by_role("rowheader", name="v1").wait_for()
    page.goto(page.url.split("?")[0] + "?s=params.seed")  # by a column that is not shown
    page.get_by_role("columnheader", name="seed").wait_for(state="detached")
    page.get_by_role("columnheader", name="val/loss").wait_for()


def test_a_stage_is_chosen_in_a_dialog(new_page: NewPage, model: str) -> None:
    page = new_page(f"/models/{model}/2")
    page.get_by_role("button", name="Stage: None").click()
    page.get_by_label("Production").check()
    page.get_by_role("textbox", name="Comment").fill("after the review")
    page.get_by_role("button", name="Move to Production").click()
    page.get_by_role("button", name="Stage: Production").wait_for()
    page.get_by_text("“after the review”").wait_for()
    page.get_by_text("Version moved from None to Production").wait_for()


def test_description_and_tags_of_a_version_are_edited(new_page: NewPage, model: str) -> None:
    page = new_page(f"/models/{model}/2")
    page.get_by_role("button", name="Edit the description").click()
    page.get_by_role("textbox", name="Description").fill("Trained on **all** data")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Trained on all data").wait_for()
    page.get_by_role("button", name="Add a tag").click()
    page.get_by_role("textbox", name="Tag").fill("checked")
    page.get_by_label("Value").fill("yes")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Remove the tag checked").wait_for()


def test_models_are_made_renamed_and_deleted(new_page: NewPage) -> None:
    page = new_page("/models")
    page.get_by_role("button", name="New model").click()
    page.get_by_role("textbox", name="Name").fill("short-lived")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("heading", name="No versions yet").wait_for()
    page.get_by_role("button", name="Actions for this model").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("renamed")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="renamed").wait_for()
    page.get_by_role("button", name="Actions for this model").click()
    page.get_by_role("menuitem", name="Delete").click()
    assert page.get_by_role("button", name="Delete for good").is_disabled()
    page.get_by_label("Type renamed to go on").fill("renamed")
    page.get_by_role("button", name="Delete for good").click()
    page.get_by_role("heading", name="Models").wait_for()
    page.get_by_role("link", name="renamed").wait_for(state="detached")


def test_links_of_the_older_registry_lead_here(new_page: NewPage, model: str) -> None:
    page = new_page(f"/models/{model}/versions/1")
    page.get_by_role("heading", name="v1", exact=True).wait_for()


def test_files_of_a_version_are_browsed_in_their_folders(new_page: NewPage, model: str) -> None:
    page = new_page(f"/models/{model}/1")
    page.get_by_role("region", name="Requirements").get_by_text("numpy==1.0").wait_for()
    page.get_by_role("region", name="Files").get_by_role("link", name="MLmodel").click()
    page.get_by_role("button", name="data").click()
    page.get_by_role("button", name="rows.csv").click()
    page.get_by_role("cell", name="10", exact=True).wait_for()
    assert page.url.endswith("/1/files/data/rows.csv")
    with page.expect_download() as told:
        page.get_by_role("link", name="Download data as a ZIP file").click()
    assert told.value.suggested_filename == "data.zip"


def test_a_version_is_promoted_to_an_alias(new_page: NewPage, model: str) -> None:
    page = new_page(f"/models/{model}/2")
    page.get_by_role("button", name="Promote").click()
    page.get_by_role("textbox", name="alias").fill("@challenger")
    page.get_by_role("button", name="Promote").last.click()
    page.get_by_text("v2 is @challenger.").wait_for()
    page.get_by_text("The registry has no checks for this.").wait_for()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Remove the alias challenger").wait_for()


def test_what_checks_found_is_shown_when_a_promotion_is_refused(
    new_page: NewPage, start_server: StartServer, tmp_path: Path
) -> None:
    (tmp_path / "gates.py").write_text(GATES)
    server = start_server(environment={"MLFLOW_REGISTRY_GATES": str(tmp_path / "gates.py")})
    rest = Rest(server.url)
    run = rest.run(rest.experiment("gated"), "fit")
    rest.post("/api/2.0/mlflow/registered-models/create", name="gated")
    rest.post("/api/2.0/mlflow/model-versions/create", name="gated", source=f"runs:/{run}/m", run_id=run)
    page = new_page("/models/gated/1", url=server.url)
    page.refusals_expected = True
    page.get_by_role("button", name="Promote").click()
    page.get_by_text("A stage").click()
    page.get_by_role("radio", name="Production").check()
    page.get_by_role("button", name="Promote").last.click()
    verdict = page.get_by_role("dialog").get_by_role("status")
    verdict.get_by_text("v1 is not Production.").wait_for()
    verdict.get_by_text("✗ has_accuracy: nobody measured its accuracy").wait_for()
    picture(page, "refused promotion")
    page.get_by_role("button", name="Choose another").click()
    page.get_by_text("An alias").click()
    page.get_by_role("textbox", name="Alias").fill("tried")
    page.get_by_role("button", name="Promote").last.click()
    page.get_by_text("v1 is @tried.").wait_for()


def test_a_version_is_copied_to_another_model_and_deleted(new_page: NewPage, model: str) -> None:
    page = new_page(f"/models/{model}/1")
    page.refusals_expected = True
    page.get_by_role("button", name="Actions for this version").click()
    page.get_by_role("menuitem", name="Copy to another model").click()
    page.get_by_role("combobox", name="Registered model").fill("wine in production")
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("link", name="wine in production").wait_for()
    page.get_by_role("link", name=f"copied from {model} v1").wait_for()
    page.get_by_role("rowheader", name="alcohol").wait_for()  # the same files
    page.get_by_role("button", name="Actions for this version").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_label("Type v1 to go on").fill("v1")
    page.get_by_role("button", name="Delete for good").click()
    page.get_by_role("heading", name="No versions yet").wait_for()


def test_a_model_is_shown_as_it_was(new_page: NewPage, rest: Rest, model: str) -> None:
    page = new_page(f"/models/{model}")
    history = page.get_by_role("region", name="History")
    history.get_by_role("listitem").filter(has_text="v2 registered").first.get_by_role("link").click()
    rows = page.get_by_role("region", name="Versions on").get_by_role("row")
    rows.nth(2).wait_for()
    assert [text.split("\t")[0] for text in rows.all_inner_texts()[1:]] == ["v2", "v1"]
    page.get_by_role("button", name="Back to now").click()
    page.get_by_role("rowheader", name="v3").wait_for()


def test_the_list_draws_a_metric_over_versions(new_page: NewPage, model: str) -> None:
    asked: list[str] = []
    page = new_page("/models")
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    row = page.get_by_role("row").filter(has_text=model)
    row.get_by_title("v1: 1, v2: 0.5, v3: 0.3333").locator("polyline").wait_for()
    assert page.get_by_role("combobox", name="Metric over versions").input_value() == "val/loss"
    page.locator("label").filter(has_text="Latest").click()
    page.wait_for_url("**/models?s=-last_updated_timestamp")
    row.get_by_title("v1: 1").wait_for()
    assert {url.rpartition("/api/")[2] for url in asked if "events" not in url} == {"ext/v1/models/query"}
    assert row.get_by_role("cell").all_inner_texts()[:2] == ["v3", "3"]
