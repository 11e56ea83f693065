"""Datasets of an experiment: what they are, and where they were used."""

import pytest

from tests.ui.conftest import NewPage
from tests.ui.lineage import Lineage
from tests.ui.samples import HOSTILE

pytestmark = pytest.mark.browser


def test_a_dataset_tells_what_it_is_and_who_used_it(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}/datasets")
    row = page.get_by_role("row").filter(has_text="wine-test")
    row.get_by_text("evaluation").wait_for()
    page.get_by_role("button", name="wine-train").click()
    drawer = page.get_by_role("complementary", name="Dataset wine-train")
    drawer.get_by_text("a1a1a1a1").wait_for()
    drawer.get_by_role("region", name="Profile").get_by_text("1,500").wait_for()
    drawer.get_by_role("region", name="Source: local").get_by_text("data/wine.csv").wait_for()
    schema = drawer.get_by_role("region", name="Schema")
    schema.get_by_role("rowheader", name="alcohol").wait_for()
    schema.get_by_text(HOSTILE).wait_for()
    used = drawer.get_by_role("region", name="Used by")
    used.get_by_role("link", name="fit-tree").wait_for()
    assert used.get_by_role("heading", name="training 3").count() == 1
    models = drawer.get_by_role("region", name="Models measured on it")
    models.get_by_role("row").filter(has_text="forest").get_by_text("accuracy 0.99").wait_for()
    assert page.url.endswith("datasets?d=wine-train%23a1a1a1a1")
    page.keyboard.press("Escape")
    drawer.wait_for(state="detached")
    assert page.evaluate("window.hacked") is None


def test_datasets_are_searched(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}/datasets")
    page.get_by_role("searchbox", name="Search datasets").fill("evaluation")
    page.get_by_role("button", name="wine-train").wait_for(state="detached")
    page.get_by_role("button", name="wine-test").wait_for()
    page.get_by_role("searchbox", name="Search datasets").fill("absent")
    page.get_by_role("heading", name="No dataset matches").wait_for()


def test_hostile_names_and_records_of_datasets_do_nothing(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/experiments/{lineage.experiment}/datasets")
    page.get_by_role("button", name=HOSTILE).click()
    drawer = page.get_by_role("complementary", name=f"Dataset {HOSTILE}")
    drawer.get_by_role("region", name="Profile").get_by_text(HOSTILE).first.wait_for()
    drawer.get_by_role("link", name="fit-forest").wait_for()
    assert drawer.locator("img, script").count() == 0
    assert page.evaluate("window.hacked") is None


def test_a_run_leads_to_its_datasets_and_models(new_page: NewPage, lineage: Lineage) -> None:
    page = new_page(f"/runs/{lineage.runs[0]}")
    page.get_by_role("region", name="Models").get_by_role("link", name="forest").wait_for()
    page.get_by_role("region", name="Datasets").get_by_role("link", name="wine-train").click()
    page.get_by_role("complementary", name="Dataset wine-train").wait_for()
