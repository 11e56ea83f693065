"""What happens while nobody can be told: the connection is cut, or the page is hidden."""

import pytest

from tests.fixtures.servers import TrackingServer
from tests.remote.tcp_proxy import proxied
from tests.ui.calm import listens, settle
from tests.ui.conftest import NewPage
from tests.ui.rest import Rest, now
from tests.ui.test_runs import row

pytestmark = pytest.mark.browser

HIDE = """hidden => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_what_happens_while_the_connection_is_cut_is_caught_up(
    new_page: NewPage, rest: Rest, tracking_server: TrackingServer
) -> None:
    experiment = rest.experiment("cut off")
    first = rest.run(experiment, "first", start=now() - 60_000)
    rest.log(first, loss=[0.5])
    with proxied(tracking_server.port) as proxy:
        page = new_page(f"/experiments/{experiment}?m=table&c=~metrics.loss", url=f"http://127.0.0.1:{proxy.port}")
        page.outage_expected = True
        page.get_by_text("Live · 1 running").wait_for()
        listens(page)  # nothing has happened yet, so the page has heard of nothing
        proxy.refuse = 1_000_000
        proxy.cut()
        page.get_by_text("Reconnecting").wait_for()
        rest.log(first, loss=[0.5, 0.125])
        rest.end(first)
        rest.run(experiment, "second")
        assert row(page, "second").count() == 0
        proxy.refuse = 0
        row(page, "first").get_by_text("0.125").wait_for()
        row(page, "first").get_by_title("Finished").wait_for()
        row(page, "second").wait_for()


def test_a_page_that_was_hidden_catches_up(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("hidden for a while")
    run = rest.run(experiment, "first", start=now() - 60_000)
    rest.log(run, loss=[0.5])
    page = new_page(f"/experiments/{experiment}?m=table&c=~metrics.loss")
    page.get_by_text("Live · 1 running").wait_for()
    listens(page)
    page.evaluate(HIDE, True)
    settle(page)
    rest.log(run, loss=[0.5, 0.25])
    rest.run(experiment, "second")
    page.wait_for_timeout(300)
    page.evaluate(HIDE, False)
    row(page, "first").get_by_text("0.25").wait_for()
    row(page, "second").wait_for()


def test_live_updates_are_paused_where_they_are_told_and_what_happens_is_said(new_page: NewPage, rest: Rest) -> None:
    experiment = rest.experiment("paused")
    run = rest.run(experiment, "first", start=now() - 60_000)
    rest.log(run, loss=[0.5])
    page = new_page(f"/experiments/{experiment}?m=table&c=~metrics.loss")
    said = page.get_by_role("status")
    page.get_by_role("button", name="Live · 1 running").click()
    paused = page.get_by_role("button", name="Paused · 1 running")
    paused.wait_for()
    settle(page)
    rest.log(run, loss=[0.5, 0.25])
    rest.run(experiment, "second")
    page.wait_for_timeout(300)
    assert row(page, "second").count() == 0
    paused.click()
    row(page, "second").wait_for()
    row(page, "first").get_by_text("0.25").wait_for()
    page.get_by_label("Filter runs").fill("metrics.loss < 9")
    said.get_by_text("1 of 2 runs").wait_for(state="attached")
