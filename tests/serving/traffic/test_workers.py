"""Several processes of one server: they share traffic, follow aliases, and end without dropping a request."""

import http.client
import json
import signal
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

import mlflow
from mlflow import MlflowClient
from tests.serving.samples import CODE, JSON, ScoringServer, until

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
