"""The same requests about logged models to this server and to a published one."""

import json
import re
from typing import Any

import pytest

from tests.compat.requests_table import Case
from tests.compat.world import API, JSON, Outcome, World
from tests.fixtures.servers import TrackingServer
from tests.logged_models.requests_table import CASES, DIFFERENCES, MODELS

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(300)]

_TIMES = {"creation_timestamp_ms", "last_updated_timestamp_ms"}


class ModelWorld(World):
    """A server with known logged models on it."""

    def normal(self, value: Any, key: str = "") -> Any:
        if key in _TIMES:
            return type(value).__name__
        normal = super().normal(value, key)
        if key == "metrics" and isinstance(normal, list):
            return sorted(normal, key=lambda point: json.dumps(point, sort_keys=True))
        return re.sub(r"m-[0-9a-f]{32}", "{a model}", normal) if isinstance(normal, str) else normal

    def _fill(self) -> None:
        for name in ("main", "other", "trash"):
            self._experiment(name, f"models: {name}")
        self.post("experiments/delete", {"experiment_id": self.names["trash"]})
        self._run("one", "main", 1000)
        tag = {"tags": [{"key": "t", "value": "x"}]}
        self._model("a", params=[{"key": "p", "value": "1"}], model_type="T", **tag)
        self._model("b", params=[{"key": "p", "value": "2"}], source_run_id=self.names["one"])
        for name in ("c", "deleted", "gone"):
            self._model(name)
        self.send("DELETE", f"{API}/{MODELS}/{{deleted}}")
        for model, value, timestamp, dataset in (
            ("a", 1.0, 10, None),
            ("a", 9.0, 20, None),
            ("b", 3.0, 11, ("train", "x")),
            ("b", 7.0, 12, ("test", "y")),
        ):
            about = dict(zip(("dataset_name", "dataset_digest"), dataset, strict=True)) if dataset else {}
            point = {"key": "m", "value": value, "timestamp": timestamp, "step": 0, "model_id": self.names[model]}
            self.post("runs/log-metric", {"run_id": "{one}", **point, **about})
        for path in ("MLmodel", "sub/file.txt"):
            place = f"/api/2.0/mlflow-artifacts/artifacts/{{main}}/models/{{a}}/artifacts/{path}"
            self.send("PUT", place, b"content", {"Content-Type": "text/plain"})

    def _model(self, name: str, **members: Any) -> None:
        made = self.post(MODELS, {"experiment_id": self.names["main"], "name": name, **members})
        self.names[name] = made["model"]["info"]["model_id"]


@pytest.fixture(scope="module")
def outcomes(tracking_server: TrackingServer, published_server: TrackingServer) -> dict[str, tuple[Outcome, Outcome]]:
    """What ours and the published server answered, by the case's id; the cases run in order, once."""
    ours, theirs = ModelWorld(tracking_server.url), ModelWorld(published_server.url)
    return {case.id: (_ask(ours, case), _ask(theirs, case)) for case in CASES}


def _ask(world: World, case: Case) -> Outcome:
    body = None if case.content is None else world.filled(json.dumps(case.content)).encode()
    return Outcome.of(world, world.send(case.method, case.path, body, JSON if body else {}))


def test_ids_are_unique():
    assert len({case.id for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_both_servers_answer_alike(outcomes: dict[str, Any], case: Case):
    ours, theirs = outcomes[case.id]
    different = DIFFERENCES.get(case.id)
    if different is None:
        assert ours == theirs
    else:
        assert ours != theirs, "they agree by now: take the case off the list of differences"
        assert (ours.status, ours.code) == different.ours
