"""Live events over server-sent events."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from mlflow.server import events
from mlflow.server.events import EventHub
from tests.server.served import Served, eventually, served


class Event(NamedTuple):
    id: int
    kind: str
    data: dict
    arrived: float


class Listener:
    """One connection to the stream of events."""

    def __init__(self, server: Served, topics: str, last: int | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        headers = {} if last is None else {"Last-Event-ID": str(last)}
        self.connection.request("GET", f"/api/ext/v1/events?{topics}", headers=headers)
        self.answer = self.connection.getresponse()

    def next(self) -> Event:
        """The next event; comments, the retry time and positions are passed over."""
        while True:
            members = self._block()
            if members.get("event", "position") != "position":
                return Event(int(members["id"]), members["event"], json.loads(members["data"]), time.monotonic())

    def position(self) -> int:
        """Where the stream begins."""
        while True:
            members = self._block()
            if members.get("event") == "position":
                return int(members["id"])

    def _block(self) -> dict[str, str]:
        members: dict[str, str] = {}
        while line := self.answer.readline().decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            members[name] = value
        return members


@contextmanager
def listening(server: Served, topics: str, last: int | None = None) -> Iterator[Listener]:
    listener = Listener(server, topics, last)
    with closing(listener.connection):
        yield listener


def log(server: Served, run_id: str, value: float, step: int, key: str = "loss") -> None:
    point = {"run_id": run_id, "key": key, "value": value, "timestamp": 1, "step": step}
    assert server.post("runs/log-metric", point).status == 200


def test_a_new_run_its_metrics_and_its_end_are_told(server: Served):
    experiment_id = server.new_experiment("events of an experiment")
    with listening(server, f"topics=exp:{experiment_id}") as listener:
        assert listener.answer.getheader("Content-Type") == "text/event-stream"
        run_id = server.new_run(experiment_id)
        created = listener.next()
        assert (created.kind, created.data["run_id"]) == ("run", run_id)
        log(server, run_id, 0.5, 3)
        logged = listener.next()
        assert (logged.kind, logged.data["run_id"], logged.data["loss"]) == ("metrics", run_id, [[3, 1, 0.5]])
        server.post("runs/update", {"run_id": run_id, "status": "FINISHED"})
        ended = listener.next()
        assert (ended.kind, ended.data["status"]) == ("run", "FINISHED")


def test_an_event_comes_within_300_ms(server: Served):
    run_id = server.new_run()
    delays = []
    with listening(server, f"topics=run:{run_id}") as listener:
        for step in range(10):
            sent = time.monotonic()
            log(server, run_id, step, step)
            delays.append(listener.next().arrived - sent)
            time.sleep(0.037)
    assert sorted(delays)[5] < 0.3, delays


def test_a_listener_hears_of_its_run_only(server: Served):
    mine, other = server.new_run(), server.new_run()
    with listening(server, f"topics=run:{mine}") as listener:
        log(server, other, 1, 1)
        log(server, mine, 2, 2)
        assert listener.next().data["run_id"] == mine


def test_several_topics_may_be_repeated_or_joined(server: Served):
    runs = [server.new_run() for _ in range(3)]
    with listening(server, f"topics=run:{runs[0]},run:{runs[1]}&topics=run:{runs[2]}") as listener:
        for run_id in runs:
            log(server, run_id, 1, 1)
        heard: set[str] = set()
        while len(heard) < 3:
            heard.add(listener.next().data["run_id"])
        assert heard == set(runs)


def test_who_comes_back_misses_nothing(server: Served):
    run_id = server.new_run()
    with listening(server, f"topics=run:{run_id}") as listener:
        log(server, run_id, 0, 0)
        last = listener.next().id
    for step in range(1, 6):
        log(server, run_id, step, step)
    steps: list[int] = []
    with listening(server, f"topics=run:{run_id}", last) as listener:
        while len(steps) < 5:
            steps += [point[0] for point in listener.next().data["loss"]]
        log(server, run_id, 9, 9)
        steps += [point[0] for point in listener.next().data["loss"]]
    assert steps == [1, 2, 3, 4, 5, 9]


def test_who_heard_nothing_before_a_break_misses_nothing(server: Served):
    run_id = server.new_run()
    with listening(server, f"topics=run:{run_id}") as listener:
        last = listener.position()
    log(server, run_id, 7, 7)
    with listening(server, f"topics=run:{run_id}", last) as listener:
        assert [point[0] for point in listener.next().data["loss"]] == [7]
        assert listener.position() > last


@pytest.mark.parametrize(("missed", "kinds"), [(5, ["run"] * 5), (20, ["reset"])], ids=["some", "too many"])
def test_who_was_away_long_is_told_all_or_to_read_anew(
    server: Served, monkeypatch: pytest.MonkeyPatch, missed: int, kinds: list[str]
):
    monkeypatch.setattr(events, "_AT_ONCE", 2)
    run_id = server.new_run()
    with listening(server, f"topics=run:{run_id}") as listener:
        last = listener.position()
        for number in range(missed):
            server.post("runs/set-tag", {"run_id": run_id, "key": "at", "value": str(number)})
        with listening(server, f"topics=run:{run_id}", last) as returned:  # while others are told by the reader
            assert [returned.next().kind for _ in kinds] == kinds
            server.post("runs/set-tag", {"run_id": run_id, "key": "at", "value": "now"})
            assert returned.next().data["tags"] == {"at": "now"}


def test_nothing_is_told_twice_to_those_who_join_while_others_listen(server: Served):
    run_id = server.new_run()
    with listening(server, f"topics=run:{run_id}") as first:
        log(server, run_id, 0, 0)
        start = first.next().id
        log(server, run_id, 1, 1)
        with listening(server, f"topics=run:{run_id}", start) as second:
            log(server, run_id, 2, 2)
            steps: list[int] = []
            while 2 not in steps:
                steps += [point[0] for point in second.next().data["loss"]]
    assert steps == [1, 2]


@pytest.mark.parametrize(
    "query", ["", "topics=", "topics=all", "topics=run:x&since=soon"], ids=["none", "empty", "unknown", "since"]
)
def test_a_wrong_question_is_refused_before_the_stream_begins(server: Served, query: str):
    answer = server.get(f"/api/ext/v1/events?{query}")
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


def test_a_wrong_last_event_id_is_refused(server: Served):
    answer = server.get("/api/ext/v1/events?topics=exp:0", {"Last-Event-ID": "x"})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


def test_a_position_ahead_of_the_log_means_reading_anew(server: Served):
    with listening(server, "topics=exp:0", 10**15) as listener:
        assert listener.next().kind == "reset"


def test_listeners_beyond_the_limit_are_refused(tmp_path: Path):
    with served(tmp_path) as server:
        server.application.hub._most = 2
        with listening(server, "topics=exp:0"), listening(server, "topics=exp:0"):
            answer = server.get("/api/ext/v1/events?topics=exp:0")
            assert (answer.status, answer.code) == (429, "REQUEST_LIMIT_EXCEEDED")
        eventually(lambda: not server.application.hub._listeners)
        with listening(server, "topics=exp:0") as listener:
            assert listener.answer.status == 200


def test_listeners_that_leave_leave_nothing_behind(tmp_path: Path):
    with served(tmp_path) as server:
        hub: EventHub = server.application.hub
        for _ in range(30):
            with listening(server, "topics=exp:0"):
                pass
        eventually(lambda: not hub._listeners and not hub._streams)
        eventually(lambda: hub._reader is None or hub._reader.done())
        eventually(lambda: sum("events" in repr(task) for task in server.tasks()) == 0)


def test_one_who_does_not_read_holds_up_nobody(tmp_path: Path):
    with served(tmp_path) as server:
        run_id = server.new_run()
        with socket.socket() as lazy, listening(server, f"topics=run:{run_id}") as listener:
            lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            lazy.connect(("127.0.0.1", server.port))
            lazy.sendall(f"GET /api/ext/v1/events?topics=run:{run_id} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            for step in range(40):
                keys = [{"key": f"k{n}", "value": n, "timestamp": step, "step": step} for n in range(1000)]
                assert server.post("runs/log-batch", {"run_id": run_id, "metrics": keys}).status == 200
            log(server, run_id, 1, 1, "last")
            while "last" not in listener.next().data:
                continue
        began = time.monotonic()
    assert time.monotonic() - began < 8
