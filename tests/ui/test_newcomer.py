"""The demo's data as somebody sees it for the first time: find the best run, see why, compare, look, promote."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.servers import TrackingServer
from tests.ui.calm import settle
from tests.ui.conftest import NewPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TRAIN = """
import sys
sys.path.insert(0, sys.argv[1])
import demo, mlflow
demo.mpl.use("agg")
mlflow.set_tracking_uri(sys.argv[2])
demo.breast_cancer_regularisation()
"""


@pytest.fixture(scope="module")
def trained(chromium: Any, tracking_server: TrackingServer) -> None:
    """The part of the demo that trains, evaluates, registers and promotes."""
    pytest.importorskip("matplotlib")
    command = [sys.executable, "-c", TRAIN, str(EXAMPLES), tracking_server.url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


def test_a_newcomer_finds_the_best_run_and_promotes_its_model(new_page: NewPage, trained: None) -> None:
    page = new_page("/experiments")
    page.get_by_role("link", name="breast cancer").click()
    page.get_by_role("rowheader").nth(4).wait_for()

    page.get_by_role("button", name="Columns").click()
    page.get_by_role("textbox", name="Find a column").fill("roc_auc")
    page.get_by_role("checkbox", name="roc_auc").set_checked(True)
    page.keyboard.press("Escape")
    page.get_by_text("Table", exact=True).click()
    page.get_by_role("columnheader", name="roc_auc").last.get_by_role("button").click()
    page.get_by_role("menuitem", name="Largest first").click()
    page.wait_for_url("**s=-metrics.roc_auc**")
    page.locator("[data-best=true]").first.wait_for()
    settle(page)  # in the new order
    best, second = page.get_by_role("rowheader").get_by_role("link").all_inner_texts()[:2]

    page.get_by_role("link", name="Sweep").click()
    assert page.get_by_role("combobox", name="Target").input_value() == "metrics.roc_auc"  # what the runs are sorted by
    page.get_by_role("region", name="Which params matter").get_by_role("button", name="C").wait_for()
    page.get_by_role("region", name="Best so far").get_by_role("link", name=best, exact=True).wait_for()

    page.go_back()
    page.get_by_role("checkbox", name=f"Select {best}", exact=True).check()
    page.get_by_role("checkbox", name=f"Select {second}", exact=True).check()
    page.get_by_role("button", name="Compare").click()
    differences = page.get_by_role("table", name="Differences of the runs")
    differences.get_by_role("rowheader", name="C", exact=True).wait_for()
    differences.get_by_role("rowheader", name="roc_auc").wait_for()

    page.go_back()
    page.get_by_role("link", name=best, exact=True).click()
    page.get_by_role("link", name="Artifacts").click()
    page.get_by_role("button", name="confusion_matrix.png").click()
    picture = page.get_by_role("img", name="confusion_matrix.png")
    picture.wait_for()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 200

    page.get_by_role("link", name="Overview").click()
    page.get_by_role("region", name="Models").get_by_role("link", name="breast-cancer v").click()
    page.get_by_role("button", name="Promote").wait_for()
    page.get_by_role("link", name="breast-cancer", exact=True).click()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=best, exact=True))
    page.get_by_role("link", name="@champion").first.wait_for()  # the demo's own choice
    row.get_by_role("button", name="Add an alias to version").click()
    page.get_by_role("textbox", name="Alias").fill("production")
    page.get_by_role("button", name="Point to v").click()
    page.get_by_text("@production is v").wait_for()
