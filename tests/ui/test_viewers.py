"""Files that are drawn: notebooks, maps, tables, folders as archives, sound and film; the same of two runs."""

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import NewPage
from tests.ui.samples import HOSTILE
from tests.ui.test_accessibility import violations

pytestmark = pytest.mark.browser


def test_a_notebook_is_drawn_and_nothing_in_it_runs(new_page: NewPage, drawn: list[str]) -> None:
    page = new_page(f"/runs/{drawn[0]}/artifacts/fit.ipynb")
    page.scripts_refused = True  # the browser says so, as it should
    file = page.get_by_role("region", name="File", exact=True)
    file.get_by_role("heading", name="Fit").wait_for()
    file.get_by_text("fit(lr=0.1)").wait_for()
    file.get_by_text("100%").wait_for()
    assert file.get_by_text("slow").evaluate("node => getComputedStyle(node).color") == "rgb(201, 42, 42)"
    assert "  0%" not in file.inner_text()  # overwritten, as in a terminal
    page.frame_locator("iframe").get_by_text("cell 7").wait_for()
    assert file.get_by_role("img", name="a drawing").evaluate("image => image.naturalWidth") == 9
    file.get_by_text("Output of a kind that is not shown: application/javascript").wait_for()
    file.get_by_text("Boom: <script>").wait_for()
    file.get_by_text("press me").click()
    assert file.locator("script, img[src=x]").count() == 0
    settle(page)
    assert page.evaluate("window.hacked") is None
    page.get_by_text("Source", exact=True).click()
    file.get_by_role("textbox", name="fit.ipynb").wait_for()


def test_geojson_is_drawn_as_a_map_without_the_network(new_page: NewPage, drawn: list[str]) -> None:
    page = new_page("/experiments")
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto(f"{page.url.split('#')[0]}#/runs/{drawn[0]}/artifacts/places.geojson")
    drawing = page.get_by_role("img", name="Map of places.geojson: 3 features")
    drawing.wait_for()
    assert drawing.locator("[data-kind=area], [data-kind=line], [data-kind=point]").count() == 3
    table = page.get_by_role("region", name="Features")
    table.get_by_role("rowheader", name=f"field {HOSTILE}").hover()
    drawing.locator("[data-kind=area][data-chosen]").wait_for()
    table.get_by_role("rowheader", name="spring").wait_for()
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {page.url.split("/")[2]}
    assert page.evaluate("window.hacked") is None


def test_a_table_is_sorted_and_searched_by_the_server(new_page: NewPage, drawn: list[str]) -> None:
    page = new_page(f"/runs/{drawn[0]}/artifacts/rows.json")
    page.get_by_text("Rows 0 to 99 of 120").wait_for()
    head = page.get_by_role("columnheader", name="id")
    head.get_by_role("button").click()
    page.locator("th[aria-sort=ascending]").wait_for()
    head.get_by_role("button").click()
    page.locator("tbody tr:first-child td:text-is('119')").wait_for()
    page.get_by_role("searchbox", name="Search the rows").fill("EVEN")
    page.get_by_role("combobox", name="Where to search").select_option("word")
    page.locator("tbody tr:first-child td:text-is('118')").wait_for()
    page.reload()  # all of it is in the address
    page.locator("tbody tr:first-child td:text-is('118')").wait_for()
    page.get_by_role("status").filter(has_text="60 rows").wait_for()
    page.get_by_role("searchbox", name="Search the rows").fill("nothing like it")
    page.get_by_text("No row matches").wait_for()
    assert page.evaluate("window.hacked") is None


def test_folders_are_downloaded_as_archives_whatever_their_names(new_page: NewPage, drawn: list[str]) -> None:
    page = new_page(f"/runs/{drawn[0]}/artifacts")
    links = {"Download plots as a ZIP file": "plots.zip", "Download all as a ZIP file": f"{drawn[0]}.zip"}
    for link, name in links.items():
        with page.expect_download() as told:
            page.get_by_role("link", name=link).click()
        assert told.value.suggested_filename == name
    hostile = HOSTILE.replace("/", "")
    with page.expect_download() as told:
        page.get_by_role("link", name=f"Download {hostile} as a ZIP file").click()
    assert told.value.suggested_filename.endswith(".zip")
    assert page.evaluate("window.hacked") is None


def test_sound_and_film_stand_beside_pictures_over_steps(new_page: NewPage, drawn: list[str]) -> None:
    page = new_page(f"/runs/{drawn[0]}/images")
    page.get_by_role("img", name="digits, step 5").wait_for()
    assert page.locator("audio").get_attribute("aria-label") == "voice/low, step 5"
    assert page.locator("video").get_attribute("aria-label") == "ride, step 5"
    page.get_by_role("slider").fill("0")
    page.get_by_role("img", name="digits, step 0").wait_for()
    page.goto(page.url.replace("/images?st=0", "/artifacts"))
    page.get_by_role("button", name="images", exact=True).click()
    page.get_by_role("button", name="digits 2 steps").click()
    page.get_by_role("button", name="step 5").click()
    page.get_by_role("heading", name="images/digits+step+5+timestamp+1005+id.png").wait_for()


def test_images_of_runs_are_compared_at_the_same_step(new_page: NewPage, drawn: list[str]) -> None:
    page = new_page(f"/compare?r=~{','.join(drawn)}")
    page.get_by_text("Images", exact=True).click()
    for run in ("drawn-0", "drawn-1"):
        page.get_by_role("img", name=f"digits of {run}, step 5").wait_for()
    page.get_by_role("slider").fill("0")
    page.get_by_role("img", name="digits of drawn-1, step 0").wait_for()
    assert "st=0" in page.url
    page.get_by_text("4×", exact=True).click()
    page.wait_for_url("**zoom=4**")
    first, second = page.get_by_role("img", name="digits of").all()
    box = first.locator("..").bounding_box()
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.75 * box["height"])
    places = [one.evaluate("(image) => image.closest('section[style]').style.cssText") for one in (first, second)]
    assert places[0] == places[1]
    assert "--zoom-x: 25%" in places[0]


def test_files_of_runs_stand_side_by_side_or_as_a_difference(new_page: NewPage, drawn: list[str]) -> None:
    page = new_page(f"/compare?r=~{','.join(drawn)}&m=files")
    page.get_by_role("button", name="fit.ipynb 1").wait_for()  # one of the two has it
    page.get_by_role("button", name="plots").click()
    page.get_by_role("button", name="chart.png").click()
    page.get_by_role("region", name="plots/chart.png of drawn-0").get_by_text("8 × 8").wait_for()
    page.get_by_role("region", name="plots/chart.png of drawn-1").get_by_text("9 × 8").wait_for()
    page.get_by_role("button", name="config.json").click()
    page.get_by_text("Difference", exact=True).click()
    page.get_by_role("textbox", name="config.json").wait_for()
    page.locator(".cm-deletedChunk").wait_for()


def test_pictures_of_runs_lie_in_one_place_and_are_gone_through_by_keys(new_page: NewPage, drawn: list[str]) -> None:
    page = new_page(f"/compare?r=~{','.join(drawn)}&m=images")
    page.get_by_text("In one place", exact=True).click()
    page.get_by_role("img", name="digits of drawn-0, step 5").wait_for()
    assert page.get_by_role("img", name="digits of drawn-1").count() == 0
    page.get_by_role("radio", name="drawn-0").press("ArrowDown")
    page.get_by_role("img", name="digits of drawn-1, step 5").wait_for()
    page.reload()
    page.get_by_role("img", name="digits of drawn-1, step 5").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Blink").click()
    page.get_by_role("img", name="digits of drawn-0, step 5").wait_for()
    page.get_by_role("button", name="Stop blinking").click()
