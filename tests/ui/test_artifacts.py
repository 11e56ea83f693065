"""Files of runs: each kind in its viewer, and hostile ones harmless."""

import re

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import NewPage
from tests.ui.rest import Rest
from tests.ui.samples import HOSTILE, Samples

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param("notes/report.txt", "second line", id="text"),
        pytest.param("config.json", '"list": [', id="json"),
        pytest.param("table.json", "y", id="logged table"),
        pytest.param("rows.csv", "Ada, Countess", id="csv"),
        pytest.param("train.py", "return", id="code"),
        pytest.param("notes/README.md", "improved", id="markdown"),
        pytest.param("model/MLmodel", "tensor of int64, shape (-1)", id="model"),
        pytest.param("weights.bin", "10 11 12 13", id="bytes"),
    ],
)
def test_files_are_shown(new_page: NewPage, samples: Samples, path: str, shown: str) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/artifacts/{path}")
    page.get_by_role("region", name="File", exact=True).get_by_text(shown).first.wait_for()
    assert page.get_by_role("button", name=path.rsplit("/", maxsplit=1)[-1]).get_attribute("aria-current") == "true"


def test_pictures_are_shown(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/artifacts")
    page.get_by_role("button", name="picture.png").click()
    page.get_by_text("8 × 8").wait_for()
    assert page.url.endswith("/artifacts/picture.png")


def test_pictures_are_zoomed_to_their_pixels(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/artifacts/picture.png")
    page.get_by_text("8 × 8").wait_for()
    for zoom, width in (("100 %", 8), ("800 %", 64), ("Fit", 512)):
        page.get_by_text(zoom, exact=True).click()
        picture = page.locator(f"img[alt='picture.png'][width='{width}']")
        picture.wait_for()
    assert picture.evaluate("image => getComputedStyle(image).imageRendering") == "pixelated"


def test_tables_are_read_a_page_at_a_time(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/artifacts/many.csv")
    page.get_by_text("Rows 0 to 99 of 250").wait_for()
    assert page.get_by_role("row").count() == 101
    with page.expect_request(lambda sent: "artifacts/table" in sent.url and "offset=100" in sent.url):
        page.get_by_role("button", name="Next rows").click()
    page.get_by_text("Rows 100 to 199 of 250").wait_for()
    page.get_by_role("cell", name="10000", exact=True).wait_for()
    page.get_by_role("button", name="Next rows").click()
    page.get_by_text("Rows 200 to 249 of 250").wait_for()
    assert page.get_by_role("button", name="Next rows").is_disabled()


def test_text_is_searched_in_its_viewer(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/artifacts/train.py")
    page.get_by_role("textbox", name="train.py").press("Control+f")
    page.get_by_role("textbox", name="Find").press_sequentially("return")
    page.locator(".cm-searchMatch").wait_for()


def test_markdown_is_drawn_without_what_could_run(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/artifacts/notes/README.md")
    file = page.get_by_role("region", name="File", exact=True)
    file.get_by_role("cell", name="val").wait_for()
    assert file.get_by_text("press me").get_attribute("href") in {None, ""}
    assert file.locator("script, img[src=x]").count() == 0
    file.get_by_text("press me").click()
    assert page.evaluate("window.hacked") is None


def test_a_page_runs_nothing_until_somebody_asks_and_then_apart(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/artifacts/page.html")
    page.scripts_refused = True  # the browser says so, as it should
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", name="Report").wait_for()
    assert "hacked" not in page.title()
    page.evaluate("""addEventListener("message", ({ data, origin }) => {
      document.body.dataset.told = `${origin} ${data}`;
    })""")
    page.get_by_role("button", name="Run them").click()
    page.locator("body[data-told='null alone']").wait_for()
    assert page.evaluate("window.hacked") is None
    assert "hacked" not in page.title()


@pytest.mark.parametrize("path", ["drawing.svg", f"{HOSTILE.replace('/', '')}.txt", "model/MLmodel"])
def test_hostile_files_and_names_do_nothing(new_page: NewPage, samples: Samples, path: str) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/artifacts")
    for part in path.split("/"):
        page.get_by_role("button", name=part).click()
    page.get_by_role("region", name="File", exact=True).get_by_role("heading", name=path).wait_for()
    settle(page)
    assert page.evaluate("window.hacked") is None


def test_a_file_is_found_in_any_folder_and_reached_by_keys(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/artifacts/")
    files = page.get_by_role("navigation", name="Files")
    files.get_by_role("button", name="train.py").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("REPORT")
    files.get_by_text("1 file.").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("second line").wait_for()
    assert page.url.endswith("/artifacts/notes/report.txt?ff=REPORT")  # what was searched for stays, as the list does
    files.get_by_role("searchbox", name="Find a file").fill("absent")
    files.get_by_text("No file has that in its path").wait_for()
    files.get_by_role("searchbox", name="Find a file").fill("")
    files.get_by_role("button", name="notes", exact=True).wait_for()
    page.get_by_role("heading", name="notes/report.txt").click()
    page.keyboard.press("[")
    page.get_by_role("heading", name="notes/README.md").wait_for()
    files.get_by_role("button", name="README.md").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    files.get_by_role("button", name="README.md").wait_for(state="detached")
    assert files.get_by_role("button", name="notes", exact=True).evaluate("one => one === document.activeElement")


def test_a_long_text_is_read_in_parts(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("long"), "verbose")
    lines = "".join(f"line {number:06} é\n" for number in range(150_000))  # two and a half mebibytes
    rest.upload(run, "out/long.txt", lines.encode())
    page = new_page(f"/runs/{run}/artifacts/out/long.txt")
    page.get_by_text("Mebibyte 1 of 3").wait_for()
    page.get_by_text("line 000000 é").wait_for()
    page.get_by_role("button", name="The next part").click()
    page.wait_for_url("**fb=1**")
    page.get_by_role("button", name="To the end").click()
    page.get_by_text("Mebibyte 3 of 3").wait_for()
    page.get_by_role("textbox", name="out/long.txt").press("Control+End")
    page.get_by_text("line 149999 é").wait_for()
    page.reload()
    page.get_by_text("Mebibyte 3 of 3").wait_for()
    assert page.get_by_text("�").count() == 0


def test_files_tell_how_large_they_are_and_when_they_were_changed(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("times"), "fresh")
    rest.upload(run, "a/notes.txt", b"12345")
    page = new_page(f"/runs/{run}/artifacts/a/notes.txt")
    entry = page.get_by_role("navigation", name="Files").get_by_role("button", name="notes.txt")
    entry.wait_for()
    assert entry.inner_text().split("\n") == ["notes.txt", "5 B", "just now"]
    page.get_by_text(re.compile(r"^5 B, changed \d+ \w+ \d{4}")).wait_for()
