"""An experiment of a server with several processes, and of one that is killed."""

import json
import re
from pathlib import Path

import pytest
import urllib3
from click.testing import CliRunner

from mlflow.cli import cli
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.serving.client import ServingClient
from tests.fixtures.processes import Child, free_port
from tests.fixtures.servers import OURS
from tests.serving.samples import ScoringServer, until


class Shop:
    """`mlflow models serve` with two routes and an experiment, which can be killed and started again."""

    def __init__(self, model: Path, folder: Path) -> None:
        self.port = free_port()
        routes = ["--route", f"champion={model}", "--route", f"challenger={model}"]
        self.command = [*OURS, "models", "serve", *routes, "-p", str(self.port), "--env-manager", "local", "-w", "2"]
        self.command += ["--reward-metric", "clicks", "--guardrail", "error_rate<0.5", "--state-dir", str(folder)]
        self.log, self.folder = folder.parent / "shop.log", folder.parent
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = ServingClient(self.url, timeout=60)

    def start(self) -> None:
        tracking = {"MLFLOW_TRACKING_URI": f"sqlite:///{self.folder / 'mlflow.db'}"}
        self.child = Child(self.command, self.log, tracking, self.folder)
        before = self.child.output.count("serves")
        self.child.wait_until(lambda: self.child.output.count("serves") > before, seconds=180, pause=0.1)

    def count(self, name: str) -> int:
        return sum(shown[name] for shown in self.client.experiment()["variants"])


def run(*arguments: str) -> str:
    done = CliRunner().invoke(cli, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_rewards_meet_their_requests_in_any_process_and_survive_a_kill(models: Path, tmp_path: Path) -> None:
    shop = Shop(models / "free", tmp_path / "state")
    shop.start()
    try:
        answers = [shop.client.predict([1]) for _ in range(40)]
        assert {answer.variant for answer in answers} == {"champion", "challenger"}
        earned = {answer.request_id: float(place % 2) for place, answer in enumerate(answers[:30])}
        until(lambda: not shop.client.rewards(earned).unknown)
        until(lambda: shop.count("rewards") == 30 and shop.count("requests") == 40)
        shop.child.kill()
        shop.start()
        assert shop.client.reward(answers[0].request_id, 1.0) is False
        assert shop.client.reward(answers[39].request_id, 0.0) is True
        with pytest.raises(ResourceDoesNotExist, match="nobody"):
            shop.client.reward("nobody", 1.0)
        until(lambda: shop.count("rewards") == 31)
        until(lambda: shop.client.experiment()["run_id"] is not None)
        assert shop.client.experiment()["experiment"] == 1
        measured = urllib3.request("GET", f"{shop.url}/metrics").data.decode()
        assert sum(map(float, re.findall(r"mlflow_ab_reward_count{.*} (.+)", measured))) == 31
        assert 'mlflow_ab_standing{standing="running",variant="challenger"} 1.0' in measured
        shown = run("ab", "status", "--url", shop.url)
        assert re.search(r"challenger +\S+ +50\.0%", shown)
        assert re.search(r"Difference of clicks from 'champion'\nchallenger  .*\[-*[o|]", shown)
        assert "Guardrail error_rate<0.5 of 'challenger' holds" in shown
        told = json.loads(run("ab", "rollback", "challenger", "--reason", "complaints", "--url", shop.url, "--json"))
        assert told["variants"][1]["standing"] == "rolled_back"
        until(lambda: {shop.client.predict([1]).variant for _ in range(20)} == {"champion"})
        failed = CliRunner().invoke(cli, ["ab", "promote", "champion", "--url", shop.url])
        assert (failed.exit_code, "Error: " in failed.output) == (1, True)
    finally:
        shop.child.stop()


def test_a_server_that_runs_no_experiment_is_named(logistic: ScoringServer) -> None:
    with pytest.raises(InvalidParameterValue, match="--reward-metric"):
        ServingClient(logistic.url).experiment()
