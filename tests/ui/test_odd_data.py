"""Data in other forms than expected, and ways from one thing to the next: a screen shows what is there, and its own."""

import pytest

from tests.ui.calm import settle
from tests.ui.conftest import WIDE, NewPage
from tests.ui.pictures import NARROW
from tests.ui.rest import Rest
from tests.ui.samples import Samples

pytestmark = pytest.mark.browser

NANOSECONDS = 1_770_000_000_000_000_000  # of a client that took the unit of start_time for another
QUOTES = "> " * 4000


@pytest.fixture(scope="module")
def experiment(rest: Rest) -> str:
    return rest.experiment("odd data", **{"mlflow.note.content": QUOTES})


@pytest.fixture(scope="module")
def odd(rest: Rest, experiment: str) -> str:
    """A run whose every part has another form than expected; the run before it in the table has usual ones."""
    tags = {"mlflow.log-model.history": '{"a": 1}', "mlflow.note.content": QUOTES, "mlflow.source.git.commit": "{}"}
    run = rest.run(experiment, "odd", NANOSECONDS, **tags)
    rest.log(run, {"layers": "007"}, loss=[1.0, 0.5])
    rest.upload(run, "model/MLmodel", b"flavors: [null]\nsignature:\n  inputs: '[null]'\n  outputs: '{}'\n")
    rest.upload(run, ".mlflow/environment/process.json", b'{"command": 3, "python": [1], "host": null}')
    rest.upload(run, ".mlflow/source/manifest.json", b'{"commit": ["a"], "remote": {"a": 1}}')
    rest.upload(run, "long.json", b'{"seed": 12345678901234567890, "rate": 1.0}')
    rest.use(run, "odd set", "1", "train", schema={"mlflow_colspec": [None, 3]}, profile=[1])
    return run


def test_runs_files_and_notes_of_other_forms_are_shown(new_page: NewPage, experiment: str, odd: str) -> None:
    page = new_page(f"/experiments/{experiment}?m=table")
    page.get_by_role("link", name="odd", exact=True).wait_for()
    base = page.url.split("#")[0]
    page.refusals_expected = True  # of files that the run does not have
    parts = ("", "/charts", "/logs", "/code", "/artifacts/model/MLmodel")
    for part in ("/notes", "/datasets"):
        page.goto(f"{base}#/experiments/{experiment}{part}")
        settle(page)
        assert page.get_by_role("heading", name="odd data").count(), part
        assert page.get_by_role("alert").all_inner_texts() == [], part
    for part in parts:
        page.goto(f"{base}#/runs/{odd}{part}")
        settle(page)
        assert page.get_by_role("heading", name="odd", exact=True).count(), part
        assert page.get_by_role("alert").all_inner_texts() == [], part
    page.goto(f"{base}#/runs/{odd}/artifacts/long.json")
    page.get_by_text("12345678901234567890").wait_for()
    page.get_by_text("1.0", exact=False).first.wait_for()


def test_a_run_without_output_shows_none_of_the_run_before(new_page: NewPage, samples: Samples, odd: str) -> None:
    page = new_page(f"/runs/{samples.runs[0]}/logs")
    page.get_by_text("epoch 0 loss").wait_for()
    page.refusals_expected = True
    page.goto(page.url.replace(samples.runs[0], odd))
    page.get_by_text("No console output").wait_for()
    assert page.get_by_text("epoch 0 loss").count() == 0


def test_a_draft_of_a_description_stays_with_its_model(new_page: NewPage, rest: Rest) -> None:
    for name in ("first draft", "second draft"):
        rest.post("/api/2.0/mlflow/registered-models/create", name=name)
    page = new_page("/models/first draft")
    page.get_by_role("button", name="Edit the description").click()
    page.get_by_role("textbox", name="Description").fill("of the first")
    page.goto(page.url.replace("first", "second"))
    page.get_by_role("heading", name="second draft").wait_for()
    assert page.get_by_role("textbox", name="Description").count() == 0


def test_a_link_of_mlflow_with_a_bare_percent_sign_is_followed(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f'/metric/100%?runs=["{samples.runs[0]}"]')
    page.wait_for_url("**/compare?**k=100%25**")


def test_a_name_without_end_leaves_the_buttons_beside_it(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("y" * 200), "x" * 200)
    for size, most in ((WIDE, 52), (NARROW, 80)):
        page = new_page(f"/runs/{run}", size=size)
        page.get_by_role("heading", name="xxxx").wait_for()
        settle(page)
        assert page.locator("header").first.bounding_box()["height"] <= most
        menu = page.get_by_role("button", name="Actions for this run").bounding_box()
        assert menu["x"] + menu["width"] <= size["width"]


def test_values_that_are_no_figures_are_said_to_be_so(new_page: NewPage, rest: Rest) -> None:
    run = rest.run(rest.experiment("diverged"), "one")
    rest.log(run, loss=["NaN", "Infinity", "NaN"])
    page = new_page(f"/runs/{run}/charts")
    page.get_by_role("region", name="loss").get_by_text("Only NaN and infinite values.").wait_for()


def test_bars_of_negative_values_lie_on_the_other_side_of_zero(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("signs")
    for name, value in (("above", 3.0), ("below", -1.0)):
        rest.log(rest.run(experiment, name), score=[value])
    page = new_page(f"/experiments/{experiment}?m=charts")
    bars = page.get_by_role("region", name="score").get_by_role("listitem")
    bars.nth(1).wait_for()
    settle(page)
    above, below = (bars.filter(has_text=name).locator("i").bounding_box() for name in ("above", "below"))
    assert abs(below["x"] + below["width"] - above["x"]) < 1
    assert abs(above["width"] - 3 * below["width"]) < 1


def test_on_a_phone_the_rows_begin_in_the_upper_third(new_page: NewPage, samples: Samples) -> None:
    page = new_page(f"/experiments/{samples.nested}?m=table", size=NARROW)
    page.get_by_role("rowheader").first.wait_for()
    settle(page)
    assert page.get_by_role("rowheader").first.bounding_box()["y"] <= NARROW["height"] * 0.3
