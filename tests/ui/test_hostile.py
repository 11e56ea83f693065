"""Names, values and addresses that would be script if anybody took them for HTML are only text, on every screen."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import NewPage
from tests.ui.rest import Rest
from tests.ui.samples import HOSTILE, Samples

pytestmark = pytest.mark.browser

SHORT = "<img src=x onerror=window.hacked=1>"


@pytest.fixture(scope="module")
def named(rest: Rest, samples: Samples) -> str:
    """A registered model, an alias, a view and a deleted run of hostile names; the model's name."""
    name = HOSTILE.replace("/", "")
    tags = [{"key": "tag", "value": HOSTILE}]
    rest.post("/api/2.0/mlflow/registered-models/create", name=name, description=HOSTILE, tags=tags)
    source = f"runs:/{samples.hostile_run}/model"
    version = {"name": name, "source": source, "run_id": samples.hostile_run, "description": HOSTILE, "tags": tags}
    rest.upload(samples.hostile_run, "model/MLmodel", f"flavors: {{'{SHORT}': {{}}}}\n".encode())
    rest.post("/api/2.0/mlflow/model-versions/create", **version)
    rest.post(f"/api/ext/v1/experiments/{samples.hostile}/views", name=HOSTILE, state=f"q={quote(SHORT)}")
    rest.post("/api/ext/v1/runs/delete", run_ids=[rest.run(samples.hostile, HOSTILE)])
    rest.logged_model(samples.hostile, "fit", samples.hostile_run, param=HOSTILE)
    return name


def addresses(samples: Samples, model: str) -> Iterator[str]:
    one, run, bad = f"/experiments/{samples.hostile}", samples.hostile_run, quote(SHORT)
    yield "/experiments"
    yield f"/experiments?q={bad}"
    yield from (one, f"{one}?m=split&c=~params.param,tags.tag,tags.constructor,params.__proto__,metrics.loss")
    yield f"{one}?m=charts&w=~box|metrics.loss|params.param&sec=~{bad}|loss"
    yield f"{one}?m=table&g=~params.param"
    yield f"{one}?m=table&q={bad}"
    yield f"{one}?m=table&t={bad}&s={bad}&pin=~{bad}&pr=~{bad}&b={bad}&r=~{bad}&h=~{bad}"
    yield from (f"{one}/{part}" for part in ("sweep", "images", "models", "datasets", "notes"))
    yield f"/runs?e=~{samples.hostile},{samples.sweep}"
    yield f"/runs?e=~{bad}"
    yield f"/runs/sweep?e=~{samples.hostile},{samples.sweep}"
    yield from (
        f"/runs/{run}{part}" for part in ("", "/charts", "/images", "/logs", "/code", "/artifacts/model/MLmodel")
    )
    yield f"/runs/{bad}"
    yield f"/compare?r=~{run},{samples.runs[0]}&all=1"
    yield from ("/models", f"/models?q={bad}", f"/models/{quote(model)}", f"/models/{quote(model)}/1", f"/models/{bad}")
    yield from ("/trash?q=img", "/trash?kind=experiments&q=img", f"/{bad}", "/webhooks", "/settings")


def test_hostile_names_and_addresses_are_only_text(new_page: NewPage, samples: Samples, named: str) -> None:
    page = new_page("/experiments")
    page.refusals_expected = True  # of things that are not there, of filters that cannot be read
    base = page.url.split("#")[0]
    for address in addresses(samples, named):
        page.goto(f"{base}#{address}")
        settle(page)
        assert page.locator("img[src=x], [onerror]").count() == 0, address
        assert page.evaluate("window.hacked") is None, address
    page.goto(f"{base}#/experiments/{samples.hostile}")
    page.get_by_text("onerror").first.wait_for()
    for button in ("Views", "Columns", "Sort"):
        found = page.get_by_role("button", name=button)
        if found.count():
            found.first.click()
            settle(page)
            assert page.evaluate("window.hacked") is None, button
            page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search experiments").fill("onerror")
    page.get_by_role("dialog").get_by_role("option").first.wait_for()
    assert page.evaluate("window.hacked") is None
