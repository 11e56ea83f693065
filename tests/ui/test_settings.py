"""What somebody prefers, kept in the browser."""

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import NewPage
from tests.ui.samples import Samples

pytestmark = pytest.mark.browser


def test_settings_are_kept_in_the_browser_and_change_what_screens_show(new_page: NewPage, samples: Samples) -> None:
    page = new_page("/experiments")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("region", name="Server").get_by_text("SqlStore").wait_for()
    for group, choice in (
        ("Theme", "Dark"),
        ("Density", "Roomy"),
        ("Times", "UTC"),
        ("Digits", "6"),
        ("Live updates", "Off"),
        ("Announcements", "Off"),
        ("Keyboard shortcuts", "Off"),
    ):
        page.get_by_role("group", name=group).get_by_text(choice, exact=True).click()
    page.get_by_role("slider", name="Smoothing at first").fill("0.5")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.get_by_label("6", exact=True).is_checked()

    page.goto(f"{page.url.split('#')[0]}#/experiments/{samples.sweep}?m=split&c=~metrics.f1,start_time")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="run-07", exact=True))
    row.get_by_text("0.583333").wait_for()
    assert row.bounding_box()["height"] == 39
    assert row.get_by_title(" UTC").count() == 1
    assert page.get_by_role("slider", name="Smoothing").input_value() == "0.5"
    assert page.get_by_text("Live ·").count() == 0  # run-01 is going on
    page.keyboard.press("1")
    settle(page)
    assert "m=table" not in page.url
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Back to the defaults").click()
    assert page.get_by_label("4", exact=True).is_checked()
