"""The server as a process: what signals and kills do to what it acknowledged, workers, start-up, memory."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
import urllib3

from tests.fixtures.servers import OURS, StartServer, TrackingServer

pytestmark = pytest.mark.long

JSON = {"Content-Type": "application/json"}
WORKERS = [pytest.param("1", id="one process"), pytest.param("2", id="two workers", marks=pytest.mark.faults)]


def post(server: TrackingServer, path: str, content: Any) -> Any:
    answer = urllib3.request("POST", f"{server.url}/api/2.0/mlflow/{path}", json=content, retries=False)
    assert answer.status == 200, answer.data
    return answer.json()


def history(server: TrackingServer, run_id: str) -> set[int]:
    """The steps that the server has."""
    url = f"{server.url}/api/2.0/mlflow/metrics/get-history?run_id={run_id}&metric_key=loss"
    metrics = urllib3.request("GET", url, retries=False).json().get("metrics", [])
    steps = [point["step"] for point in metrics]
    assert len(steps) == len(set(steps))
    return set(steps)


class Load:
    """Clients that log one point after another and remember those the server acknowledged."""

    def __init__(self, server: TrackingServer, run_id: str, clients: int = 8) -> None:
        self.server, self.run_id = server, run_id
        self.acknowledged: set[int] = set()
        self.refused: list[int] = []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._log, args=(number * 10**6,)) for number in range(clients)]
        for thread in self.threads:
            thread.start()
        while len(self.acknowledged) < 100:
            time.sleep(0.01)

    def _log(self, step: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        with closing(connection):
            while not self.stopping.is_set():
                point = {"run_id": self.run_id, "key": "loss", "value": 1, "timestamp": 1, "step": step}
                try:
                    connection.request("POST", "/api/2.0/mlflow/runs/log-metric", json.dumps(point), JSON)
                    answer = connection.getresponse()
                    answer.read()
                except (OSError, http.client.HTTPException):
                    return
                if answer.status == 200:
                    self.acknowledged.add(step)
                else:
                    self.refused.append(answer.status)
                step += 1

    def join(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)


@pytest.fixture
def under_load(start_server: StartServer) -> Iterator[Callable[..., tuple[TrackingServer, Load]]]:
    loads: list[Load] = []

    def start(*options: str) -> tuple[TrackingServer, Load]:
        server = start_server(None, *options)
        run_id = post(server, "runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
        loads.append(Load(server, run_id))
        return server, loads[-1]

    yield start
    for load in loads:
        load.join()


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_under_load_loses_nothing_acknowledged(under_load: Any, number: signal.Signals, workers: str):
    server, load = under_load("--workers", workers)
    with socket.create_connection(("127.0.0.1", server.port)) as listening:
        listening.sendall(b"GET /api/ext/v1/events?topics=exp:0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200 OK" in listening.recv(100)
        began = time.monotonic()
        os.kill(server.child.pid, number)
        server.child.wait(20)
        assert time.monotonic() - began < 10
    load.join()
    assert not load.refused
    assert "Traceback" not in server.output
    server.start()
    assert load.acknowledged <= history(server, load.run_id)


@pytest.mark.parametrize("workers", WORKERS)
def test_a_kill_under_load_loses_nothing_acknowledged(under_load: Any, workers: str):
    server, load = under_load("--workers", workers)
    server.kill()
    load.join()
    server.start()
    assert load.acknowledged <= history(server, load.run_id)


def test_interrupting_the_server_is_a_clean_end(start_server: StartServer):
    server = start_server()
    os.kill(server.child.pid, signal.SIGINT)
    assert server.child.wait(20) == 0
    assert "Traceback" not in server.output


def test_workers_end_with_the_process_that_started_them(start_server: StartServer):
    server = start_server(None, "--workers", "2")
    workers = psutil.Process(server.child.pid).children()
    assert len(workers) == 2
    os.kill(server.child.pid, signal.SIGKILL)
    assert psutil.wait_procs(workers, 10)[1] == []


def test_a_worker_that_dies_is_replaced(start_server: StartServer):
    server = start_server(None, "--workers", "2")
    server.child.wait_until(lambda: "serves" in server.output)
    parent = psutil.Process(server.child.pid)
    gone = parent.children()[0]
    gone.kill()
    server.child.wait_until(lambda: len({w.pid for w in parent.children()} - {gone.pid}) == 2)
    assert server.healthy()


def test_workers_count_their_requests_together(start_server: StartServer):
    server = start_server(None, "--workers", "2")
    for _ in range(20):
        assert server.healthy()
    text = urllib3.request("GET", f"{server.url}/metrics").data.decode()
    counted = re.search(r'mlflow_http_requests_total\{endpoint="health",method="GET",status="200"\} (\d+)', text)
    assert counted
    assert int(counted[1]) >= 20


def test_a_server_that_cannot_start_says_why_in_a_line(tmp_path: Path, free_port: int):
    with socket.create_server(("127.0.0.1", free_port)):
        started = subprocess.run(
            [*OURS, "server", "--port", str(free_port)],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=tmp_path,
            check=False,
        )
    assert started.returncode != 0
    assert "Traceback" not in started.stderr
    assert "address already in use" in started.stderr


@pytest.mark.parametrize("http", ["", " --http h11"], ids=["own protocol", "h11"])
def test_options_of_uvicorn_are_passed_on(start_server: StartServer, http: str):
    server = start_server(None, "--uvicorn-opts", f"--header 'X-From: test' --limit-max-requests 100{http}")
    answer = urllib3.request("GET", f"{server.url}/version", retries=False)
    assert (answer.status, answer.headers["X-From"]) == (200, "test")


def test_an_unknown_option_of_uvicorn_is_refused(tmp_path: Path):
    command = [*OURS, "server", "--uvicorn-opts", "--no-such-option"]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False)
    assert refused.returncode == 2
    assert "no-such-option" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_address_is_announced(start_server: StartServer):
    server = start_server(None, "--static-prefix", "pre")
    server.child.wait_until(lambda: "serves" in server.output)
    assert f"serves http://127.0.0.1:{server.port}/pre/" in server.output


def memory(server: TrackingServer) -> int:
    """MiB of all the server's processes."""
    root = psutil.Process(server.child.pid)
    return int(sum(process.memory_info().rss for process in [root, *root.children(recursive=True)]) >> 20)


def test_an_idle_server_is_small(start_server: StartServer):
    server = start_server()
    assert memory(server) <= 120
    post(server, "runs/create", {"experiment_id": "0"})
    post(server, "runs/search", {"experiment_ids": ["0"]})
    assert memory(server) <= 160
