"""Panels that differ from the others, fill the screen, or show something else than a metric over steps."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import NewPage
from tests.ui.samples import Samples
from tests.ui.test_accessibility import violations

pytestmark = pytest.mark.browser


def options(page: Any, metric: str, choice: str) -> None:
    page.get_by_role("region", name=metric).hover()
    page.get_by_role("button", name=f"Options of {metric}").click()
    page.get_by_role("menuitem", name=choice, exact=True).click()


def test_a_panel_has_axes_of_its_own(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=charts&k=val/")
    page.get_by_role("img", name="val/loss, 12 of 12 runs").wait_for()
    options(page, "val/loss", "Logarithmic")
    options(page, "val/loss", "Logarithmic across")
    options(page, "val/acc", "Relative")
    page.wait_for_url("**p=~val/loss|log%2Clogx,val/acc|relative**")
    page.get_by_role("region", name="val/loss").get_by_text("log step").wait_for()
    page.get_by_role("region", name="val/acc").get_by_text("relative", exact=True).wait_for()
    page.reload()
    page.get_by_role("region", name="val/loss").get_by_text("log step").wait_for()
    options(page, "val/loss", "As the other panels")
    page.get_by_role("region", name="val/loss").get_by_text("log step").wait_for(state="detached")


def test_a_panel_fills_the_screen_and_arrows_step_through_the_others(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=charts&k=val/")
    page.get_by_role("img", name="val/loss, 12 of 12 runs").wait_for()
    page.get_by_role("region", name="val/loss").hover()
    page.get_by_role("button", name="Show val/loss large").click()
    large = page.get_by_role("dialog")
    large.get_by_role("img", name="val/loss, 12 of 12 runs").wait_for()
    assert large.get_by_role("img", name="val/loss").bounding_box()["height"] > 500
    page.keyboard.press("ArrowLeft")
    large.get_by_role("img", name="val/acc, 12 of 12 runs").wait_for()
    assert "full=val/acc" in page.url
    with page.expect_download() as download:
        large.hover()
        large.get_by_role("button", name="Options of val/acc").click()
        page.get_by_role("menuitem", name="Save as picture").click()
    assert download.value.suggested_filename == "val_acc.png"
    assert download.value.path().read_bytes()[:4] == b"\x89PNG"
    with page.expect_download() as download:
        large.get_by_role("button", name="Options of val/acc").click()
        page.get_by_role("menuitem", name="Save as SVG").click()
    assert download.value.suggested_filename == "val_acc.svg"
    drawn = ElementTree.parse(download.value.path()).getroot()
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "val/acc"
    assert {"run-00", "run-09"} <= set(texts)
    lines = [path for path in drawn.iter("{http://www.w3.org/2000/svg}path") if path.get("stroke-width") == "1.5"]
    assert len(lines) == 12
    assert all(path.get("d", "").count("L") > 20 for path in lines)
    page.keyboard.press("Escape")
    large.wait_for(state="detached")


def test_boxes_and_differences_are_added_and_taken_away(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=charts")
    page.get_by_role("button", name="Panel", exact=True).click()
    form = page.get_by_role("dialog", name="Add a panel")
    form.get_by_label("Metric").select_option("metrics.val/loss")
    form.get_by_label("Boxes by").select_option("params.optimizer")
    form.get_by_role("button", name="Add").click()
    boxes = page.get_by_role("img", name="val/loss by optimizer, 2 boxes")
    boxes.wait_for()
    assert "adamw: 6 runs, median" in boxes.locator("title").first.text_content()

    page.get_by_role("button", name="Panel", exact=True).click()
    form.get_by_text("Differences").click()
    form.get_by_label("Metric").select_option("metrics.val/loss")
    form.get_by_role("button", name="Add").click()
    differences = page.get_by_role("region", name="val/loss, from the baseline")
    differences.get_by_text("From run-00").wait_for()
    assert differences.get_by_role("listitem").first.inner_text().split()[:1] == ["run-03"]
    page.wait_for_url("**w=~box|metrics.val/loss|params.optimizer,diff|metrics.val/loss**")
    page.get_by_role("button", name="Remove val/loss by optimizer").click()
    boxes.wait_for(state="detached")


def test_shift_and_dragging_chooses_a_vertical_range(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=charts&k=val/")
    plot = page.get_by_role("region", name="val/loss").locator(".u-over")
    plot.wait_for()
    box = plot.bounding_box()
    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + 60, box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 64, box["y"] + 0.9 * box["height"], steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    page.wait_for_url("**p=~val/loss|y0.**")
    assert "val/acc" not in page.url.split("p=~")[1].split("&")[0]
    assert "z=" not in page.url
    options(page, "val/loss", "Range… (on)")
    form = page.get_by_role("dialog", name="Vertical range of val/loss")
    low = float(form.get_by_label("From").input_value())
    assert 0 < low < float(form.get_by_label("To").input_value()) < 1.5
    form.get_by_label("From").fill("0.25")
    form.get_by_role("button", name="Apply").click()
    page.wait_for_url("**p=~val/loss|y0.25..**")
    plot.dblclick()
    page.wait_for_url(lambda url: "p=" not in url)


def test_panels_are_arranged_in_sections(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=charts")
    page.get_by_role("img", name="val/loss, 12 of 12 runs").wait_for()
    page.get_by_role("button", name="Section", exact=True).click()
    page.get_by_role("textbox", name="Name").fill("Mine")
    page.get_by_role("button", name="Create", exact=True).click()
    page.get_by_text("Drag panels here").wait_for()
    page.get_by_role("heading", name="val/loss").drag_to(page.get_by_text("Drag panels here"))
    page.get_by_role("button", name="Mine 1").wait_for()
    options(page, "val/acc", "To “Mine”")
    page.get_by_role("button", name="Mine 2").wait_for()
    options(page, "val/acc", "Earlier")
    page.get_by_role("button", name="Metrics 1").click()
    page.get_by_role("region", name="f1").wait_for(state="detached")
    section(page, "Mine", "Rename")
    page.get_by_role("textbox", name="Name").fill("What counts")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    page.get_by_role("button", name="What counts 2").wait_for()
    section(page, "What counts", "Move down")
    page.wait_for_url("**sec=~-|/,What+counts||val/acc|val/loss**")
    page.reload()
    page.get_by_role("img", name="val/acc, 12 of 12 runs").wait_for()
    heads = page.get_by_role("main").get_by_role("heading", level=2).all_inner_texts()
    assert [text.split()[0] for text in heads] == ["Metrics", "What", "val/acc", "val/loss"]
    section(page, "What counts", "Delete the section")
    page.get_by_role("button", name="val 2").wait_for()
    assert violations(page) == []


def section(page: Any, title: str, choice: str) -> None:
    page.get_by_role("button", name=f"Options of the section {title}").click()
    page.get_by_role("menuitem", name=choice).click()


def test_a_panel_has_a_link_that_opens_it_large(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=charts&x=relative")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("region", name="val/acc").hover()
    page.get_by_role("button", name="Options of val/acc").click()
    page.get_by_role("menuitem", name="Copy link to this panel").click()
    page.get_by_text("Link copied.").wait_for()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert link == f"{page.url}&full=val/acc"
    page.goto(link)
    page.get_by_role("region", name="val/acc, large").wait_for()


def test_charts_lie_over_another_metric_and_the_cursor_tells_pinned_columns(
    new_page: NewPage, samples: Samples
) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=charts&k=val/loss&c=~params.optimizer,f1&pin=~params.optimizer")
    page.get_by_role("button", name="Over a metric").click()
    page.get_by_role("textbox", name="Find a metric").fill("acc")
    page.keyboard.press("Enter")
    page.wait_for_url("**x=metric:val/acc**")
    panel = page.get_by_role("region", name="val/loss")
    panel.get_by_text("val/acc", exact=True).wait_for()
    plot = panel.locator(".u-over")
    box = plot.bounding_box()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 40)
    words = panel.locator("table").inner_text().split()
    assert words[0] == "val/acc"
    assert 0 < float(words[1]) < 1
    assert words[2] == "optimizer"
    assert {"adamw", "sgd"} <= set(words)
    with page.expect_response(lambda answer: answer.url.endswith("/metrics/sample")) as answered:
        page.mouse.down()
        page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 40, steps=4)
        page.mouse.up()
    asked = json.loads(answered.value.request.post_data)
    assert asked["x"] == "metric:val/acc"
    assert 0 < asked["start"] < asked["end"] < 1
    options(page, "val/loss", "Metrics beside it…")
    page.get_by_role("dialog").get_by_role("button", name="val/acc").click()
    page.wait_for_url("**p=~val/loss|%2Bval%252Facc**")
    page.keyboard.press("Escape")
    page.get_by_role("img", name="val/loss, val/acc, 12 of 12 runs").wait_for()
    options(page, "val/loss", "Step")
    page.wait_for_url("**p=~val/loss|step**")
    options(page, "val/loss", "Another metric…")
    page.get_by_role("dialog").get_by_role("button", name="f1").click()
    page.wait_for_url("**p=~val/loss|metric:f1%2C**")


def test_a_part_is_chosen_by_figures_and_points_have_dots(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/charts?k=val/loss")
    panel = page.get_by_role("region", name="val/loss", exact=True)
    panel.get_by_role("button", name="Options of val/loss").click()
    page.get_by_role("menuitem", name="Dots at points").click()
    page.wait_for_url("**p=~val/loss|points**")
    panel.get_by_role("button", name="Options of val/loss").click()
    page.get_by_role("menuitem", name="Range across").click()
    dialog = page.get_by_role("dialog", name="Horizontal range of all panels")
    dialog.get_by_role("textbox", name="From").fill("100")
    dialog.get_by_role("textbox", name="To").fill("110")
    page.keyboard.press("Enter")
    page.wait_for_url("**z=100..110**")
    settle(page)  # until the points of that range are drawn
    panel.get_by_role("img").focus()
    page.keyboard.press("End")
    page.get_by_text("At step 110: ").wait_for()
    page.get_by_role("button", name="Reset zoom").click()
    page.wait_for_url(lambda address: "z=" not in address)


def test_runs_at_a_place_that_is_pressed_stay_to_be_opened_or_taken_out(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=charts&k=val/loss&r=~{','.join(samples.runs[2:4])}")
    chart = page.get_by_role("img", name="val/loss, 2 of 2 runs")
    chart.click()
    held = page.get_by_role("region", name="Runs at step")
    held.get_by_role("link", name="run-02").wait_for()
    assert violations(page) == []
    held.get_by_role("button", name="Take run-03 out of the charts").click()
    page.get_by_role("img", name="val/loss, 1 of 1 runs").focus()
    page.keyboard.press("End")
    page.get_by_text("At step 59: ").wait_for()
    page.keyboard.press("Enter")
    held.get_by_role("link", name="run-02").press("Enter")
    page.get_by_role("heading", name="run-02").wait_for()


def test_a_run_stands_out_in_all_charts_whose_line_row_or_bar_is_pointed_at(
    new_page: NewPage, samples: Samples
) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=split&r=~{','.join(samples.runs[2:5])}")
    charts = [page.get_by_role("img", name=f"{key}, 3 of 3 runs") for key in ("val/loss", "val/acc")]
    for chart in charts:
        chart.wait_for()
    settle(page)
    bars = page.get_by_role("region", name="f1").get_by_role("listitem")

    def alone(name: str) -> None:
        """Only this run stands out; its row too."""
        page.locator("[role=row][data-lit=true]").filter(has_text=name).wait_for()
        settle(page)
        numbers = [chart.locator("canvas[data-over]").get_attribute("data-over") for chart in charts]
        assert numbers[0] == numbers[1] != ""
        assert [bar.get_attribute("data-faint") for bar in bars.filter(has_not_text=name).all()] == ["true", "true"]
        assert bars.filter(has_text=name).get_attribute("data-faint") == "false"

    box = charts[0].bounding_box()
    page.mouse.move(box["x"] + box["width"] - 30, box["y"] + box["height"] - 45, steps=3)  # where the lowest ends
    alone("run-03")
    page.get_by_role("row", name="run-02").get_by_role("link").hover()
    alone("run-02")
    bars.filter(has_text="run-04").hover()
    alone("run-04")
    page.mouse.move(1, 1)
    page.locator("[data-lit=true]").wait_for(state="detached")
    page.get_by_role("checkbox", name="Select run-02", exact=True).check()
    page.get_by_role("checkbox", name="Select run-03", exact=True).check()
    page.mouse.move(1, 1)
    page.locator("[data-lit=true]").wait_for(state="detached")
    settle(page)
    assert len(charts[0].locator("canvas[data-over]").get_attribute("data-over").split(",")) == 2
    assert bars.filter(has_text="run-04").get_attribute("data-faint") == "true"


INK = """chart => {
  const word = document.createElement("p");
  word.style.color = "CanvasText";
  document.body.append(word);
  const [red, green, blue] = getComputedStyle(word).color.match(/[0-9]+/g).map(Number);
  word.remove();
  const canvas = chart.querySelector(".u-wrap canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4)
    if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] > 128) return true;
  return false;
}"""  # whether anything in the chart has the colour that the system gives to words


def test_charts_follow_the_colours_that_the_system_sets(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=split&k=val/loss&r=~{','.join(samples.runs[2:5])}")
    chart = page.get_by_role("img", name="val/loss, 3 of 3 runs")
    chart.wait_for()
    settle(page)
    assert not chart.evaluate(INK)
    square = page.get_by_role("button", name="Show run-03 in charts").locator("span")
    assert "gradient" not in square.get_attribute("style")
    page.emulate_media(forced_colors="active")
    chart.locator("canvas").first.wait_for()
    settle(page)
    assert chart.evaluate(INK)
    assert "gradient" in square.get_attribute("style")  # its dashes, as lines are not told by colours alone
    assert violations(page) == []
