"""The published server and this one get the same requests, and answer them alike."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.serving.requests import REQUESTS, Request
from tests.serving.samples import ScoringServer, serving

# the published server takes minutes on a busy machine
pytestmark = [pytest.mark.oracle, pytest.mark.long, pytest.mark.timeout(400)]

DIFFERENT = {
    "a fraction for a whole number": "1.5 is refused; the published server calls the model with 1",
    "answer: time array": "times in an array are ISO 8601, as those in tables; there they are counts of nanoseconds",
}
BETTER = {
    "answer: object": "the failure is told in MLflow's JSON form; there it is a bare 'Internal Server Error'",
    "answer: set": "likewise",
}
PATHS = ("/ping", "/health", "/nothing", "/invocations")


class Pair(NamedTuple):
    ours: ScoringServer
    published: ScoringServer


@pytest.fixture(scope="module", params=list(REQUESTS))
def pair(
    request: pytest.FixtureRequest, models: Path, oracle_python: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    """Both servers of one model."""
    beside = Path(oracle_python).parent
    path = {"PYTHONPATH": "", "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"}
    there = {"mlflow": [str(beside / "mlflow")], "environment": path, "start_seconds": 240}
    model, folder = models / request.param, tmp_path_factory.mktemp("pair")
    with serving(model, folder / "ours") as ours, serving(model, folder / "published", **there) as published:
        yield Pair(ours, published)


def asked(server: ScoringServer, request: Request) -> tuple[int, str, Any]:
    """Status, media type, and what matters of the body: of a failure the code, of plain text nothing."""
    answer = server.post(request.body, request.kind)
    kind = answer.headers["content-type"].partition(";")[0]
    if kind != "application/json":
        return answer.status, kind, None
    body = json.loads(answer.data, parse_constant=str)
    return answer.status, kind, body if answer.status == 200 else body["error_code"]


def test_every_request_is_answered_alike(pair: Pair, request: pytest.FixtureRequest) -> None:
    model: str = request.node.callspec.params["pair"]
    wrong, alike = {}, []
    for one in REQUESTS[model]:
        ours, published = asked(pair.ours, one), asked(pair.published, one)
        if one.name in BETTER:
            ours, published = ours[:1], published[:1]  # type: ignore[assignment]  # the status alone
        if ours != published and one.name not in DIFFERENT:
            wrong[one.name] = (ours, published)
        if ours == published and one.name in DIFFERENT:
            alike.append(one.name)
    assert wrong == {}
    assert alike == [], "these no longer differ"


@pytest.mark.parametrize("path", PATHS)
def test_every_other_path_is_answered_alike(pair: Pair, path: str) -> None:
    ours, published = pair.ours.get(path), pair.published.get(path)
    assert (ours.status, ours.data, ours.headers["content-type"]) == (
        *(published.status, published.data),
        published.headers["content-type"],
    )
