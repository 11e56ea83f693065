"""What is decided while a registry is away, and how it gets there once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mlflow.exceptions import MlflowException, TemporarilyUnavailable
from mlflow.serving.ab import decider
from mlflow.serving.ab.database import Database
from mlflow.serving.ab.outbox import Finding, Message, Outbox, put
from mlflow.serving.ab.registry import Registry
from mlflow.serving.traffic.state import now_ms
from tests.fixtures.servers import StartServer
from tests.serving.ab.site import Site, registered
from tests.serving.samples import until


@pytest.fixture(autouse=True)
def tracked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")


@pytest.mark.faults
def test_what_is_decided_without_the_registry_stands_in_its_history_once_it_is_back(
    site: Callable[..., Site], start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start_server()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    client, routes = registered("away", "s3://models")
    shop = site(routes=routes, guardrails=["error_rate<0.01"])
    server.kill()
    for _ in range(3):
        shop.answer("challenger", failed=True)
    shop.traffic.tick()
    shop.live.decider.look()
    assert shop.shown("challenger")["standing"] == "rolled_back"
    shop.live.decider.look()  # now the registry is asked, in vain
    shop.close()
    again = site(routes=routes, guardrails=["error_rate<0.01"])
    server.start()
    again.live.decider.look()
    again.live.decider.close()
    found = [event.evidence[0] for event in client.get_registry_history("away", "2") if event.evidence]
    assert [(one.check, one.passed) for one in found] == [("A/B test", False)]
    assert "error_rate<0.01" in found[0].reason
    assert found[0].details["decided"] < now_ms()


@pytest.mark.faults
def test_a_promotion_waits_for_the_registry_and_says_so(
    site: Callable[..., Site], start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start_server()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
    monkeypatch.setattr(decider, "_AGAIN", 0.1)
    client, routes = registered("waiting", "s3://models")
    shop = site(routes=routes, metric="conversion", rule="promote")
    server.kill()
    while not shop.live.status()["problem"]:
        shop.visit({"champion": 0.1, "challenger": 0.9}, 50)
    assert "'challenger' is promoted once the registry can be reached" in shop.live.status()["problem"]
    with pytest.raises(MlflowException, match="failed with exception"):
        shop.do("promote")  # by hand; who asked is told at once
    server.start()
    until(lambda: bool(shop.live.status()["ended"]))
    assert client.get_model_version_by_alias("waiting", "champion").version == "2"
    assert shop.live.status()["problem"] == ""


def test_evidence_whose_arrival_nobody_learnt_of_is_not_attached_twice(tmp_path: Path) -> None:
    client, _ = registered("doubt")
    database, registry, tries = Database.open(tmp_path), Registry(), []

    def send(message: Message) -> None:
        assert isinstance(message, Finding)
        registry.note(message)
        tries.append(message.id)
        if len(tries) == 1:
            raise TemporarilyUnavailable("The answer is lost.")

    outbox = Outbox(database, send)
    with database.transaction() as connection:
        put(connection, [Finding(name="doubt", version="2", passed=True, reason=text, details={}) for text in "ab"])
    outbox.deliver()
    assert not outbox.is_due()  # for a while
    outbox.deliver()
    database.close()
    told = [event.evidence[0].reason for event in client.get_registry_history("doubt", "2") if event.evidence]
    assert (told, len(tries)) == (["b", "a"], 3)


def test_what_a_registry_refuses_is_not_sent_for_ever(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    with database.transaction() as connection:
        put(connection, [Finding(name="nobody", version="1", passed=True, reason="", details={})])
    outbox = Outbox(database, Registry().note)  # type: ignore[arg-type]  # it is a finding
    assert outbox.is_due()
    outbox.deliver()
    assert not outbox.is_due()
    database.close()
