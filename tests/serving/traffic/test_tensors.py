"""Requests of the open inference protocol are divided, mirrored, answered together and watched as all others are."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlflow
from mlflow import MlflowClient
from mlflow.serving.inference.form import InferenceForm
from mlflow.serving.inference.messages import InferenceRequest, write_inference
from mlflow.serving.inference.tensors import Tensor
from mlflow.serving.monitoring.samples import Sample, record_line
from mlflow.serving.monitoring.windows import Window
from mlflow.serving.traffic.observations import Observation
from tests.serving.samples import CODE, until
from tests.serving.within import Reply, Within, within

HEADER = "inference-header-content-length"
USERS = [f"user-{number}" for number in range(40)]
BODY: dict[str, Any] = {"inputs": [{"name": "a", "shape": [2], "datatype": "INT64", "data": [1, 2]}]}
TABLE = {"dataframe_split": {"columns": ["a"], "data": [[1], [2]]}}
OLD, NEW, OTHER = "models:/m@champion", "models:/m@challenger", "models:/other/1"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A registry of `m`, whose versions answer 1 and 2, and `other`, which answers 1.5."""
    folder = tmp_path_factory.mktemp("told")
    uri = f"sqlite:///{folder}/registry.db"
    client = MlflowClient(uri)
    for answer, name, alias in ((1, "m", "champion"), (2, "m", "challenger"), (1.5, "other", "only")):
        path, config = str(folder / str(answer)), {"answer": answer}
        mlflow.pyfunc.save_model(
            path, python_model=str(CODE / "told.py"), model_config=config, pip_requirements=["pandas"]
        )
        if alias != "challenger":
            client.create_registered_model(name)
        version = client.create_model_version(name, path).version
        client.set_registered_model_alias(name, alias, str(version))
    return uri


@pytest.fixture(autouse=True)
def known(registry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", registry)


@pytest.fixture
def server() -> Iterator[Within]:
    routes = f"old={OLD}:50", f"new={NEW}:50", f"next={OTHER}:shadow"
    with within(*routes, sticky_header="X-User") as server:
        yield server


def infer(server: Within, name: str, body: Any = BODY, **headers: str) -> Reply:
    return server.post(body, f"/v2/models/{name}/infer", **headers)


def data(reply: Reply) -> Any:
    return reply.json()["outputs"][0]["data"]


def packed(**parameters: Any) -> tuple[bytes, str]:
    """The request in bytes, and the length of its head."""
    raw = np.array([1, 2], "<i8").tobytes()
    tensor = {"name": "a", "shape": [2], "datatype": "INT64", "parameters": {"binary_data_size": len(raw)}}
    head = json.dumps({"inputs": [tensor], "parameters": {"binary_data_output": True, **parameters}}).encode()
    return head + raw, str(len(head))


def listed(server: Within) -> list[tuple[str, str]]:
    return [(one["name"], one["version"]) for one in server.post({}, "/v2/repository/index").json()]


def test_a_registered_model_of_several_routes_is_a_model_that_the_traffic_divides(server: Within) -> None:
    assert listed(server) == [("m", "1"), ("m", "2"), ("old", "1"), ("new", "2"), ("next", "1")]
    assert server.get("/v2/models/m").json()["versions"] == ["1", "2"]
    first = {user: infer(server, "m", x_user=user) for user in USERS}
    assert {reply.variant for reply in first.values()} == {"old", "new"}
    for user, reply in first.items():
        assert data(reply) == ([1, 1] if reply.variant == "old" else [2, 2])
        assert reply.json()["model_name"] == "m"
        assert reply.json()["model_version"] == reply.headers["x-model-version"]
        assert server.post(TABLE, x_user=user).variant == reply.variant


def test_every_answer_says_who_gave_it_and_what_it_is_called(server: Within) -> None:
    answer = infer(server, "m", {**BODY, "id": "7"}, x_request_id="asked-1")
    assert (answer.json()["id"], answer.headers["x-request-id"]) == ("7", "asked-1")
    assert answer.headers["x-model-version"] in {"1", "2"}
    refused = infer(server, "m", b"{")
    assert (refused.status, list(refused.json())) == (400, ["error"])
    assert refused.variant in {"old", "new"}
    assert len(refused.headers["x-request-id"]) == 32
    missing = infer(server, "nothing", x_request_id="asked-2")
    assert (missing.status, missing.headers["x-request-id"]) == (404, "asked-2")
    assert "Ask for m or old or new or next" in missing.json()["error"]


@pytest.mark.parametrize("name", ["old", "new", "next"])
def test_each_route_is_a_model_of_its_own(server: Within, name: str) -> None:
    assert {infer(server, name, x_user=user).variant for user in USERS[:5]} == {name}


def test_a_variant_or_a_version_of_a_divided_model_can_be_asked(server: Within) -> None:
    assert {infer(server, "m", x_model_variant="new", x_user=user).variant for user in USERS[:5]} == {"new"}
    assert {server.post(BODY, "/v2/models/m/versions/1/infer", x_user=user).variant for user in USERS[:5]} == {"old"}
    refused = infer(server, "m", x_model_variant="next")
    assert (refused.status, "old, new" in refused.json()["error"]) == (404, True)
    absent = server.post(BODY, "/v2/models/m/versions/9/infer")
    assert (absent.status, "'1' or '2'" in absent.json()["error"]) == (404, True)


def test_new_weights_hold_for_tensors_too(server: Within) -> None:
    server.post({"weights": {"old": 0, "new": 1}}, "/traffic/weights")
    assert {infer(server, "m", x_user=user).variant for user in USERS} == {"new"}


def test_routes_of_other_models_get_nothing_of_a_models_requests() -> None:
    with within(f"old={OLD}:30", f"new={NEW}:10", f"third={OTHER}:60", sticky_header="X-User") as server:
        seen = {user: infer(server, "m", x_user=user).variant for user in USERS}
        whole = {user: server.post(TABLE, x_user=user).variant for user in USERS}
        assert set(seen.values()) == {"old", "new"}
        assert all(seen[user] == name for user, name in whole.items() if name != "third")
        server.post({"weights": {"old": 0, "new": 0, "third": 1}}, "/traffic/weights")
        refused = infer(server, "m")
        assert (refused.status, "weights are 0" in refused.json()["error"]) == (404, True)
        assert infer(server, "new").variant == "new"


def test_a_name_may_stand_for_all_that_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_SCORING_SERVER_MODEL_NAME", "house")
    with within(f"old={OLD}", f"third={OTHER}", sticky_header="X-User") as server:
        assert {infer(server, "house", x_user=user).variant for user in USERS} == {"old", "third"}


@pytest.mark.parametrize("key", ["parameter", "column"])
def test_a_key_in_the_request_decides_as_it_does_in_a_table(key: str) -> None:
    def asked(user: str) -> dict[str, Any]:
        if key == "parameter":
            return {**BODY, "parameters": {"user": user}}
        return {"inputs": [*BODY["inputs"], {"name": "user", "shape": [2], "datatype": "BYTES", "data": [user, "x"]}]}

    with within(f"old={OLD}", f"new={NEW}", sticky_key="user") as server:
        seen = {user: infer(server, "m", asked(user)).variant for user in USERS[:10]}
        assert seen == {user: server.post({**TABLE, "user": user}).variant for user in USERS[:10]}
        body, length = packed(user="user-1")
        assert infer(server, "m", body, inference_header_content_length=length).variant == seen["user-1"]


def test_shadows_are_asked_for_tensors_and_compared(tmp_path: Path) -> None:
    body, length = packed()
    with within(f"old={OLD}", f"same={OLD}:shadow", f"near={OTHER}:shadow", state=tmp_path / "state") as server:
        assert data(infer(server, "old")) == [1, 1]
        answer = infer(server, "old", body, inference_header_content_length=length)
        assert np.frombuffer(answer.body[int(answer.headers[HEADER]) :], "<i8").tolist() == [1, 1]
        registry = server.application.measures.registry

        def outcome(variant: str, name: str) -> float:
            labels = {"variant": variant, "outcome": name}
            return registry.get_sample_value("mlflow_scoring_shadow_answers_total", labels) or 0.0

        until(lambda: outcome("same", "same") == outcome("near", "different") == 2)


@pytest.fixture
def watched(server: Within) -> list[Observation]:
    seen: list[Observation] = []
    server.application.traffic.observe(seen.append)
    return seen


def test_observers_are_told_and_can_read_tensors(server: Within, watched: list[Observation]) -> None:
    body, length = packed()
    infer(server, "m", x_user="ann")
    infer(server, "old", body, inference_header_content_length=length)
    infer(server, "m", b"{")
    divided, addressed, failed = watched
    assert (divided.addressed, addressed.addressed) == (False, True)
    assert (divided.key, divided.status, divided.version) == ("ann", 200, "1" if divided.variant == "old" else "2")
    for one, answer in ((divided, divided.version), (addressed, "1")):
        assert np.asarray(one.data()).ravel().tolist() == [1, 2]
        assert one.predictions() == [int(answer)] * 2
    assert (failed.status, failed.failed, failed.predictions()) == (400, False, None)
    server.application.traffic.tick()
    counts = server.get("/traffic").json()["variants"]
    assert sum(one.get("requests", 0) for variant in counts for one in variant["counts"].values()) == 3


def test_monitoring_reads_tensors_in_json_and_in_bytes(server: Within, watched: list[Observation]) -> None:
    body, length = packed()
    infer(server, "old")
    infer(server, "old", body, inference_header_content_length=length)
    window = Window(None)
    for one in watched:
        facts = {name: getattr(one, name) for name in Sample.__struct_fields__ if name != "schema_json"}
        sample = Sample(**facts)
        window.add(sample)
        line = json.loads(record_line(sample, ()))
        assert line["predictions"] == [1, 1]
        assert np.ravel(line["inputs"]).tolist() == [1, 2]
    assert (window.requests, window.rows) == (2, 4)
    assert window.frame()["prediction"].tolist() == [1, 1, 1, 1]


def test_several_outputs_are_read_as_rows() -> None:
    outputs = [Tensor("x", np.array([1, 2])), Tensor("t", np.array(["a", "b"], object))]
    answer = write_inference(InferenceRequest([]), outputs, "m", "1")
    assert InferenceForm().predictions(answer) == [{"x": 1, "t": "a"}, {"x": 2, "t": "b"}]
