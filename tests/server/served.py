"""A server in a thread of the test's process, over real sockets, and a client that sends exactly what it is told."""

import asyncio
import contextlib
import http.client
import json
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn

from mlflow.asgi.process import Server, options_for
from mlflow.server.app import Application, build_app
from mlflow.server.context import Identify
from mlflow.server.run import DRAIN
from mlflow.server.settings import ServerSettings

JSON = {"Content-Type": "application/json"}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        """The error code of a failure."""
        return self.json.get("error_code") if self.body.startswith(b"{") else None


class Served:
    """A running application and its address."""

    def __init__(self, application: Application, port: int, loop: asyncio.AbstractEventLoop) -> None:
        self.application, self.port, self._loop = application, port, loop

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def tasks(self) -> set[asyncio.Task[Any]]:
        """The tasks under way in the server's loop."""
        return asyncio.all_tasks(self._loop)

    def send(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}) -> Answer:
        """Send a request whose path is not touched on the way."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
            sent = {**headers} if body is None else {"Content-Length": str(len(body)), **headers}
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

    def get(self, path: str, headers: Mapping[str, str] = {}) -> Answer:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, content: Any = None, headers: Mapping[str, str] = {}) -> Answer:
        """POST JSON; a path without a slash is below /api/2.0/mlflow."""
        full = path if path.startswith("/") else f"/api/2.0/mlflow/{path}"
        return self.send("POST", full, json.dumps({} if content is None else content).encode(), {**JSON, **headers})

    def new_experiment(self, name: str, **members: Any) -> str:
        answer = self.post("experiments/create", {"name": name, **members})
        assert answer.status == 200, answer.body
        experiment_id: str = answer.json["experiment_id"]
        return experiment_id

    def new_run(self, experiment_id: str = "0", **members: Any) -> str:
        answer = self.post("runs/create", {"experiment_id": experiment_id, **members})
        assert answer.status == 200, answer.body
        run_id: str = answer.json["run"]["info"]["run_id"]
        return run_id


@contextlib.contextmanager
def serving(application: Application, **options: Any) -> Iterator[Served]:
    """Serve until the block ends; the server must then stop within 10 s."""
    started = threading.Event()
    known: list[Any] = []

    def note(port: int) -> None:
        known.extend([port, asyncio.get_running_loop()])
        started.set()

    config = uvicorn.Config(application, **{**options_for("127.0.0.1", 0, DRAIN, verbose=False), **options})
    server = Server(config, application, note)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(30), "the server did not start"
    try:
        yield Served(application, *known)
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive(), "the server did not stop"


@contextlib.contextmanager
def served(folder: Path, identify: Identify | None = None, **settings: Any) -> Iterator[Served]:
    """A server with a database and artifacts of its own in a folder."""
    with serving(application_of(folder, identify, **settings)) as running:
        yield running


def application_of(folder: Path, identify: Identify | None = None, **settings: Any) -> Application:
    folder.mkdir(parents=True, exist_ok=True)
    given = {
        "backend_store_uri": f"sqlite:///{folder / 'server.db'}",
        "artifacts_destination": str(folder / "artifacts"),
        **settings,
    }
    chosen = ServerSettings(**given)
    return build_app(chosen, identify) if identify else build_app(chosen)


def eventually(condition: Any, seconds: float = 10.0) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
