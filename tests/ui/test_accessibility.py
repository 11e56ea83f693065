"""axe-core finds nothing on any screen, in either theme, wide or narrow, and none is wider than its window.

The main screens, among them each route, are looked at light and wide, and dark and narrow, the others in turn in one of
these; `make screens` looks at all in all four ways and keeps pictures, as is done of a screen with a fault.
"""

import os
from typing import Any

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import AXE, WIDE, NewPage
from tests.ui.lineage import Lineage
from tests.ui.pictures import NARROW, picture
from tests.ui.samples import Samples
from tests.ui.screens import Screen, close_all, press, screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed; make ui"),
]

ALL = os.environ.get("SCREENS") == "all"
WINDOWS = {"wide": WIDE, "narrow": NARROW}
WAYS = [("light", "wide"), ("dark", "narrow"), *([("light", "narrow"), ("dark", "wide")] if ALL else [])]


@pytest.mark.parametrize(("theme", "window"), WAYS)
def test_axe_finds_nothing(
    new_page: NewPage, samples: Samples, lineage: Lineage, drawn: list[str], theme: str, window: str
) -> None:
    every = screens(samples, lineage, drawn)
    turn = WAYS.index((theme, window))
    page = new_page("/experiments", theme=theme, size=WINDOWS[window])
    page.refusals_expected = page.scripts_refused = True  # what is not there, pages with scripts
    found = {}
    for number, screen in enumerate(every):
        if ALL or screen.main or number % 2 == turn:
            show(page, screen)
            found[screen.name] = [*violations(page), *too_wide(page)]
            if ALL or found[screen.name]:
                picture(page, screen.name, f"{theme}-{window}")
            if screen.steps:
                close_all(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


def show(page: Any, screen: Screen) -> None:
    base = page.url.split("#")[0]
    page.goto(f"{base}#{screen.address}")  # the page stays, so each screen costs what a click does
    settle(page)
    for step in screen.steps:
        press(page, step)


def too_wide(page: Any) -> list[str]:
    width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{width} pixels in a window of {window}"] if width > window else []


def violations(page: Any) -> list[str]:
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text())
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {node['html'][:160]}" for one in result["violations"] for node in one["nodes"][:3]]
