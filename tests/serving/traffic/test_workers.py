"""Several processes of one server: they share traffic, follow aliases, and end without dropping a request."""

import http.client
import json
import re
import signal
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import psutil
import pytest
import urllib3

import mlflow
from mlflow import MlflowClient
from tests.serving.samples import CODE, JSON, ScoringServer, serving, until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

BODY = json.dumps({"dataframe_split": {"columns": ["a"], "data": [[1]]}})


class Load(threading.Thread):
    """A caller that asks again and again, on one connection, until it is told to stop."""

    def __init__(self, server: ScoringServer) -> None:
        super().__init__()
        self._server, self._ended = server, threading.Event()
        self.seen: Counter[tuple[int, str, str, str]] = Counter()

    def run(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=60)) as connection:
            while not self._ended.is_set():
                connection.request("POST", "/invocations", BODY, {"Content-Type": JSON})
                answer = connection.getresponse()
                names = [answer.headers[name] for name in ("x-model-variant", "x-model-version")]
                self.seen[answer.status, *names, answer.read().decode()] += 1

    def stop(self) -> Counter[tuple[int, str, str, str]]:
        self._ended.set()
        self.join()
        return self.seen


def register(folder: Path, answer: int) -> str:
    script, config = str(CODE / "told.py"), {"answer": answer}
    mlflow.pyfunc.save_model(
        folder / str(answer), python_model=script, model_config=config, pip_requirements=["pandas"]
    )
    client = MlflowClient()
    version = str(client.create_model_version("m", str(folder / str(answer))).version)
    client.set_registered_model_alias("m", "champion", version)
    return version


def test_workers_share_weights_follow_the_alias_and_drop_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/registry.db")
    MlflowClient().create_registered_model("m")
    register(tmp_path, 1)
    routes = "--route", "live=models:/m@champion:1", "--route", "still=models:/m/1:0"
    options = *routes, "--workers", "2", "--reload-interval", "0.2", "--state-dir", str(tmp_path / "state")
    server = ScoringServer(None, tmp_path / "server", *options)
    try:
        until(lambda: "serves" in server.child.output)
        callers = [Load(server) for _ in range(4)]
        for caller in callers:
            caller.start()
        register(tmp_path, 2)
        until(lambda: 'loaded{variant="live",version="2"} 2.0' in server.get("/metrics").data.decode())
        server.post({"weights": {"live": 0, "still": 1}}, path="/traffic/weights")
        until(lambda: all(any("still" in one for one in list(caller.seen)) for caller in callers))
        seen = sum((caller.stop() for caller in callers), Counter())
        assert set(seen) <= {
            (200, "live", "1", '{"predictions": [1]}'),
            (200, "live", "2", '{"predictions": [2]}'),
            (200, "still", "1", '{"predictions": [1]}'),
        }
        server.child.terminate()
        assert server.child.wait() in {0, -signal.SIGTERM}
        again = ScoringServer(None, tmp_path / "server", *options)
        server = again
        status = again.get("/traffic").json()
        live, still = status["variants"]
        assert (live["weight"], still["weight"]) == (0, 1)
        counts = [counts["requests"] for variant in (live, still) for counts in variant["counts"].values()]
        assert sum(counts) == sum(seen.values())
    finally:
        server.child.stop()


class User(threading.Thread):
    """A caller with a key that asks again where a connection breaks, until it is told to stop."""

    def __init__(self, server: ScoringServer, name: str) -> None:
        super().__init__()
        self._server, self._headers = server, {"X-User": name}
        self.ended = threading.Event()
        self.seen: Counter[tuple[int, str]] = Counter()
        self.broken = 0

    def run(self) -> None:
        while not self.ended.is_set():
            try:
                answer = self._server.post({"inputs": [1]}, **self._headers)
            except urllib3.exceptions.HTTPError:
                self.broken += 1
            else:
                self.seen[answer.status, answer.headers["x-model-variant"]] += 1


def test_a_killed_worker_is_replaced_and_who_is_bound_to_a_variant_stays_with_it(models: Path, tmp_path: Path) -> None:
    routes = [word for name in ("a", "b") for word in ("--route", f"{name}={models / 'free'}:50")]
    server = ScoringServer(None, tmp_path / "server", *routes, "--workers", "2", "--sticky-header", "X-User")
    users = [User(server, f"user {number}") for number in range(6)]
    try:
        until(lambda: "serves" in server.child.output)
        before = [server.post({"inputs": [1]}, **user._headers).headers["x-model-variant"] for user in users]
        assert set(before) == {"a", "b"}
        for user in users:
            user.start()
        victim, other = psutil.Process(server.child.pid).children()
        victim.kill()
        until(lambda: len({*psutil.Process(server.child.pid).children()} - {victim, other}) == 1)
        until(lambda: _loaded(server) == ["2.0", "2.0"])  # the killed one is not counted any more
    finally:
        for user in users:
            user.ended.set()
        for user in users:
            user.join() if user.ident else None
        server.child.stop()
    assert [set(user.seen) for user in users] == [{(200, variant)} for variant in before]
    assert all(user.broken <= 1 for user in users)  # the request that was under way


def _loaded(server: ScoringServer) -> list[str]:
    return re.findall(r"mlflow_scoring_loaded\{[^}]*\} (\S+)", server.get("/metrics").data.decode())


def test_a_worker_whose_threads_never_come_back_is_replaced(models: Path, tmp_path: Path) -> None:
    own = {"MLFLOW_SCORING_SERVER_THREADS": "1"}
    options = ("--workers", "2", "--timeout", "1")
    with serving(models / "free", tmp_path / "server", *options, environment=own) as server:
        until(lambda: "serves" in server.child.output)
        workers = psutil.Process(server.child.pid).children()
        for_ever = {"dataframe_records": [{"wanted": f"wait for {tmp_path / 'never'}"}]}
        until(lambda: server.post(for_ever).status == 504 and "starting another" in server.child.output)
        until(lambda: len(psutil.Process(server.child.pid).children()) == 2)
        assert {*psutil.Process(server.child.pid).children()} != {*workers}
        until(lambda: {server.post({"inputs": [1]}).status for _ in range(10)} == {200})
