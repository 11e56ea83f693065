"""Names are edited where they stand."""

from typing import Any

import pytest

from tests.ui.conftest import NewPage
from tests.ui.rest import Rest
from tests.ui.samples import Samples
from tests.ui.test_accessibility import violations

pytestmark = pytest.mark.browser


def focused(page: Any) -> Any:
    """What the label of what has the focus is."""
    return page.evaluate("document.activeElement.ariaLabel")


def test_a_title_is_a_field_of_its_size_until_enter_or_escape(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("titles"), "first")
    page = new_page(f"/runs/{run}")
    title = page.get_by_role("heading", level=1)
    field = page.get_by_role("textbox", name="Name of the run")
    title.get_by_text("first").wait_for()
    at = title.bounding_box()
    page.keyboard.press("F2")
    field.wait_for()
    assert field.bounding_box()["height"] == pytest.approx(at["height"], abs=1)
    assert violations(page) == []
    field.fill("nothing of it")
    page.keyboard.press("Escape")
    field.wait_for(state="detached")
    assert title.inner_text() == "first"
    assert focused(page) == "Rename the run"
    page.keyboard.press("Enter")
    field.fill("second")
    page.keyboard.press("Enter")
    field.wait_for(state="detached")
    assert title.inner_text() == "second"
    assert focused(page) == "Rename the run"
    page.get_by_role("button", name="Actions for this run").click()
    page.get_by_role("menuitem", name="Rename").click()
    field.fill("third")
    page.get_by_role("heading", name="Params").click()  # leaving it saves
    field.wait_for(state="detached")
    assert title.inner_text() == "third"


def test_a_refused_name_is_told_below_the_field_and_stays(new_page: NewPage, rest: Rest, samples: Samples) -> None:
    experiment = rest.experiment("to be named")
    page = new_page(f"/experiments/{experiment}/notes")
    page.refusals_expected = True
    page.get_by_role("heading", name="to be named").click()
    field = page.get_by_role("textbox", name="Name of the experiment")
    field.fill("sweep")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("already exists").wait_for()
    assert field.input_value() == "sweep"
    assert field.get_attribute("aria-invalid") == "true"
    assert violations(page) == []
    field.fill(" ")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("at least one letter").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="to be named").wait_for()
