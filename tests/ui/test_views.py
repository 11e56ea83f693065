"""Views that are saved under a name, and links to what is on screen."""

from typing import Any

import pytest

from tests.ui.conftest import NewPage
from tests.ui.rest import Rest
from tests.ui.samples import Samples

pytestmark = pytest.mark.browser


def views(page: Any, name: str) -> Any:
    """The menu's button, which tells which view is on screen."""
    return page.get_by_role("button", name=f"Views: {name}", exact=True)


def names(page: Any) -> list[str]:
    return page.get_by_role("rowheader").get_by_role("link").all_inner_texts()


def test_a_view_is_saved_found_again_changed_renamed_and_deleted(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}?m=table&q=params.optimizer+=+'sgd'&c=~metrics.f1")
    page.get_by_role("link", name="run-11").wait_for()
    views(page, "Default").click()
    page.get_by_role("menuitem", name="Save as a new view").click()
    page.get_by_role("textbox", name="Name").fill("sgd only")
    page.get_by_role("button", name="Save", exact=True).click()
    views(page, "sgd only").wait_for()
    kept = page.url.split("v=")[1].split("&")[0]

    views(page, "sgd only").click()
    page.get_by_role("menuitem", name="Default").click()
    page.get_by_role("link", name="run-00").wait_for()

    page = new_page(f"/experiments/{samples.sweep}?v={kept}")  # as somebody else who got the link
    views(page, "sgd only").wait_for()
    page.get_by_role("link", name="run-11").wait_for()
    assert names(page) == ["run-01", "run-03", "run-05", "run-07", "run-09", "run-11"]
    assert "q=params.optimizer+=+'sgd'" in page.url

    page.get_by_role("columnheader", name="f1").get_by_role("button").click()
    page.get_by_role("menuitem", name="Largest first").click()
    views(page, "sgd only, changed").click()
    page.get_by_role("menuitem", name="Save changes").click()
    views(page, "sgd only").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("best sgd")
    page.get_by_role("button", name="Rename", exact=True).click()
    views(page, "best sgd").wait_for()
    page.reload()
    views(page, "best sgd").click()
    page.get_by_role("menuitem", name="Delete").click()
    views(page, "Default").wait_for()
    page.get_by_role("button", name="Undo").click()
    views(page, "Default").click()
    page.get_by_role("menuitem", name="best sgd").wait_for()


def test_a_link_that_is_too_long_is_kept_under_a_short_one(new_page: NewPage, samples: Samples, rest: Rest) -> None:
    columns = ",".join(f"params.some_rather_long_name_{number:03}" for number in range(80))
    page = new_page(f"/experiments/{samples.sweep}?m=table&c=~metrics.f1,{columns}")
    page.evaluate("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve() }")
    page.get_by_role("button", name="Share link").click()
    page.get_by_text("Short link copied.").wait_for()
    link = page.evaluate("window.copied")
    assert len(link) < 200
    page = new_page(link.split("#")[1])
    page.get_by_role("columnheader", name="f1").wait_for()
    assert f"c=~metrics.f1,{columns}" in page.url
    assert "v=" not in page.url
    views(page, "Default").wait_for()


def test_a_view_that_is_gone_leads_to_the_screen_as_it_is_at_first(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}/sweep")
    page.refusals_expected = True
    page.get_by_role("heading", name="Which params matter").wait_for()
    page.goto(f"{page.url.split('#')[0]}#/experiments/{samples.sweep}?v=0123456789ab")
    page.get_by_text("This view is gone").wait_for()
    page.get_by_role("link", name="run-00").wait_for()
