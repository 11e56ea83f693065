"""An experiment in process: traffic, outcomes, decisions, the registry and the runs that tell of them."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mlflow.exceptions import (
    DeadlineExceeded,
    InvalidParameterValue,
    MlflowException,
    ResourceConflict,
)
from mlflow.serving.ab.experiment import begun
from mlflow.serving.ab.ledger import Arrival, Reward
from mlflow.serving.ab.plan import Metric, Plan
from mlflow.serving.ab.records import Command
from mlflow.serving.ab.tallies import Slot
from mlflow.serving.shared_files import connect
from mlflow.serving.traffic.routes import collect_routes
from mlflow.serving.traffic.state import now_ms
from tests.serving.ab.site import ROUTES, Site, registered
from tests.serving.samples import until

GATES = """
import pathlib
import time

import mlflow
from mlflow.exceptions import PromotionRefused


@mlflow.registry_gate(alias="champion", models="gated")
def not_today(promotion):
    if promotion.previous is not None:
        raise PromotionRefused("not on a Friday")


@mlflow.registry_gate(alias="champion", models="examined")
def takes_its_time(promotion):
    if promotion.previous is not None:
        pathlib.Path("asked").touch()
        while not pathlib.Path("examined").exists():
            time.sleep(0.01)
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store that these tests share, with a check that is against one model."""
    folder = tmp_path_factory.mktemp("store")
    (folder / "gates.py").write_text(GATES)
    return folder


@pytest.fixture(autouse=True)
def tracked(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{store / 'mlflow.db'}")
    monkeypatch.setenv("MLFLOW_REGISTRY_GATES", str(store / "gates.py"))


def test_a_reward_is_joined_once_and_an_unknown_request_is_said(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion", guardrails=["error_rate<0.5"])
    request, name = shop.answer()
    assert shop.live.reward([Reward(request, 1.0), Reward("nobody", 1.0)]) == ["counted", "unknown"]
    assert shop.live.reward([Reward(request, 0.0)]) == ["repeated"]
    shop.live.decider.look()
    assert shop.shown(name)["rewards"] == 1
    assert shop.shown(name)["reward"]["value"] == 1.0


def test_a_restart_goes_on_with_requests_and_rewards(site: Callable[..., Site]) -> None:
    first = site(metric="conversion")
    request, name = first.answer()
    other, _ = first.answer(name)
    first.live.reward([Reward(request, 1.0)])
    first.live.close()
    second = site(metric="conversion")
    assert second.live.reward([Reward(request, 1.0), Reward(other, 0.0)]) == ["repeated", "counted"]
    second.live.decider.look()
    shown = second.shown(name)
    assert (shown["requests"], shown["rewards"], shown["reward"]["value"]) == (2, 2, 0.5)
    assert second.live.status()["experiment"] == 1


def test_answers_and_counts_wait_for_a_file_that_takes_none(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion")
    files = [connect(shop.traffic.state.folder / name, "") for name in ("experiment.sqlite", "traffic.sqlite")]
    for file, table in zip(files, ("requests", "counts"), strict=True):
        file.execute(f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END")
    answered = [shop.answer()[0] for _ in range(3)]
    shop.traffic.tick()
    answered.append(shop.answer()[0])
    shop.traffic.tick()
    for file in files:
        file.execute("DROP TRIGGER full")
        file.close()
    shop.traffic.tick()
    assert shop.live.reward([Reward(request, 1.0) for request in answered]) == ["counted"] * 4
    counts = shop.traffic.state.counts()
    assert sum(value for (_, _, name), value in counts.items() if name == "requests") == 4


def test_another_plan_begins_another_experiment(site: Callable[..., Site]) -> None:
    site(metric="conversion").close()
    assert site(metric="revenue:mean").live.status()["experiment"] == 2


def test_the_oldest_requests_are_forgotten(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion", keep=10)
    requests = [shop.answer()[0] for _ in range(1_500)]
    assert shop.live.reward([Reward(requests[0], 1.0), Reward(requests[-1], 1.0)]) == ["unknown", "counted"]


def test_what_says_nothing_about_the_split_takes_no_part(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion")
    named, _ = shop.answer("champion", addressed=True)
    refused, _ = shop.answer("champion", status=400)
    assert shop.live.reward([Reward(named, 1.0), Reward(refused, 1.0)]) == ["unknown", "unknown"]


def test_a_request_without_a_reward_counts_as_zero_once_the_window_is_over(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion", window="1m")
    old, _ = shop.answer("champion", at=now_ms() - 120_000)
    shop.answer("champion")
    shop.traffic.tick()
    shop.live.decider.look()
    assert (shop.shown("champion")["rewards"], shop.shown("champion")["reward"]["value"]) == (1, 0.0)
    assert shop.live.reward([Reward(old, 1.0)]) == ["counted"]  # late, but it counts
    shop.live.decider.look()
    assert (shop.shown("champion")["rewards"], shop.shown("champion")["reward"]["value"]) == (1, 1.0)


def test_a_late_reward_is_left_out_of_the_test_which_each_request_enters_once() -> None:
    experiment = begun(Plan(metric=Metric("revenue", "mean"), window=60.0), collect_routes(routes=ROUTES), at=0)
    slot = Slot(1, "challenger", "", (("champion", 0.5), ("challenger", 0.5)))
    experiment.take([Arrival(slot, 0.0, late=False), Arrival(slot, 5.0, late=True)])
    difference = experiment.contestants[0].difference
    assert (difference.rewards, difference.total) == (1, 0.0)


def test_a_rate_takes_no_other_numbers(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion")
    request, _ = shop.answer()
    with pytest.raises(InvalidParameterValue, match="conversion:mean"):
        shop.live.reward([Reward(request, 2.5)])
    assert shop.live.reward([Reward(request, 1.0)]) == ["counted"]


def test_a_failing_challenger_loses_its_traffic_at_once(site: Callable[..., Site]) -> None:
    shop = site(guardrails=["error_rate<0.01"])
    for _ in range(3):
        shop.answer("challenger", failed=True)
        shop.answer("champion")
    shop.traffic.tick()
    shop.live.decider.look()
    assert shop.traffic.weights == {"champion": 100.0, "challenger": 0.0}
    assert shop.shown("challenger")["standing"] == "rolled_back"
    event = next(event for event in shop.traffic.state.events() if event.kind == "ab-rollback")
    assert event.evidence["watched"][0]["guardrail"] == "error_rate<0.01"
    shop.live.decider.look()
    assert "No challenger" in shop.live.status()["outcome"]


def test_a_slow_challenger_does_too_and_a_slow_control_does_not(site: Callable[..., Site]) -> None:
    shop = site(guardrails=["latency_p90<100ms"], metric="conversion")
    for _ in range(30):
        shop.answer("champion", seconds=0.5)
        shop.answer("challenger", seconds=0.05)
    shop.traffic.tick()
    shop.live.decider.look()
    assert shop.traffic.weights == {"champion": 50.0, "challenger": 50.0}
    for _ in range(20):
        shop.answer("challenger", seconds=0.5)
    shop.traffic.tick()
    shop.live.decider.look()
    assert shop.traffic.weights == {"champion": 100.0, "challenger": 0.0}


def test_a_worse_challenger_is_rolled_back_by_the_rule(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion", rule="promote,rollback")
    while shop.shown("challenger")["standing"] == "running":
        shop.visit({"champion": 0.5, "challenger": 0.3}, 300)
    assert shop.shown("challenger")["verdict"] == "worse"
    assert shop.traffic.weights == {"champion": 100.0, "challenger": 0.0}


def test_without_a_rule_a_verdict_changes_nothing(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion")
    for _ in range(10):
        shop.visit({"champion": 0.3, "challenger": 0.5}, 300)
    assert shop.shown("challenger")["verdict"] == "better"
    assert shop.traffic.weights == {"champion": 50.0, "challenger": 50.0}
    assert shop.live.status()["ended"] is None


def test_the_share_of_a_challenger_grows_by_the_rule(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion", rule="ramp=10/40,every=20,limit=2000")
    shop.live.decider.look()
    assert shop.traffic.weights == {"champion": 90.0, "challenger": 10.0}
    while shop.traffic.weights["challenger"] == 10.0:
        shop.visit({"champion": 0.3, "challenger": 0.3}, 50)
    assert shop.traffic.weights == {"champion": 60.0, "challenger": 40.0}
    assert shop.shown("challenger")["rewards"] >= 20
    while not shop.live.status()["ended"]:
        shop.visit({"champion": 0.3, "challenger": 0.3}, 200)
    assert "2000 rewards" in shop.live.status()["outcome"]
    assert shop.traffic.weights == {"champion": 100.0, "challenger": 0.0}


def test_another_version_is_compared_by_its_own_rewards(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion")
    shop.visit({"champion": 0.5, "challenger": 0.0}, 200)
    shop.versions["challenger"] = "9"
    shop.visit({"champion": 0.5, "challenger": 1.0}, 100)
    shown = shop.shown("challenger")
    assert (shown["version"], shown["reward"]["value"]) == ("9", 1.0)
    assert shown["rewards"] < 100


def test_only_one_process_decides_and_another_takes_over(site: Callable[..., Site]) -> None:
    first, second = site(guardrails=["error_rate<0.01"]), site(guardrails=["error_rate<0.01"])
    first.live.decider.look()
    for _ in range(3):
        second.answer("challenger", failed=True)
    second.traffic.tick()
    second.live.decider.look()
    assert second.traffic.weights["challenger"] == 50.0
    first.live.decider.close()
    second.live.decider.look()
    assert second.traffic.weights["challenger"] == 0.0


def test_a_process_joins_rewards_to_what_another_one_answered(site: Callable[..., Site]) -> None:
    first, second = site(metric="conversion"), site(metric="conversion")
    request, _ = first.answer()
    outcomes = second.live.reward([Reward(request, 1.0)])
    assert outcomes == ["unknown"]
    first.traffic.tick()
    assert second.live.retry([Reward(request, 1.0)], outcomes) == ["counted"]


def test_an_operator_rolls_back_stops_and_starts(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion")
    with pytest.raises(MlflowException, match="goes on"):
        shop.do("start")
    with pytest.raises(MlflowException, match="'other' is no challenger"):
        shop.do("rollback", variant="other")
    shop.do("rollback", reason="complaints")
    assert shop.traffic.weights == {"champion": 100.0, "challenger": 0.0}
    with pytest.raises(MlflowException, match="is over") as caught:
        while True:  # the end is noted with the next look
            shop.do("stop")
    assert caught.value.error_code == ResourceConflict("").error_code
    shop.do("start")
    assert shop.live.status()["experiment"] == 2
    assert shop.shown("challenger")["version"] == "2"
    assert shop.traffic.weights == {"champion": 50.0, "challenger": 50.0}
    shop.do("stop", reason="enough")
    assert shop.live.status()["outcome"] == "enough"
    with pytest.raises(MlflowException, match=re.escape("is over: enough. Start another")):
        shop.live.ask(Command("stop"))


def test_a_better_challenger_takes_the_alias_and_history_has_the_figures(site: Callable[..., Site]) -> None:
    client, routes = registered("fraud")
    shop = site(routes=routes, metric="conversion", rule="promote,rollback", logged=True)
    while not shop.live.status()["run_id"]:
        shop.live.decider.look()
        time.sleep(0.02)
    while not shop.live.status()["ended"]:
        shop.visit({"champion": 0.3, "challenger": 0.5}, 200)
        assert shop.requests < 10_000
    assert client.get_model_version_by_alias("fraud", "champion").version == 2
    assert shop.traffic.weights == {"champion": 0.0, "challenger": 100.0}
    shop.versions["champion"] = "2"  # it follows the alias
    shop.live.decider.look()
    assert shop.traffic.weights == {"champion": 100.0, "challenger": 0.0}
    shop.live.decider.close()
    evidence, moved = client.get_registry_history("fraud")[:2]
    assert (moved.action, moved.subject, moved.after) == ("alias_moved", "champion", "2")
    found = evidence.evidence[0]
    assert (evidence.version, found.check, found.passed) == ("2", "A/B test", True)
    assert found.details["p_value"] <= 0.05
    assert found.details["difference"]["value"] > 0
    assert found.details["split"]["fits"] is True
    while client.get_run(found.details["run_id"]).info.status != "FINISHED":
        time.sleep(0.05)
    parent = client.get_run(found.details["run_id"])
    assert "won" in parent.data.tags["mlflow.ab.outcome"]
    assert parent.data.params["metric"] == "conversion"
    assert parent.data.metrics["split_p_value"] == 1.0
    children = client.search_runs([parent.info.experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'")
    rates = {run.info.run_name: run.data.metrics["rate"] for run in children}
    assert rates["challenger"] > rates["champion"]


def test_a_registry_that_refuses_keeps_the_alias_and_the_split(
    site: Callable[..., Site],
) -> None:
    client, routes = registered("gated")
    shop = site(routes=routes, metric="conversion")
    with pytest.raises(MlflowException, match="not on a Friday"):
        shop.do("promote")
    assert shop.shown("challenger")["standing"] == "running"
    assert client.get_model_version_by_alias("gated", "champion").version == 1
    assert shop.traffic.weights == {"champion": 50.0, "challenger": 50.0}


def test_while_the_registry_examines_one_challenger_another_one_is_rolled_back(site: Callable[..., Site]) -> None:
    client, routes = registered("examined")
    shop = site(routes=(*routes, "next=three:50"), metric="conversion", guardrails=["error_rate<0.01"])
    with ThreadPoolExecutor() as operator:
        promoted = operator.submit(shop.do, "promote", variant="challenger")
        until(Path("asked").exists)
        stopped = operator.submit(shop.live.ask, Command("stop", reason="enough"))
        for _ in range(3):
            shop.answer("next", failed=True)
        shop.traffic.tick()
        until(lambda: shop.shown("next")["standing"] == "rolled_back")
        assert (promoted.done(), stopped.done()) == (False, False)
        Path("examined").touch()
        promoted.result()
        with pytest.raises(MlflowException, match="'challenger' won"):
            stopped.result()
    assert client.get_model_version_by_alias("examined", "champion").version == 2
    assert shop.traffic.weights == {"champion": 0.0, "challenger": 100.0, "next": 0.0}


def test_rewards_wait_for_their_requests_only_while_an_experiment_goes_on(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion")
    assert shop.live.may_learn()
    shop.do("stop")
    shop.traffic.tick()
    until(lambda: not shop.live.may_learn())


def test_what_nobody_does_in_time_is_not_done_later(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion")
    with pytest.raises(DeadlineExceeded, match="stop"):
        shop.live.ask(Command("stop"), seconds=0)
    shop.live.decider.look()
    assert shop.live.status()["ended"] is None


def test_a_new_test_is_not_judged_by_the_figures_of_the_last(site: Callable[..., Site]) -> None:
    shop = site(metric="conversion", rule="promote")
    while not shop.live.status()["ended"]:
        shop.visit({"champion": 0.3, "challenger": 0.5}, 200)
    shop.do("start")
    shop.live.decider.close()
    assert (shop.live.status()["ended"], shop.live.status()["experiment"]) == (None, 2)
    assert shop.traffic.weights == {"champion": 50.0, "challenger": 50.0}


def test_one_variant_alone_is_no_experiment(site: Callable[..., Site]) -> None:
    with pytest.raises(InvalidParameterValue, match="two --route"):
        site(routes=("champion=one:50", "next=two:shadow"), metric="conversion")
