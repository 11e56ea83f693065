"""axe-core finds nothing on any route, in either theme, wide or narrow."""

from typing import Any

import pytest

from tests.ui.conftest import AXE, NewPage
from tests.ui.lineage import Lineage
from tests.ui.rest import now
from tests.ui.samples import Samples

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed; make ui"),
]

NARROW = {"width": 390, "height": 800}
OVER = "[role=dialog][aria-modal=true]"


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
        "closed parent": f"/experiments/{samples.nested}?m=table&n=1&o=~&c=~metrics.loss",
        "tinted": f"/experiments/{samples.sweep}?m=table&h=~metrics.val/acc,metrics.val/loss",
        "sweep of several": f"/runs/sweep?e=~{samples.sweep},{samples.nested}&br=~params.lr:0..0.9",
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


@pytest.mark.parametrize(
    ("theme", "size"), [("light", {"width": 1440, "height": 900}), ("dark", NARROW)], ids=["wide light", "narrow dark"]
)
def test_axe_finds_nothing_in_what_opens_over_a_screen(
    new_page: NewPage, samples: Samples, theme: str, size: dict[str, int]
) -> None:
    page = new_page(f"/experiments/{samples.sweep}", theme=theme, size=size)
    base = page.url.split("#")[0]
    found = {}
    for address, opened in states(samples).items():
        page.goto(f"{base}#{address}")
        settle(page)
        for steps in opened:
            for step in steps.split(", "):
                press(page, step)
            found[f"{address} {steps}"] = violations(page)
            close_all(page)
    assert {state: faults for state, faults in found.items() if faults} == {}


def states(samples: Samples) -> dict[str, list[str]]:
    """What to press on which screen: names of buttons, `menuitem …`, `checkbox …`, or `key …`."""
    runs = f"/experiments/{samples.sweep}"
    added = "w=~box|metrics.val/loss|params.optimizer,diff|metrics.val/loss"
    return {
        f"{runs}?m=table&c=~metrics.val/loss,params.optimizer": [
            "key Control+k",
            "key ?",
            "Views",
            "Views, menuitem Save as a new view",
            "Group",
            "Columns",
            "Sort",
            "More",
            "Theme",
            "val/loss",
            "val/loss, menuitem Filter by this",
            "optimizer, menuitem Filter by this",
            "checkbox Select run-00, Tag",
        ],
        f"{runs}?m=table": ["key /, key m"],
        f"{runs}?m=charts": [
            "Options of val/loss",
            "Panel",
            "Show val/loss as a table",
            "Show val/loss large",
        ],
        f"{runs}?m=charts&full=val/acc": ["Options of val/acc"],
        f"{runs}?m=charts&full=val/loss": ["Show val/loss as a table"],
        f"{runs}?m=charts&{added}&b={samples.runs[0]}": ["Panel"],
        f"{runs}?m=charts&g=~params.optimizer": ["Group: optimizer"],
        "/experiments": [
            "New experiment",
            "Actions for sweep",
            "Actions for sweep, menuitem Rename",
            "Actions for sweep, menuitem Edit tags",
        ],
        f"/runs/{samples.runs[1]}": ["Actions", "Actions, menuitem Rename", "Edit the description", "Add a tag"],
    }


def close_all(page: Any) -> None:
    for _ in range(3):
        page.keyboard.press("Escape")
        page.wait_for_timeout(150)
        if not page.locator(f"{OVER}, [role=menu]").count():
            return


def press(page: Any, step: str) -> None:
    kind, _, name = step.partition(" ")
    if kind == "key":
        page.keyboard.press(name)
        if name in {"Control+k", "?"}:
            page.locator(OVER).wait_for()
    elif kind == "menuitem":
        page.get_by_role("menuitem", name=name).click()
    elif kind == "checkbox":
        page.get_by_role("checkbox", name=name, exact=True).check()
    else:
        over = page.locator(OVER)
        (over if over.count() else page).get_by_role("button", name=step).first.click()
    page.wait_for_timeout(200)


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
