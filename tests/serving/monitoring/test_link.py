"""A worker's end: what is sampled, what is dropped, and what /metrics tells of it."""

from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

import msgspec
import pytest
from prometheus_client import CollectorRegistry

from mlflow.serving.monitoring import link as link_module
from mlflow.serving.monitoring.link import Link
from mlflow.serving.monitoring.monitor import Report
from mlflow.serving.monitoring.samples import Sample
from mlflow.serving.monitoring.settings import Address
from mlflow.serving.traffic.observations import Observation
from mlflow.types import ColSpec, Schema
from tests.serving.samples import until

KEY = b"a key of both"
SCHEMA = Schema([ColSpec("string", "s")])


def observation(**facts: Any) -> Observation:
    given: dict[str, Any] = {
        "request_id": "r1",
        "variant": "default",
        "version": "1",
        "seconds": 0.5,
        "status": 200,
        "failed": False,
        "at": 1,
        "key": "r1",
        "addressed": False,
        "media_type": "text/csv",
        "body": b"s\n007\n",
        "answer": b'{"predictions": [1]}',
        "schema": SCHEMA,
    }
    return Observation(**(given | facts))


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    with Listener(str(tmp_path / "samples"), authkey=KEY) as found:
        yield found


class End(Link):
    """A link with its measures at hand."""

    def __init__(self, path: Any, rate: float = 1.0) -> None:
        self.registry = CollectorRegistry()
        super().__init__(Address(str(path), KEY, rate), self.registry)
        self.start()

    def count(self, outcome: str) -> float:
        return self.registry.get_sample_value("mlflow_monitoring_samples_total", {"outcome": outcome}) or 0.0


def received(connection: Connection) -> Sample:
    return msgspec.msgpack.decode(connection.recv_bytes(), type=Sample)


def test_a_sample_is_read_as_the_model_read_it(listener: Listener) -> None:
    end = End(listener.address)
    with listener.accept() as connection:
        end.observe(observation())
        sample = received(connection)
        assert sample.inputs().data["s"].tolist() == ["007"]  # by the schema a text, not a number
        assert sample.predictions() == [1]
        end.close()
        with pytest.raises(EOFError):  # the monitor is told that nothing follows
            received(connection)
    assert end.count("taken") == 1


def test_of_a_failure_no_body_is_sent(listener: Listener) -> None:
    end = End(listener.address)
    with listener.accept() as connection:
        end.observe(observation(status=400, failed=True))
        sample = received(connection)
        assert (sample.body, sample.answer, sample.status, sample.failed) == (b"", b"", 400, True)
        end.close()


def test_a_share_of_the_requests_is_sampled(listener: Listener) -> None:
    end = End(listener.address, rate=0.2)
    with listener.accept():
        for _ in range(600):
            end.observe(observation())
        end.close()
        until(lambda: not end._thread.is_alive())
    assert 60 < end.count("taken") < 190  # more than five standard deviations on either side


def test_what_does_not_fit_is_dropped_and_counted(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "_LARGEST", 1_000)
    monkeypatch.setattr(link_module, "_BYTES", 2_500)
    end = End(listener.address)  # nobody accepts: what is sampled waits
    for _ in range(5):
        end.observe(observation(body=b"x" * 900))
    end.observe(observation(body=b"x" * 2_000))
    assert (end.count("dropped"), end.count("too large")) == (3, 1)
    listener.close()


def test_findings_become_measures(listener: Listener) -> None:
    end = End(listener.address)
    with listener.accept() as connection:
        report = Report(0, {"input/psi/age": 0.5, "traffic/rows": 9.0}, {"input/psi/age": 0.2}, ["input/psi/age"])
        connection.send_bytes(msgspec.msgpack.encode(report))
        value = labelled(end.registry)
        until(lambda: value("alert", "input/psi/age") == 1)
        assert value("value", "input/psi/age") == 0.5
        assert value("limit", "input/psi/age") == 0.2
        assert value("value", "traffic/rows") == 9
        assert value("alert", "traffic/rows") is None
        end.close()


def labelled(registry: CollectorRegistry) -> Callable[[str, str], float | None]:
    return lambda name, metric: registry.get_sample_value(f"mlflow_monitoring_{name}", {"metric": metric})


def test_without_its_monitor_a_link_drops_and_goes_on(tmp_path: Path) -> None:
    end = End(tmp_path / "nobody")
    end.observe(observation())
    until(lambda: end.count("dropped") == 1)
    end.close()
