"""axe-core finds nothing on any route, in either theme, wide or narrow."""

from typing import Any

import pytest

from tests.ui.conftest import AXE, NewPage
from tests.ui.lineage import Lineage
from tests.ui.rest import now
from tests.ui.samples import Samples

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed; make ui"),
]

NARROW = {"width": 390, "height": 800}


def addresses(samples: Samples) -> dict[str, str]:
    run = f"/runs/{samples.runs[0]}"
    return {
        "experiments": "/experiments",
        "deleted experiments": "/experiments?state=deleted",
        "trash": "/trash",
        "settings": "/settings",
        "runs": f"/experiments/{samples.sweep}?m=split",
        "nested": f"/experiments/{samples.nested}?m=table",
        "no runs": f"/experiments/{samples.empty}",
        "no match": f"/experiments/{samples.sweep}?q=absent",
        "groups": f"/experiments/{samples.sweep}?m=table&g=~params.optimizer",
        "sweep": f"/experiments/{samples.sweep}/sweep",
        "compare": f"/compare?r=~{','.join(samples.runs[:3])}",
        "compare code": f"/compare?r=~{','.join(samples.runs[:2])}&m=code",
        "overview": run,
        "charts": f"{run}/charts",
        "images": f"{run}/images",
        "logs": f"{run}/logs?q=epoch",
        "changes": f"{run}/code",
        "untracked": f"{run}/code?part=untracked",
        "packages": f"{run}/code?part=packages",
        "table": f"{run}/artifacts/rows.csv",
        "code file": f"{run}/artifacts/config.json",
        "markdown": f"{run}/artifacts/notes/README.md",
        "model": f"{run}/artifacts/model/MLmodel",
        "models": "/models",
        "registered": "/models/classifier",
        "version": "/models/classifier/2?with=1",
        "no such page": "/nowhere",
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(new_page: NewPage, samples: Samples, theme: str, size: dict[str, int]) -> None:
    page = new_page("/experiments", theme=theme, size=size)
    page.refusals_expected = True  # runs without captured files
    base = page.url.split("#")[0]
    found = {}
    for name, address in addresses(samples).items():
        page.goto(f"{base}#{address}")  # the page stays, so each route costs what a click does
        settle(page)
        found[name] = violations(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("theme", "size"), [("light", {"width": 1440, "height": 900}), ("dark", NARROW)], ids=["wide light", "narrow dark"]
)
def test_axe_finds_nothing_about_models_datasets_and_files(
    new_page: NewPage, samples: Samples, lineage: Lineage, drawn: list[str], theme: str, size: dict[str, int]
) -> None:
    page = new_page("/experiments", theme=theme, size=size)
    page.scripts_refused = page.refusals_expected = True
    base = page.url.split("#")[0]
    models = f"/experiments/{lineage.experiment}/models"
    found = {}
    for address in (
        models,
        f"{models}?m=charts",
        f"{models}?v=~{','.join(lineage.models)}",
        f"{models}/{lineage.models[0]}",
        f"{models}/{lineage.models[0]}/artifacts/MLmodel",
        f"/experiments/{lineage.experiment}/datasets?d=wine-train%23a1a1a1a1",
        "/webhooks",
        "/models/classifier/1/files/MLmodel",
        f"/models/classifier?at={now()}",
        f"/runs/{drawn[0]}/artifacts/fit.ipynb",
        f"/runs/{drawn[0]}/artifacts/places.geojson",
        f"/runs/{drawn[0]}/artifacts/rows.json",
        f"/compare?r=~{','.join(drawn)}&m=images",
        f"/compare?r=~{','.join(drawn)}&m=files&f=config.json",
    ):
        page.goto(f"{base}#{address}")
        settle(page)
        found[address] = violations(page)
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_axe_finds_nothing_in_dialogs_about_models(new_page: NewPage, samples: Samples, lineage: Lineage) -> None:
    page = new_page("/models/classifier/2", theme="dark")
    base = page.url.split("#")[0]
    found = {}
    for address, button in {
        "/models/classifier/2": "Promote",
        f"/experiments/{lineage.experiment}/models/{lineage.models[0]}": "Register",
        f"/experiments/{lineage.experiment}/models": "Columns",
        "/webhooks": "New webhook",
    }.items():
        page.goto(f"{base}#{address}")
        settle(page)
        page.get_by_role("button", name=button).click()
        page.wait_for_timeout(300)
        found[button] = violations(page)
        page.keyboard.press("Escape")
        page.wait_for_timeout(200)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_axe_finds_nothing_in_dialogs_and_menus(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.sweep}")
    settle(page)
    found = {}
    for name, opened in {
        "palette": lambda: page.keyboard.press("Control+k"),
        "keys": lambda: page.keyboard.press("?"),
        "views": lambda: page.get_by_role("button", name="Views").click(),
        "columns": lambda: page.get_by_role("button", name="Columns").click(),
        "theme": lambda: page.get_by_role("button", name="Theme").click(),
        "selection": lambda: page.get_by_role("checkbox", name="Select run-00").check(),
    }.items():
        opened()
        page.wait_for_timeout(400)
        found[name] = violations(page)
        page.keyboard.press("Escape")
        page.wait_for_timeout(200)
    assert {name: faults for name, faults in found.items() if faults} == {}


def settle(page: Any) -> None:
    page.get_by_role("main").wait_for()
    page.wait_for_timeout(300)
    page.locator("[role=status][aria-label=Loading]").first.wait_for(state="detached")
    page.wait_for_timeout(100)


def violations(page: Any) -> list[str]:
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text())
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {node['html'][:160]}" for one in result["violations"] for node in one["nodes"][:3]]
