"""What lies over a screen: it goes when the screen is left, and takes what is typed before it is there."""

from typing import Any

import pytest

from tests.ui.conftest import TALL, NewPage
from tests.ui.samples import Samples

pytestmark = pytest.mark.browser


def test_menus_and_dialogs_close_when_the_screen_is_left(new_page: NewPage, samples: Samples) -> None:
    page = new_page("/models", size=TALL)
    page.get_by_role("heading", name="Models").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.get_by_role("button", name="Actions for nested").click()
    page.get_by_role("menuitem", name="Rename").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Models").wait_for()
    page.get_by_role("menu").wait_for(state="detached")
    page.go_forward()
    page.get_by_role("button", name="New experiment").click()
    page.get_by_role("dialog", name="New experiment").wait_for()
    page.go_back()
    page.get_by_role("dialog").wait_for(state="detached")


def test_a_panel_of_choices_stays_open_while_it_changes_the_address(new_page: NewPage, samples: Samples) -> None:
    page = new_page("/experiments", size=TALL)
    page.get_by_role("link", name="sweep", exact=True).click()
    page.get_by_role("button", name="Columns").click()
    panel = page.get_by_role("dialog", name="Columns")
    panel.get_by_role("checkbox", name="f1").uncheck()
    page.wait_for_url("**c=~**")
    panel.get_by_role("checkbox", name="f1").check()
    page.go_back()
    page.get_by_role("heading", name="Experiments").wait_for()
    panel.wait_for(state="detached")


def test_what_is_typed_right_after_the_shortcut_is_not_lost(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table")
    page.get_by_role("link", name="run-00", exact=True).wait_for()
    held: list[Any] = []
    page.route("**/assets/Palette*", lambda route: held.append(route))
    with page.expect_request("**/assets/Palette*"):
        page.keyboard.press("Control+k")
    page.keyboard.type("run-07")
    for request in held:
        request.continue_()
    page.get_by_role("option", name="run-07 run").wait_for()
    assert page.get_by_role("combobox", name="Search experiments").input_value() == "run-07"
    assert "m=table" in page.url
