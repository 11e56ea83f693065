"""What an experiment does where requests are not divided as the weights say."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlflow import MlflowClient
from mlflow.cli import cli
from mlflow.serving.traffic.state import now_ms
from tests.serving.ab.site import Site


@pytest.fixture(autouse=True)
def tracked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")


def printed(status: dict[str, object]) -> str:
    """What `mlflow ab status` prints where a server answers this."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(status).encode())

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        asked = threading.Thread(target=server.handle_request)
        asked.start()
        done = CliRunner().invoke(cli, ["ab", "status", "--url", f"http://127.0.0.1:{server.server_port}"])
        asked.join()
    assert done.exit_code == 0, done.output
    return done.output


def test_lost_requests_hold_the_rule_until_another_version_answers(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion", rule="promote,ramp=50/60,every=10", logged=True)
    old = now_ms() - 600_000
    for _ in range(400):
        shop.answer("champion", at=old)
        shop.answer("champion", at=old)
        shop.answer("challenger", at=old)  # of as many that were sent to it, half are not seen
    shop.traffic.tick()
    shop.live.decider.look()
    split = shop.live.status()["split"]
    assert (split["fits"], split["requests"]) == (False, {"champion": 800, "challenger": 400})
    while not shop.live.status()["run_id"]:
        time.sleep(0.05)
        shop.live.decider.look()
    run = shop.live.status()["run_id"]
    while "400 where 600" not in MlflowClient().get_run(run).data.tags.get("mlflow.ab.split", ""):
        time.sleep(0.05)
    for _ in range(10):
        shop.visit({"champion": 0.1, "challenger": 0.9}, 100)
    assert shop.shown("challenger")["verdict"] == "better"
    assert shop.live.status()["ended"] is None
    assert shop.traffic.weights["challenger"] == 50.0
    noted = [event for event in shop.traffic.state.events() if event.kind == "ab-split"]
    assert len(noted) == 1
    assert "'challenger' has 400 where 600 are to be expected" in noted[0].message
    assert "No rule promotes" in noted[0].message
    assert "'challenger' has 400 where 600 are to be expected" in printed(shop.live.status())
    shop.versions["challenger"] = "9"
    shop.live.decider.look()
    assert shop.live.status()["split"]["fits"]
    while not shop.live.status()["ended"]:
        shop.visit({"champion": 0.1, "challenger": 0.9}, 100)
        assert shop.requests < 5_000
    assert shop.shown("challenger")["standing"] == "promoted"


def test_an_answer_counts_by_the_weights_that_chose_it(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion")
    before = shop.traffic.routing
    shop.traffic.set_weights({"champion": 90.0, "challenger": 10.0}, "less")
    shop.answer("challenger", routing=before, at=now_ms() - 600_000)
    shop.traffic.tick()
    shop.live.decider.look()
    assert shop.live.status()["split"]["expected"] == {"champion": 0.5, "challenger": 0.5}
