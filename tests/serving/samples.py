"""Models that the tests of serving call, and servers for them."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import urllib3

import mlflow
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
from tests.fixtures.processes import START_SECONDS, Child, free_port
from tests.fixtures.servers import OURS

CODE = Path(__file__).parent / "models"
KINDS = {
    "s": "string",
    "i": "integer",
    "l": "long",
    "f": "float",
    "d": "double",
    "b": "boolean",
    "t": "datetime",
    "x": "binary",
}
SIGNATURES = {
    "typed": ModelSignature(
        Schema([ColSpec(kind, name, required=name in "sid") for name, kind in KINDS.items()]),
        None,
        ParamSchema([ParamSpec("k", "long", 1)]),
    ),
    "tensors": ModelSignature(Schema([TensorSpec(np.dtype("float32"), (-1, 2))])),
}
ROWS = pd.DataFrame({"age": [20.0, 30.0, 60.0, 70.0], "income": [1.0, 2.0, 2.0, 5.0]})
JSON = "application/json"
FRESH = {"Connection": "close"}  # the next request may go to another process, or to a server that has just ended one


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that is sure to happen."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def save_coded(name: str, folder: Path, inputs: Schema | None = None) -> Path:
    """Save one of the models in this folder; it runs under the published mlflow too."""
    path = folder / name
    signature = ModelSignature(inputs) if inputs is not None else SIGNATURES.get(name)
    options = {"pip_requirements": ["pandas"], "signature": signature}
    mlflow.pyfunc.save_model(path, python_model=str(CODE / f"{name}.py"), **options)
    return path


def save_logistic(folder: Path) -> Path:
    """Save a classifier with a signature and an example."""
    from sklearn.linear_model import LogisticRegression

    estimator = LogisticRegression().fit(ROWS, [0, 0, 1, 1])
    mlflow.sklearn.save_model(estimator, folder / "logistic", input_example=ROWS, pip_requirements=["scikit-learn"])
    return folder / "logistic"


class ScoringServer:
    """`mlflow models serve` as a process of its own on a free port of 127.0.0.1."""

    def __init__(
        self,
        model: Path | str | None,
        folder: Path,
        *options: str,
        mlflow: list[str] = OURS,
        environment: Mapping[str, str] | None = None,
        start_seconds: float = START_SECONDS,
    ) -> None:
        self.port = free_port()
        command = [*mlflow, "models", "serve", "-p", str(self.port), "--env-manager", "local"]
        command += ["-m", str(model)] if model is not None else []
        folder.mkdir(parents=True, exist_ok=True)
        self.child = Child([*command, *options], folder / f"scoring-{self.port}.log", environment, folder)
        try:
            self.child.wait_until(self.answers, start_seconds, pause=0.05)
        except BaseException:  # a test's time limit too leaves no process behind
            self.child.kill()
            raise

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        try:
            return self.get("/ping").status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def get(self, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        return urllib3.request("GET", self.url + path, headers=FRESH | headers, timeout=30, retries=False)

    def post(
        self, body: Any, kind: str | None = JSON, path: str = "/invocations", **headers: str
    ) -> urllib3.BaseHTTPResponse:
        """POST, to /invocations unless told; anything but bytes and text goes as JSON."""
        given = {"Content-Type": kind} if kind is not None else {}
        raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return urllib3.request(
            "POST", self.url + path, body=raw, headers=FRESH | given | headers, timeout=60, retries=False
        )


@contextlib.contextmanager
def serving(model: Path | str, folder: Path, *options: str, **how: Any) -> Iterator[ScoringServer]:
    """A server that is stopped at the end."""
    server = ScoringServer(model, folder, *options, **how)
    try:
        yield server
    finally:
        server.child.stop()
