"""One run: overview and charts, and the links that lead to it."""

import json

import pytest

import mlflow
from tests.fixtures.servers import StartServer, TrackingServer
from tests.ui.calm import listens, settle
from tests.ui.conftest import NewPage
from tests.ui.pictures import picture
from tests.ui.rest import Rest
from tests.ui.samples import Samples

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_the_overview_tells_last_smallest_and_largest(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[3]}")
    cells = page.get_by_role("row").filter(has_text="val/loss").get_by_role("cell")
    page.get_by_text("@59").first.wait_for()
    cells.nth(1).locator("polyline").wait_for()
    assert cells.all_inner_texts() == ["val/loss", "", "0.1073@59", "0.1073@59", "1.1@0"]
    assert page.title() == "run-03 · MLflow"


def test_name_description_and_tags_are_edited_in_place(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("edited"), "before")
    page = new_page(f"/runs/{run}")
    page.get_by_role("button", name="Actions for this run").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("after")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="after").wait_for()
    page.get_by_role("button", name="Edit the description").click()
    page.get_by_role("textbox", name="Description").fill("Why it was done")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Why it was done").wait_for()
    page.get_by_role("button", name="Add a tag").click()
    page.get_by_role("textbox", name="Tag").fill("team")
    page.get_by_label("Value").fill("a")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Remove the tag team").click()
    page.get_by_role("button", name="Remove the tag team").wait_for(state="detached")


def test_zooming_reads_the_exact_points(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/charts?k=val/loss")
    plot = page.locator(".u-over")
    plot.wait_for()
    box = plot.bounding_box()
    with page.expect_response(lambda answer: answer.url.endswith("/metrics/sample")) as answered:
        page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 40, steps=4)
        page.mouse.up()
    asked = json.loads(answered.value.request.post_data)
    assert 150 < asked["start"] < asked["end"] < 300
    (series,) = answered.value.json()["series"]
    assert series["exact"] is True
    assert "z=" in page.url
    page.get_by_role("button", name="Reset zoom").click()
    page.get_by_role("button", name="Reset zoom").wait_for(state="detached")
    assert "z=" not in page.url


def test_a_chart_can_be_read_as_a_table(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[3]}/charts?k=val/loss")
    assert "lowest 0.1073 in run-03" in page.get_by_role("img", name="val/loss").get_attribute("aria-label")
    page.get_by_role("button", name="Show val/loss as a table").click()
    assert page.get_by_role("row").count() == 61


def test_a_metric_that_was_logged_once_is_a_figure(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[3]}/charts?k=f1")
    page.get_by_text("logged once").wait_for()
    page.get_by_text("0.25", exact=True).wait_for()


def test_chart_options_are_in_the_address(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[3]}/charts")
    page.get_by_label("Log scale").check()
    page.get_by_text("Relative", exact=True).click()
    page.get_by_label("Smoothing").fill("0.6")
    page.wait_for_url("**/charts?*")
    page.reload()
    assert page.get_by_label("Log scale").is_checked()
    assert page.get_by_label("Relative").is_checked()
    assert page.get_by_label("Smoothing").input_value() == "0.6"


def test_points_arrive_while_one_looks(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("training"), "live")
    rest.log(run, loss=[1.0, 0.5])
    page = new_page(f"/runs/{run}/charts")
    chart = page.get_by_role("img", name="loss")
    chart.wait_for()
    listens(page)
    rest.log(run, loss=[1.0, 0.5, 0.25, 0.125])
    page.get_by_role("img", name="lowest 0.125").wait_for(timeout=5000)


@pytest.mark.parametrize("rest_of_link", ["", "/model-metrics", "/artifacts/notes/report.txt"])
def test_links_of_clients_lead_to_the_run(new_page: NewPage, samples: Samples, rest_of_link: str) -> None:
    page = new_page(f"/experiments/{samples.sweep}/runs/{samples.runs[0]}{rest_of_link}")
    page.get_by_role("heading", name="run-00").wait_for()


def test_the_link_that_the_client_prints_leads_to_the_run(
    new_page: NewPage, tracking_server: TrackingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    mlflow.set_tracking_uri(tracking_server.url)
    mlflow.set_experiment("printed")
    with mlflow.start_run(run_name="by the client"):
        mlflow.log_metric("loss", 1.0)
    printed = next(word for word in capsys.readouterr().out.split() if "/runs/" in word)
    page = new_page("/experiments")
    page.goto(printed)
    page.get_by_role("heading", name="by the client").wait_for()


def test_a_run_that_does_not_exist_is_said_so(new_page: NewPage) -> None:
    page = new_page("/experiments")
    page.refusals_expected = True
    page.goto(page.url.replace("/experiments", f"/runs/{'0' * 32}"))
    assert "0" * 32 in page.get_by_role("alert").text_content()


def test_the_page_works_below_a_prefix(new_page: NewPage, start_server: StartServer) -> None:
    server = start_server(None, "--static-prefix", "/deep/down")
    rest = Rest(f"{server.url}/deep/down")
    run = rest.run(rest.experiment("prefixed"), "inside")
    rest.log(run, loss=[1.0, 0.5])
    rest.upload(run, "a.txt", b"hello")
    page = new_page(f"/runs/{run}/artifacts/a.txt", url=rest.url)
    page.get_by_text("hello").wait_for()
    page.get_by_role("link", name="Charts").click()
    page.locator(".u-over").wait_for()


def test_a_server_that_goes_away_is_said_so_and_what_was_read_stays(
    new_page: NewPage, start_server: StartServer
) -> None:
    server = start_server()
    rest = Rest(server.url)
    run = rest.run(rest.experiment("outage"), "survivor")
    rest.log(run, loss=[1.0, 0.5])
    page = new_page(f"/runs/{run}", url=server.url)
    page.outage_expected = True
    page.get_by_text("@1").first.wait_for()
    listens(page)
    server.kill()
    page.get_by_text("Reconnecting").wait_for()
    picture(page, "server unreachable")
    page.get_by_role("heading", name="survivor").wait_for()
    server.start()
    page.get_by_text("Reconnecting").wait_for(state="detached")
    rest.log(run, loss=[1.0, 0.5, 0.125])
    page.get_by_role("row").filter(has_text="loss").get_by_text("0.125").first.wait_for(timeout=8000)


def test_what_was_asked_for_while_the_server_was_away_comes_with_it(
    new_page: NewPage, start_server: StartServer
) -> None:
    server = start_server()
    rest = Rest(server.url)
    experiment = rest.experiment("away")
    for name in ("one", "two"):
        rest.log(rest.run(experiment, name), loss=[1.0])
    table, other = (new_page(f"/experiments/{experiment}?m=table", url=server.url) for _ in range(2))
    for page in (table, other):
        page.outage_expected = True
        page.get_by_role("link", name="two", exact=True).wait_for()
    server.kill()
    table.get_by_text("Reconnecting").wait_for()
    table.get_by_role("combobox", name="Filter runs").fill("tw")
    table.wait_for_url("**q=tw**")
    settle(table)
    table.get_by_role("link", name="one", exact=True).wait_for()
    other.get_by_role("link", name="Datasets").click()
    other.get_by_role("heading", name="A part of this page could not be loaded").wait_for()
    other.get_by_role("link", name="Experiments", exact=True).first.wait_for()
    server.start()
    table.get_by_role("link", name="one", exact=True).wait_for(state="detached")
    table.get_by_role("link", name="two", exact=True).wait_for()
    table.get_by_role("alert").wait_for(state="detached")
    other.get_by_role("heading", name="No datasets yet").wait_for()


def test_params_stand_as_a_tree_and_are_copied(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("params as a tree"), "one")
    rest.log(run, {"lr": "0.1", "model.depth": "3", "model.head.width": "64", "model.head.act": "relu"})
    page = new_page(f"/runs/{run}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    params = page.get_by_role("region", name="Params")
    params.get_by_role("cell", name="width").wait_for()
    assert params.locator("td:first-child").all_inner_texts() == ["lr", "model.", "depth", "head.", "act", "width"]
    params.get_by_role("button", name="head.").press("Enter")
    params.get_by_role("cell", name="width").wait_for(state="detached")
    params.get_by_role("button", name="Copy these params").click()
    page.get_by_role("menuitem", name="As YAML").click()
    page.get_by_text("Params copied.").wait_for()
    copied = 'lr: 0.1\nmodel.depth: 3\nmodel.head.act: "relu"\nmodel.head.width: 64\n'
    assert page.evaluate("() => navigator.clipboard.readText()") == copied


def test_a_chart_is_read_with_the_keyboard(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[3]}/charts?k=^val/loss$")
    chart = page.get_by_role("img", name="val/loss, 1 of 1 runs")
    chart.focus()
    for key in ("Home", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    page.get_by_role("status").filter(has_text="At step 2: run-03 ").wait_for(state="attached")
    page.keyboard.press("t")
    page.get_by_role("button", name="Show val/loss as a chart").wait_for()
    page.get_by_role("table").wait_for()


def test_a_run_keeps_the_colour_that_it_was_given(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[2]}")
    page.get_by_role("button", name="The run's colour").click()
    palette = page.get_by_role("dialog", name="The run's colour")
    palette.get_by_role("button", name="teal, dashed").click()
    palette.wait_for(state="detached")
    page.goto(f"{page.url.split('#')[0]}#/experiments/{samples.sweep}?m=split")
    square = page.get_by_role("button", name="Show run-02 in charts").locator("span")
    square.wait_for()
    assert "repeating-linear-gradient(90deg, rgb(26, 112, 91)" in square.evaluate("one => one.style.background")
    page.get_by_role("checkbox", name="Select run-02", exact=True).check()
    page.get_by_role("button", name="Colour").click()
    page.get_by_role("dialog", name="The run's colour").get_by_role("button", name="By the order").click()
    free = "rgb(190, 112, 22)"  # the twelfth style: orange, dashed
    page.wait_for_function("([one, free]) => one.style.background.includes(free)", arg=[square.element_handle(), free])
