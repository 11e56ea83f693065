"""Who answers, how that changes, and what two processes and a restart see of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.serving.traffic.observations import Observation
from mlflow.serving.traffic.ramps import parse_ramp
from mlflow.serving.traffic.routes import Routes, collect_routes
from mlflow.serving.traffic.state import Event, State, now_ms
from mlflow.serving.traffic.traffic import Traffic

Start = Callable[..., Traffic]
ROUTES = ("old=m:90", "new=n:10", "next=o:shadow")


def routes(*given: str, **how: str) -> Routes:
    return collect_routes(routes=given or ROUTES, **how)


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """A process of the server: each opens the same state anew."""

    def started(*given: str, clock: Callable[[], int] = now_ms, **how: str) -> Traffic:
        return Traffic(routes(*given, **how), State.open(tmp_path / "state"), clock)

    return started


def observation(variant: str = "old", **how: object) -> Observation:
    known = {"request_id": "r", "version": "1", "seconds": 0.5, "status": 200, "failed": False, "at": 1, "key": "k"}
    rest = {"addressed": False, "media_type": "application/json", "body": b"{}", "answer": b'{"predictions": [1]}'}
    return Observation(**{"variant": variant, **known, **rest, **how})


def test_new_weights_are_seen_by_every_process_and_survive_a_restart(start: Start) -> None:
    one, other = start(), start()
    assert one.weights == other.weights == {"old": 90, "new": 10}
    one.set_weights({"old": 50, "new": 50}, "looks good", {"rate": 0.1})
    assert other.weights["new"] == 10
    other.tick()
    assert other.weights["new"] == 50
    assert other.choose("user-7") == one.choose("user-7")
    assert start().weights["new"] == 50
    newest = start().state.events(1)[0]
    assert (newest.kind, newest.message, newest.evidence["rate"]) == ("weights", "looks good", 0.1)


def test_a_server_that_is_started_with_other_weights_takes_them(start: Start) -> None:
    start().set_weights({"old": 50, "new": 50}, "looks good")
    assert start("old=m:90", "new=n:20", "next=o:shadow").weights == {"old": 90, "new": 20}
    assert start("only=m").weights == {"only": 1}


def test_weights_are_for_all_who_answer_and_nobody_else(start: Start) -> None:
    traffic = start()
    for weights in ({"old": 1}, {"old": 1, "new": 1, "next": 1}, {"old": 0, "new": 0}, {}):
        with pytest.raises(InvalidParameterValue):
            traffic.set_weights(weights, "no reason")
    assert traffic.weights == {"old": 90, "new": 10}


def test_a_variant_that_is_not_there_is_told_with_those_that_are(start: Start) -> None:
    assert start().named("next") == "next"
    with pytest.raises(ResourceDoesNotExist, match="old, new, next"):
        start().named("other")


def test_a_ramp_is_climbed_once_by_all_processes_together(start: Start) -> None:
    now = 1_000_000
    how = {"ramp": "new=10,50,100:1m", "clock": lambda: now}
    one, other = start(**how), start(**how)
    assert one.weights == {"old": 90, "new": 10}
    now += 60_000
    for process in (one, other, one, other):
        process.tick()
    assert one.weights == other.weights == {"old": 50, "new": 50}
    again = start(**how)
    assert again.weights["new"] == 50
    now += 600_000
    for process in (other, one, again):
        process.tick()
    assert again.weights == {"old": 0, "new": 100}
    assert [event.evidence["step"] for event in one.state.events() if event.kind == "ramp"] == [3, 2, 1]


def test_weights_that_are_set_end_a_ramp_for_good(start: Start) -> None:
    traffic = start(ramp="new=10,50:1m")
    traffic.set_weights({"old": 100, "new": 0}, "errors")
    assert traffic.routing.ramp is None
    assert start(ramp="new=10,50:1m").weights == {"old": 100, "new": 0}
    traffic.set_ramp(parse_ramp("new=20,30:1m"), "again")
    assert traffic.weights == {"old": 80, "new": 20}


def test_counts_of_all_processes_add_up_and_survive(start: Start) -> None:
    one, other = start(), start()
    for traffic in (one, other, one):
        traffic.tell(observation())
    other.tell(observation(failed=True, status=400))
    one.close()
    other.close()
    counts = start().state.counts()
    assert counts["old", "1", "requests"] == 4
    assert counts["old", "1", "seconds"] == 2.0
    assert counts["old", "1", "failed"] == 1


def test_observers_are_told_of_each_answer_and_cannot_break_the_next(start: Start, caplog: object) -> None:
    traffic, seen = start(), []

    def broken(observation: Observation) -> None:
        raise ValueError("an observer's own failure")

    traffic.observe(broken)
    traffic.observe(seen.append)
    traffic.tell(observation())
    (found,) = seen
    assert found.predictions() == [1]
    assert "an observer's own failure" in caplog.text  # type: ignore[attr-defined]
    assert observation(status=400).predictions() is None


def test_an_observation_decodes_what_the_model_was_called_with() -> None:
    body = b'{"dataframe_split": {"columns": ["a"], "data": [[1]]}, "params": {"k": 2}}'
    found = observation(body=body)
    assert found.data().to_dict(orient="list") == {"a": [1]}
    assert found.params() == {"k": 2}


def test_ticks_are_called_and_cannot_break_each_other(start: Start, caplog: object) -> None:
    traffic, called = start(), []

    def broken() -> None:
        raise ValueError("a tick's own failure")

    traffic.every_tick(broken)
    traffic.every_tick(lambda: called.append(1))
    traffic.tick()
    assert called == [1]


def test_events_are_kept_for_whoever_asks_later(start: Start) -> None:
    start().state.note(Event(kind="rollback", variant="new", message="too slow", evidence={"p99": 2.5}))
    newest = start().state.events(1)[0]
    assert (newest.variant, newest.evidence) == ("new", {"p99": 2.5})
    assert start().state.events(since=newest.seq) == []


def test_a_state_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InvalidParameterValue, match="Give a folder"):
        State.open(tmp_path / "file" / "state")


def test_a_server_without_a_folder_keeps_its_state_in_memory() -> None:
    traffic = Traffic(routes(), State.open(None))
    traffic.set_weights({"old": 0, "new": 1}, "all of it")
    assert traffic.choose("anybody") == "new"
    assert traffic.state.folder is None
