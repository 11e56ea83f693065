"""What 200, 10,000 and 100,000 runs cost a browser: requests, bytes, elements. Times are the benchmark's."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fixtures.servers import OURS, TrackingServer
from tests.ui.calm import settle
from tests.ui.conftest import NewPage
from tests.ui.rest import Rest
from tests.ui.seeding import run_id, seed_runs

pytestmark = pytest.mark.browser

COUNTS = (200, 10_000, 100_000)
MOST_REQUESTS = 8  # of anything, small lines and the stream of events included
MOST_BYTES = 400 * 1024  # of everything, as it is sent
MOST_NODES = 1500
MOST_CHARTED = 100 * 1024  # bytes of one metric of 100 runs
THIRTY = ",".join(["metrics.val/loss", "params.lr", *(f"metrics.absent-{number}" for number in range(28))])
MOST_OF_A_RUN = 1024  # bytes of its row


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TrackingServer, dict[int, str]]]:
    """A server with an experiment of each size."""
    folder = tmp_path_factory.mktemp("many")
    experiments = seed_runs(folder / "many.db", COUNTS)
    server = TrackingServer(OURS, folder / "server", f"sqlite:///{folder / 'many.db'}")
    yield server, experiments
    server.stop()


def row(page: Any, number: int) -> Any:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=f"n-{number:05}", exact=True))


@pytest.mark.parametrize("count", COUNTS)
def test_the_table_needs_few_requests_and_bytes(
    new_page: NewPage, many: tuple[TrackingServer, dict[int, str]], count: int
) -> None:
    server, experiments = many
    page = new_page("/nowhere", url=server.url)
    page.get_by_role("heading").first.wait_for()
    sent, sizes = traffic(page)
    page.goto(f"{server.url}/#/experiments/{experiments[count]}?m=table")
    row(page, count - 1).locator("polyline").wait_for()
    page.locator("footer").get_by_text(f"{count:,} runs").wait_for()
    settle(page)  # what is asked for besides
    assert len(sent) <= MOST_REQUESTS, "\n".join(sent)
    assert sum(sizes) <= MOST_BYTES, sent


def test_a_filtered_table_needs_three_requests_more(
    new_page: NewPage, many: tuple[TrackingServer, dict[int, str]]
) -> None:
    server, experiments = many
    page = new_page("/nowhere", url=server.url)
    page.get_by_role("heading").first.wait_for()
    sent, _ = traffic(page)
    page.goto(f"{server.url}/#/experiments/{experiments[200]}?m=table&q=params.optimizer+%3D+'sgd'")
    row(page, 199).locator("polyline").wait_for()
    settle(page)
    assert len(sent) <= MOST_REQUESTS + 3, "\n".join(sent)


def test_a_page_of_a_run_asks_once_for_what_is_known_of_it(
    new_page: NewPage, many: tuple[TrackingServer, dict[int, str]]
) -> None:
    server, _ = many
    page = new_page("/nowhere", url=server.url)
    page.get_by_role("heading").first.wait_for()
    sent, _ = traffic(page)
    page.goto(f"{server.url}/#/runs/{run_id(200, 7)}")
    page.get_by_role("row").filter(has_text="val/loss").locator("polyline").wait_for()
    page.get_by_role("link", name="200 runs").wait_for()
    settle(page)
    asked = [address.partition("/api/")[2] for address in sent if "/api/" in address]
    assert f"ext/v1/runs/{run_id(200, 7)}" in asked
    others = ("sparklines", "events", "logged-models/query", "model-versions/search")
    assert len(asked) == 1 + len(others), "\n".join(asked)
    assert all(any(other in path for path in asked) for other in others)


def traffic(page: Any) -> tuple[list[str], list[int]]:
    """The addresses asked for from now on, with an empty cache, and the bytes of the answers."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sent: list[str] = []
    sizes: list[int] = []
    page.goto("about:blank")  # so that the next address is no step inside the page
    devtools.on("Network.requestWillBeSent", lambda event: sent.append(event["request"]["url"]))
    devtools.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    return sent, sizes


@pytest.mark.parametrize("columns", [pytest.param("", id="usual columns"), pytest.param(THIRTY, id="thirty columns")])
@pytest.mark.parametrize("count", COUNTS)
def test_any_row_is_reached_with_few_elements(
    new_page: NewPage, many: tuple[TrackingServer, dict[int, str]], count: int, columns: str
) -> None:
    server, experiments = many
    chosen = f"&c=~{columns}" if columns else ""
    page = new_page(f"/experiments/{experiments[count]}?m=table{chosen}", url=server.url)
    row(page, count - 1).wait_for()
    grid = page.get_by_role("grid")
    for part, number in ((0.5, count // 2), (1, 0)):
        grid.evaluate("(grid, part) => { grid.scrollTop = part * grid.scrollHeight - part * grid.clientHeight }", part)
        row(page, number).wait_for()
        assert page.locator("*").count() <= MOST_NODES


def test_pages_far_on_share_the_order_that_was_found_before(
    new_page: NewPage, many: tuple[TrackingServer, dict[int, str]]
) -> None:
    server, experiments = many
    page = new_page("/nowhere", url=server.url)
    asked: list[dict[str, Any]] = []
    page.on("request", lambda request: asked.append(request.post_data_json) if "runs/query" in request.url else None)
    with page.expect_response(lambda response: '"offset":1000,' in (response.request.post_data or "")) as found:
        page.goto(f"{server.url}/#/experiments/{experiments[10_000]}?m=table")
    order = found.value.json()["result_id"]
    for part, number in ((0.5, 5000), (0.25, 7500)):
        page.get_by_role("grid").evaluate(
            "(grid, part) => { grid.scrollTop = part * grid.scrollHeight - part * grid.clientHeight }", part
        )
        row(page, number).wait_for()
    far = [(body["offset"], body["result_id"]) for body in asked if body["offset"] >= 1000]
    assert far[0] == (1000, "")
    assert len(far) > 3
    assert {result_id for _, result_id in far[1:]} == {order}


def test_charts_of_a_hundred_runs_are_small(new_page: NewPage, many: tuple[TrackingServer, dict[int, str]]) -> None:
    server, experiments = many
    shown = ",".join(run_id(10_000, 9_999 - number) for number in range(100))
    page = new_page("/nowhere", url=server.url)
    with page.expect_response("**/metrics/sample") as answered:
        page.goto(f"{server.url}/#/experiments/{experiments[10_000]}?m=charts&k=val/loss&r=~{shown}")
    page.get_by_role("img", name="val/loss, 100 of 100 runs").wait_for()
    assert answered.value.request.sizes()["responseBodySize"] <= MOST_CHARTED
    assert page.locator("*").count() <= MOST_NODES


def test_thousands_of_metrics_cost_no_more_than_what_is_seen_of_them(new_page: NewPage, rest: Rest) -> None:
    experiment_id = rest.experiment("wide")
    wide = rest.run(experiment_id, "wide")
    rest.log(wide, **{f"layer__{number:05}": [float(number)] for number in range(12_000)})
    page = new_page("/nowhere")
    with page.expect_response("**/runs/query") as answered:
        page.goto(f"{page.url.split('#')[0]}#/experiments/{experiment_id}?c=~metrics.layer/00007")
    assert answered.value.request.sizes()["responseBodySize"] <= MOST_OF_A_RUN
    charts = page.get_by_role("region", name="Charts")
    charts.get_by_role("heading", name="layer/00059").wait_for()
    assert page.locator("*").count() <= 2 * MOST_NODES
    charts.get_by_role("button", name="Show more").click()
    charts.get_by_role("heading", name="layer/00119").wait_for()
    charts.get_by_role("textbox", name="Find metrics").fill("11999")
    charts.get_by_role("heading", name="layer/11999").wait_for()
    page.goto(f"{page.url.split('#')[0]}#/runs/{wide}")
    page.get_by_role("link", name="layer/00299").wait_for()
    assert page.locator("*").count() <= 3 * MOST_NODES
    page.get_by_role("button", name="Show more").click()
    page.get_by_role("link", name="layer/00599").wait_for()
    page.goto(f"{page.url.split('#')[0]}#/experiments/{experiment_id}/sweep")
    page.get_by_role("button", name="layer/00000").click()
    target = page.get_by_role("dialog", name="Target")
    target.get_by_role("button", name="layer/00032 (min)").wait_for()
    assert page.locator("*").count() <= MOST_NODES
    target.get_by_role("textbox", name="Find: Target").fill("11999 (max)")
    page.keyboard.press("Enter")
    page.wait_for_url("**y=max(metrics.layer/11999)**")
