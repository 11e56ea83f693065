"""The list of experiments."""

import shutil
import subprocess
from typing import Any

import pytest

from tests.fixtures.servers import StartServer
from tests.ui.calm import listens
from tests.ui.conftest import TALL, NewPage
from tests.ui.pictures import picture
from tests.ui.rest import Rest, now
from tests.ui.samples import Samples

pytestmark = pytest.mark.browser


def row(page: Any, name: str) -> Any:
    return page.get_by_role("listitem").filter(has_text=name)


def choose(page: Any, name: str, action: str) -> None:
    page.get_by_role("button", name=f"Actions for {name}", exact=True).click()
    page.get_by_role("menuitem", name=action).click()


def test_the_list_shows_names_counts_and_tags(new_page: NewPage, samples: Samples) -> None:
    page = new_page("/experiments", size=TALL)
    sweep = row(page, "sweep")
    sweep.get_by_text("12 runs").wait_for()
    sweep.get_by_text("1 running").wait_for()
    sweep.get_by_text("team: vision").wait_for()


def test_searching_narrows_the_list_and_stays_in_the_address(new_page: NewPage, samples: Samples) -> None:
    page = new_page("/experiments", size=TALL)
    row(page, "nested").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("swee")
    row(page, "nested").wait_for(state="detached")
    assert page.url.endswith("?q=swee")
    page.reload()
    row(page, "sweep").wait_for()
    assert row(page, "nested").count() == 0


def test_experiments_are_found_by_tag(new_page: NewPage, samples: Samples) -> None:
    page = new_page("/experiments?q=tags.team+=+'vision'")
    row(page, "sweep").wait_for()
    page.get_by_role("main").get_by_text("1 experiment", exact=True).wait_for()


def test_an_experiment_is_created_renamed_tagged_deleted_and_restored(new_page: NewPage, samples: Samples) -> None:
    page = new_page("/experiments")
    page.get_by_role("button", name="New experiment").click()
    page.get_by_role("textbox", name="Name").fill("fresh")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("heading", name="Log the first run").wait_for()
    page.get_by_role("link", name="Experiments", exact=True).first.click()

    choose(page, "fresh", "Rename")
    page.get_by_role("textbox", name="Name").fill("fresher")
    page.keyboard.press("Enter")
    row(page, "fresher").wait_for()

    choose(page, "fresher", "Edit tags")
    page.get_by_role("button", name="Add a tag").click()
    page.get_by_role("textbox", name="Tag").fill("kind")
    page.get_by_label("Value").fill("new")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("dialog").get_by_text("kind: new").wait_for()
    page.get_by_role("button", name="Close", exact=True).click()

    choose(page, "fresher", "Move to trash")
    row(page, "fresher").wait_for(state="detached")
    page.get_by_text("Trash", exact=True).click()
    row(page, "fresher").wait_for()
    choose(page, "fresher", "Restore")
    row(page, "fresher").wait_for(state="detached")
    page.get_by_text("Active", exact=True).click()
    row(page, "fresher").wait_for()


def test_ticked_experiments_are_deleted_together_and_brought_back(new_page: NewPage, rest: Rest) -> None:
    made = [rest.experiment(f"in bulk {number}") for number in range(3)]
    page = new_page("/experiments?q=in+bulk")
    for number in (0, 2):
        page.get_by_role("checkbox", name=f"Select in bulk {number}", exact=True).check()
    bar = page.get_by_role("toolbar", name="Selected experiments")
    bar.get_by_text("2 experiments selected").wait_for()
    bar.get_by_role("button", name="Delete").click()
    page.get_by_text("2 experiments in the trash.").wait_for()
    picture(page, "undo")
    page.get_by_role("main").get_by_text("1 experiment", exact=True).wait_for()
    stages = [stage_of(rest, one) for one in made]
    assert stages == ["deleted", "active", "deleted"]
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("main").get_by_text("3 experiments", exact=True).wait_for()
    assert [stage_of(rest, one) for one in made] == ["active"] * 3


def stage_of(rest: Rest, experiment_id: str) -> str:
    found = rest.send("GET", f"/api/2.0/mlflow/experiments/get?experiment_id={experiment_id}")
    return str(found["experiment"]["lifecycle_stage"])


def test_a_name_that_is_taken_is_said_in_the_dialog(new_page: NewPage, samples: Samples) -> None:
    page = new_page("/experiments")
    page.refusals_expected = True
    page.get_by_role("button", name="New experiment").click()
    page.get_by_role("textbox", name="Name").fill("sweep")
    page.get_by_role("button", name="Create").click()
    assert "sweep" in page.get_by_role("alert").text_content()


def test_runs_that_start_are_counted_and_new_experiments_appear_while_one_looks(
    new_page: NewPage, samples: Samples, rest: Rest
) -> None:
    experiment = rest.experiment("counted live")
    page = new_page("/experiments")
    row(page, "counted live").get_by_text("0 runs").wait_for()
    listens(page)
    rest.run(experiment, "one")
    row(page, "counted live").get_by_text("1 run", exact=True).wait_for()
    rest.experiment("begun meanwhile")
    row(page, "begun meanwhile").wait_for()


def test_the_first_run_on_a_new_server_is_shown_how_to_and_opens_by_itself(
    new_page: NewPage, start_server: StartServer
) -> None:
    server = start_server()
    page = new_page("/experiments", url=server.url)
    page.get_by_role("heading", name="Log the first run").wait_for()
    page.get_by_text(f'mlflow.set_tracking_uri("{server.url}")').wait_for()
    picture(page, "first visit")
    rest = Rest(server.url)
    rest.log(rest.run(rest.experiment("hello"), "first steps"), loss=[1.0, 0.5])
    page.get_by_role("heading", name="hello").wait_for()
    page.get_by_role("link", name="first steps").wait_for()
    page.outage_expected = True  # the server may stop before the page does


def test_the_list_shows_activity_and_people_and_keeps_starred_experiments_at_the_top(
    new_page: NewPage, rest: Rest
) -> None:
    older, newer = rest.experiment("starred older", team="audio"), rest.experiment("starred newer")
    day = 86_400_000
    started = ((older, 2 * day, "ana"), (older, day + 60_000, "bo"), (older, day, "cy"), (newer, 0, "di"))
    for experiment, age, user in started:
        body = {"experiment_id": experiment, "user_id": user, "start_time": now() - age - 1000}
        rest.post("/api/2.0/mlflow/runs/create", **body)
    page = new_page("/experiments?q=starred")
    row(page, "starred older").get_by_role("img", name="3 runs in 14 days").wait_for()
    page.get_by_role("main").get_by_text("2 experiments", exact=True).wait_for()
    people = row(page, "starred older").get_by_title("cy, bo, ana")
    assert people.inner_text().split("\n")[-1] == "cy, bo +1"
    assert names(page) == ["starred newer", "starred older"]
    star = page.get_by_role("button", name="Star starred older")
    star.click()
    page.get_by_role("listitem").first.get_by_role("link", name="starred older").wait_for()
    page.reload()
    row(page, "starred newer").wait_for()
    assert names(page) == ["starred older", "starred newer"]
    page.get_by_role("button", name="team: audio").click()
    row(page, "starred newer").wait_for(state="detached")
    assert page.get_by_role("searchbox").input_value() == "tags.team = 'audio'"
    star.press("Enter")
    page.go_back()
    page.get_by_role("listitem").first.get_by_role("link", name="starred newer").wait_for()


def names(page: Any) -> list[str]:
    links: list[str] = page.get_by_role("listitem").get_by_role("link").all_inner_texts()
    return links


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl on PATH")
def test_an_experiment_without_runs_shows_programs_and_that_of_the_shell_logs_a_run(
    new_page: NewPage, rest: Rest
) -> None:
    experiment = rest.experiment("it's new")
    page = new_page(f"/experiments/{experiment}")
    page.get_by_text('mlflow.set_experiment("it\'s new")').wait_for()
    for client, part in (("XGBoost", "mlflow.xgboost.autolog()"), ("REST", "runs/log-metric")):
        page.get_by_text(client, exact=True).click()
        page.get_by_text(part).wait_for()
    subprocess.run(["sh", "-c", page.locator("pre").inner_text()], check=True, timeout=60)
    page.get_by_role("row").nth(1).get_by_text("0.4", exact=True).wait_for()
