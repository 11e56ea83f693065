"""The parts of a run beyond its overview and charts: images, console, machine, code."""

import pytest

from tests.ui.conftest import NewPage
from tests.ui.rest import Rest
from tests.ui.samples import Samples

pytestmark = [pytest.mark.browser, pytest.mark.long]

LOG = ".mlflow/logs/console.log"


def test_the_console_is_searched_and_only_what_is_in_view_is_in_the_page(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/logs")
    lines = page.get_by_role("log", name="Console output")
    lines.get_by_text("epoch 0 loss").wait_for()
    page.get_by_text("5,000 lines").wait_for()
    assert lines.locator("code").count() < 100
    page.keyboard.press("/")
    page.keyboard.type("epoch 4321")
    page.get_by_text("1 of 1 line").wait_for()
    page.keyboard.press("Enter")
    lines.get_by_text("epoch 4321").wait_for()
    assert "q=epoch+4321" in page.url


def test_a_line_of_the_console_has_an_address(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/logs?line=3000")
    page.locator("[data-chosen=true]").get_by_text("epoch 2999").wait_for()
    page.get_by_role("button", name="Link to line 3001").click()
    page.wait_for_url("**/logs?line=3001")


def test_colours_of_the_console_are_drawn_and_markup_is_text(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/logs")
    error = page.get_by_text("ERROR", exact=True)
    error.wait_for()
    assert error.evaluate("node => getComputedStyle(node).color") == "rgb(201, 42, 42)"
    page.get_by_text("<img src=x onerror=window.hacked=1>").wait_for()
    assert page.evaluate("window.hacked") is None


def test_the_console_of_a_running_run_goes_on(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("printing"), "talks")
    rest.upload(run, LOG, b"first\nprogress 10%")
    page = new_page(f"/runs/{run}/logs")
    page.get_by_text("progress 10%").wait_for()
    rest.upload(run, LOG, b"first\nprogress 100%\nlast\n")
    page.get_by_text("last", exact=True).wait_for(timeout=8000)
    assert page.get_by_role("log").locator("code").all_inner_texts() == ["first", "progress 100%", "last"]


def test_a_run_without_output_code_images_or_machine_says_how_to_get_them(new_page: NewPage, samples: Samples) -> None:
    for part, told in (
        ("logs", "No console output"),
        ("code", "This run recorded no code"),
        ("images", "No images over steps"),
        ("system", "No system metrics"),
    ):
        page = new_page(f"/runs/{samples.runs[3]}/{part}")
        page.refusals_expected = True
        page.get_by_role("heading", name=told).wait_for()


def test_the_code_tells_commit_command_and_changes(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/code")
    page.get_by_role("link", name="c0ffee").wait_for()
    assert page.get_by_role("link", name="c0ffee").get_attribute("href").startswith("https://git.example/a/b/commit/")
    page.get_by_text("python train.py --lr 0.2").wait_for()
    changed = page.get_by_role("region", name="Changes of train.py").locator("tr[data-kind=added]")
    assert "lr = 0.2  # <script>" in changed.inner_text()
    assert page.evaluate("window.hacked") is None


def test_script_untracked_files_and_packages_are_beside_the_changes(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/code")
    page.get_by_text("Script", exact=True).click()
    page.get_by_role("textbox", name="train.py").get_by_text("import mlflow").wait_for()
    page.get_by_text("Untracked files").click()
    page.get_by_text("do it").wait_for()
    page.get_by_role("button", name="data.bin").click()
    page.get_by_text("This file is no text.").wait_for()
    page.get_by_text("Packages", exact=True).click()
    page.get_by_role("textbox", name="Search packages").fill("pan")
    page.get_by_text("3.1.1").wait_for()
    assert page.get_by_text("numpy").count() == 0
    assert "part=packages" in page.url


def test_pictures_over_steps_follow_one_slider(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/images")
    page.get_by_role("img", name="digits, step 10").wait_for()
    page.get_by_role("slider", name="Step").press("ArrowLeft")
    page.get_by_role("img", name="digits, step 5").wait_for()
    assert page.url.endswith("st=5")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("img", name="digits, step 10").wait_for()


def test_system_metrics_stand_by_device_over_relative_time(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("machine"), "busy")
    rest.log(run, system__gpu_0_utilization_percentage=[10.0, 90.0], system__cpu_utilization_percentage=[5.0, 50.0])
    page = new_page(f"/runs/{run}/system")
    page.get_by_text("GPU 0").wait_for()
    page.get_by_text("Processor").wait_for()
    assert page.get_by_label("Relative").is_checked()
    page.get_by_role("link", name="Charts").click()
    page.get_by_role("heading", name="No metrics yet").wait_for()


def test_lines_of_a_level_are_shown_alone_with_their_numbers(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("levels"), "one")
    lines = ["start", "WARNING low memory", *["step"] * 50, "Traceback (most recent call last):", "  File a", "end"]
    rest.upload(run, LOG, "\n".join(lines).encode())
    page = new_page(f"/runs/{run}/logs")
    page.get_by_text("55 lines").wait_for()
    page.get_by_text("Warnings", exact=True).click()
    page.get_by_text("3 of 55 lines").wait_for()
    page.get_by_role("button", name="Link to line 54").wait_for()
    page.get_by_text("Errors", exact=True).click()
    page.get_by_text("2 of 55 lines").wait_for()
    assert "lv=error" in page.url
    page.get_by_role("textbox", name="Search the log").fill("file")
    page.get_by_text("1 of 1 line", exact=True).wait_for()
