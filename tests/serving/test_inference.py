"""The open inference protocol: requests by its specification, and failures in its form."""

import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import urllib3

import mlflow
from mlflow.models import ModelSignature
from mlflow.pyfunc import PythonModel
from mlflow.serving.app import Application
from mlflow.serving.inference.names import served_name
from mlflow.serving.scorer import Scorer
from mlflow.serving.settings import ServingSettings
from mlflow.serving.traffic.routes import ONLY, Route, Routes
from mlflow.serving.traffic.state import State
from mlflow.serving.traffic.traffic import Traffic
from mlflow.serving.variants import Loaded, Variant
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
from tests.serving.conftest import StartScoring
from tests.serving.samples import ROWS, ScoringServer
from tests.serving.within import Reply, Within

HEADER = "inference-header-content-length"
COLUMNS = [
    {"name": "age", "shape": [4, 1], "datatype": "FP64", "data": ROWS["age"].tolist()},
    {"name": "income", "shape": [4], "datatype": "FP64", "data": ROWS["income"].tolist()},
]


class Tensors(Reply):
    """An answer, whose head is JSON."""

    @property
    def head(self) -> Any:
        return json.loads(self.body[: int(self.headers.get(HEADER, len(self.body)))])


class Endpoints(Within):
    """A server of one model, called in this process."""

    def __init__(self, scorer: Scorer) -> None:
        route = Route(ONLY, "models:/churn/3")
        settings = ServingSettings(routes=Routes(routes=(route,)), timeout=30.0, max_bytes=1 << 20, threads=1)
        variants = {ONLY: Variant(route, Loaded(scorer, "3"))}
        super().__init__(Application(settings, Traffic(settings.routes, State.open(None)), variants))

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> Tensors:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Tensors(*self.runner.run(self.ask(method, path, body, named)))

    def infer(self, request: Any, path: str = "/v2/models/churn/infer", **headers: str) -> Tensors:
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        return self.call("POST", path, body, **headers)

    def close(self) -> None:
        self.runner.close()
        self.application.close()


@pytest.fixture(scope="module")
def classifier(models: Path) -> Iterator[Endpoints]:
    found = Endpoints(Scorer.load(str(models / "logistic")))
    yield found
    found.close()


Serve = Callable[..., tuple[Endpoints, "Echo"]]


class Echo(PythonModel):
    """Returns what it is called with, or what `wanted` says."""

    wanted: Any = None

    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]
        self.seen, self.params = model_input, params
        if isinstance(self.wanted, Exception):
            raise self.wanted
        return model_input if self.wanted is None else self.wanted


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[Serve]:
    """Serve a model that returns what it is called with, of a signature: `echo(signature)`."""
    served: list[Endpoints] = []

    def serve(signature: ModelSignature | None = None) -> tuple[Endpoints, Echo]:
        mlflow.pyfunc.save_model(tmp_path / "echo", python_model=Echo(), signature=signature, pip_requirements=[])
        scorer = Scorer.load(str(tmp_path / "echo"))
        served.append(Endpoints(scorer))
        return served[-1], scorer.model.unwrap_python_model()

    yield serve
    for endpoints in served:
        endpoints.close()


def one(name: str, datatype: str, data: list[Any], shape: list[int] | None = None) -> dict[str, Any]:
    return {"inputs": [{"name": name, "datatype": datatype, "shape": shape or [len(data)], "data": data}]}


def test_a_server_and_its_model_tell_about_themselves(classifier: Endpoints) -> None:
    server = classifier.call("GET", "/v2").head
    assert server["name"] == "mlflow"
    assert "binary_tensor_data" in server["extensions"]
    assert classifier.call("GET", "/v2/health/live").head == {"live": True}
    assert classifier.call("GET", "/v2/health/ready").head == {"ready": True}
    assert classifier.call("GET", "/v2/models/churn/ready").head == {"name": "churn", "ready": True}
    found = classifier.call("GET", "/v2/models/churn/versions/3").head
    assert found["versions"] == ["3"]
    assert found["inputs"] == [{"name": name, "datatype": "FP64", "shape": [-1, 1]} for name in ("age", "income")]
    assert found["outputs"] == [{"name": "predictions", "datatype": "INT64", "shape": [-1]}]
    index = classifier.call("POST", "/v2/repository/index").head
    assert index == [{"name": "churn", "version": "3", "state": "READY"}]


def test_columns_are_inputs_of_their_names(classifier: Endpoints) -> None:
    answer = classifier.infer({"id": "7", "inputs": COLUMNS}).head
    output = {"name": "predictions", "shape": [4], "datatype": "INT64", "data": [0, 0, 1, 1]}
    assert answer == {"model_name": "churn", "model_version": "3", "id": "7", "outputs": [output]}
    metrics = classifier.get("/metrics").body.decode()
    for stage in ("queue", "read", "predict", "write"):
        assert f'mlflow_scoring_stage_seconds_count{{stage="{stage}",variant="default"}}' in metrics


def test_rows_without_names_are_columns_in_their_order(classifier: Endpoints) -> None:
    rows = one("input-0", "FP32", ROWS.to_numpy().tolist(), [4, 2])
    assert classifier.infer(rows, "/v2/models/churn/versions/3/infer").head["outputs"][0]["data"] == [0, 0, 1, 1]


def test_bytes_come_and_go(classifier: Endpoints) -> None:
    raw = [ROWS[name].to_numpy("<f8").tobytes() for name in ROWS]
    inputs = [
        {"name": name, "shape": [4], "datatype": "FP64", "parameters": {"binary_data_size": len(content)}}
        for name, content in zip(ROWS, raw, strict=True)
    ]
    outputs = [{"name": "predictions", "parameters": {"binary_data": True}}]
    head = json.dumps({"inputs": inputs, "outputs": outputs}).encode()
    answer = classifier.call(
        "POST", "/v2/models/churn/infer", b"".join([head, *raw]), inference_header_content_length=str(len(head))
    )
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.head["outputs"][0]["parameters"] == {"binary_data_size": 32}
    assert np.frombuffer(answer.body[int(answer.headers[HEADER]) :], "<i8").tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("request_", "status", "words"),
    [
        pytest.param(b"{", 400, "JSON", id="no JSON"),
        pytest.param(b'{"inputs": [], "id": "\xff"}', 400, "JSON", id="no text"),
        pytest.param(b'{"parameters": {"a": ' + b"[" * 50_000, 400, "JSON", id="nested too deep"),
        pytest.param(b"[1]", 400, "Expected `object`", id="no object"),
        pytest.param({"inputs": []}, 400, "no inputs", id="no inputs"),
        pytest.param({"inputs": [{"name": "age"}]}, 400, "shape", id="no shape"),
        pytest.param(one("age", "FP99", [1.0]), 400, "'FP99'", id="a type that there is not"),
        pytest.param(one("age", "FP64", [1.0, 2.0], [3]), 400, "2 elements", id="too few elements"),
        pytest.param(one("age", "FP64", [1.0], [-1]), 400, "shape", id="a negative shape"),
        pytest.param(one("age", "FP64", [1.0], [1] * 100), 400, "dimension", id="more dimensions than arrays have"),
        pytest.param(one("age", "BYTES", [], [0, 10**30]), 400, "dimension", id="a length that no array has"),
        pytest.param(one("age", "FP64", ["1"]), 400, "no FP64", id="a text that is no number"),
        pytest.param(one("age", "INT8", [300]), 400, "'300'", id="a number that is too large"),
        pytest.param(one("age", "INT64", [1.5]), 400, "'1.5'", id="a fraction"),
        pytest.param(one("age", "INT64", [True]), 400, "'True'", id="a truth that is no number"),
        pytest.param(one("age", "BOOL", [1]), 400, "no BOOL", id="a number that is no truth"),
        pytest.param(one("age", "BYTES", [1]), 400, "no BYTES", id="a number that is no text"),
        pytest.param(one("age", "FP64", [1.0]), 400, "income", id="a column that is missing"),
        pytest.param({"inputs": [COLUMNS[0], {**COLUMNS[1], "shape": [1], "data": [1.0]}]}, 400, "rows", id="uneven"),
        pytest.param({"inputs": [{**COLUMNS[0], "parameters": {"binary_data_size": 9}}]}, 400, "ends", id="no bytes"),
        pytest.param({"inputs": COLUMNS, "outputs": [{"name": "x"}]}, 400, "no output 'x'", id="no such output"),
        pytest.param(b"{" + b" " * (1 << 20), 413, "bytes", id="too large"),
    ],
)
def test_what_cannot_be_answered_is_told_as_the_protocol_does(
    classifier: Endpoints, request_: Any, status: int, words: str
) -> None:
    answer = classifier.infer(request_)
    assert answer.status == status
    assert list(answer.head) == ["error"]
    assert words in answer.head["error"]


@pytest.mark.parametrize("length", ["-1", "99999999", "x", ""])
def test_a_header_that_makes_no_sense_is_refused(classifier: Endpoints, length: str) -> None:
    answer = classifier.call("POST", "/v2/models/churn/infer", b"{}", inference_header_content_length=length)
    assert answer.status == 400
    assert HEADER in answer.head["error"]


@pytest.mark.parametrize("path", ["/v2/models/other/infer", "/v2/models/churn/versions/4/infer"])
def test_another_model_or_version_is_not_found(classifier: Endpoints, path: str) -> None:
    answer = classifier.infer({"inputs": COLUMNS}, path)
    assert answer.status == 404
    assert "Ask for" in answer.head["error"]


def test_the_types_of_columns_are_those_of_the_signature(echo: Serve) -> None:
    kinds = {"s": "string", "i": "integer", "d": "double", "b": "boolean", "t": "datetime", "x": "binary"}
    signature = ModelSignature(Schema([ColSpec(kind, name) for name, kind in kinds.items()]))
    endpoints, model = echo(signature)
    model.wanted = [1.5]
    columns = {
        "s": ("BYTES", ["ä"]),
        "i": ("INT32", [1]),
        "d": ("FP64", [None]),
        "b": ("BOOL", [True]),
        "t": ("BYTES", ["2024-01-02T03:04:05"]),
        "x": ("BYTES", ["AP8="]),
    }
    inputs = [one(name, datatype, data)["inputs"][0] for name, (datatype, data) in columns.items()]
    assert endpoints.infer({"inputs": inputs}).status == 200
    (row,) = model.seen.to_dict(orient="records")
    assert (row["s"], row["i"], row["b"], row["x"]) == ("ä", 1, True, b"\x00\xff")
    assert np.isnan(row["d"])
    assert row["t"] == pd.Timestamp("2024-01-02T03:04:05")


def test_texts_and_bytes_in_binary_form_are_told_apart_by_the_signature(echo: Serve) -> None:
    endpoints, model = echo(ModelSignature(Schema([ColSpec("string", "s"), ColSpec("binary", "x")])))
    model.wanted = [1.5]
    contents = ["ä".encode(), b"\x00\xff"]
    raw = [struct.pack("<I", len(content)) + content for content in contents]
    inputs = [
        {"name": name, "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": len(content)}}
        for name, content in zip("sx", raw, strict=True)
    ]
    head = json.dumps({"inputs": inputs}).encode()
    body = b"".join([head, *raw])
    answer = endpoints.call("POST", "/v2/models/churn/infer", body, inference_header_content_length=str(len(head)))
    assert answer.status == 200, answer.body
    assert model.seen.to_dict(orient="records") == [{"s": "ä", "x": b"\x00\xff"}]


def test_tensors_stay_arrays(echo: Serve) -> None:
    endpoints, _ = echo(ModelSignature(Schema([TensorSpec(np.dtype("float32"), (-1, 2), "image")])))
    answer = endpoints.infer(one("image", "FP32", [1.0, 2.0, 3.0, 4.0], [2, 2])).head
    assert answer["outputs"] == [{"name": "image", "shape": [2, 2], "datatype": "FP32", "data": [1.0, 2.0, 3.0, 4.0]}]


@pytest.mark.parametrize(
    ("content_type", "count", "kind"),
    [("pd", 1, "DataFrame"), ("np", 1, "ndarray"), ("np", 2, "dict"), (None, 1, "ndarray"), (None, 2, "DataFrame")],
)
def test_a_content_type_says_what_the_model_gets(echo: Serve, content_type: str, count: int, kind: str) -> None:
    endpoints, model = echo()
    request: dict[str, Any] = {"inputs": COLUMNS[:count]}
    request |= {"parameters": {"content_type": content_type}} if content_type else {}
    assert endpoints.infer(request).status == 200
    assert type(model.seen).__name__ == kind


def test_parameters_of_the_model_are_among_those_of_the_request(echo: Serve) -> None:
    signature = ModelSignature(Schema([ColSpec("double", "a")]), None, ParamSchema([ParamSpec("k", "long", 1)]))
    endpoints, model = echo(signature)
    assert endpoints.infer({**one("a", "FP64", [1.0]), "parameters": {"k": 5, "content_type": "pd"}}).status == 200
    assert model.params == {"k": 5}


@pytest.mark.parametrize(
    ("wanted", "outputs"),
    [
        pytest.param(["a", "b"], [("predictions", "BYTES", [2], ["a", "b"])], id="texts"),
        pytest.param(
            pd.DataFrame({"a": [1], "b": [0.5]}), [("a", "INT64", [1], [1]), ("b", "FP64", [1], [0.5])], id="table"
        ),
        pytest.param({"a": np.array([1], "uint8")}, [("a", "UINT8", [1], [1])], id="dictionary"),
        pytest.param(np.array(["2024-01-02"], "M8[D]"), [("predictions", "BYTES", [1], ["2024-01-02"])], id="times"),
        pytest.param([{"a": 1}], [("predictions", "BYTES", [1], ['{"a": 1}'])], id="objects"),
        pytest.param([[1], [1, 2]], [("predictions", "BYTES", [2], ["[1]", "[1, 2]"])], id="uneven rows"),
        pytest.param(np.float32(0.5), [("predictions", "FP32", [], [0.5])], id="a number"),
    ],
)
def test_what_a_model_returns_becomes_tensors(echo: Serve, wanted: Any, outputs: list[Any]) -> None:
    endpoints, model = echo()
    model.wanted = wanted
    found = endpoints.infer({"inputs": COLUMNS}).head["outputs"]
    assert [(out["name"], out["datatype"], out["shape"], out["data"]) for out in found] == outputs


def test_a_model_that_raises_is_told(echo: Serve) -> None:
    endpoints, model = echo()
    model.wanted = ValueError("no such thing")
    answer = endpoints.infer({"inputs": COLUMNS})
    assert (answer.status, "ValueError" in answer.head["error"]) == (400, True)
    model.wanted = np.array([1 + 2j])
    answer = endpoints.infer({"inputs": COLUMNS})
    assert (answer.status, "complex128" in answer.head["error"]) == (500, True)


@pytest.mark.parametrize(
    ("uri", "name"),
    [("models:/churn/1", "churn"), ("models:/churn@champion", "churn"), ("/srv/m/churn/", "churn"), ("/", "model")],
)
def test_a_model_is_called_as_its_uri_has_it(uri: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert served_name(uri) == name
    monkeypatch.setenv("MLFLOW_SCORING_SERVER_MODEL_NAME", "other")
    assert served_name(uri) == "other"


def test_a_server_answers_the_protocol_beside_mlflows(logistic: ScoringServer) -> None:
    answer = urllib3.request("POST", f"{logistic.url}/v2/models/logistic/infer", json={"inputs": COLUMNS}, timeout=60)
    assert answer.json()["outputs"][0]["data"] == [0, 0, 1, 1]
    metrics = logistic.get("/metrics").data.decode()
    assert 'endpoint="/v2/models/{name}/infer"' in metrics


@pytest.mark.faults
def test_a_token_guards_all_but_probes(start_scoring: StartScoring) -> None:
    server = start_scoring("logistic", environment={"MLFLOW_SCORING_SERVER_TOKEN": "secret"})
    assert server.get("/v2/health/ready").status == 200
    assert server.get("/v2/models/logistic").status == 401
    assert server.get("/v2/models/logistic", Authorization="Bearer secret").status == 200


def test_tritons_client_gets_its_answers(logistic: ScoringServer) -> None:
    triton = pytest.importorskip("tritonclient.http", reason="install tritonclient[http] for its client")
    with triton.InferenceServerClient(f"127.0.0.1:{logistic.port}") as client:
        assert client.is_server_live()
        assert client.is_model_ready("logistic")
        assert client.get_model_metadata("logistic")["platform"] == "mlflow"
        inputs = [triton.InferInput(name, [4, 1], "FP64") for name in ROWS]
        for tensor in inputs:
            tensor.set_data_from_numpy(ROWS[[tensor.name()]].to_numpy(), binary_data=True)
        wanted = [triton.InferRequestedOutput("predictions", binary_data=True)]
        answer = client.infer("logistic", inputs, outputs=wanted)
        assert answer.as_numpy("predictions").tolist() == [0, 0, 1, 1]
        with pytest.raises(triton.InferenceServerException, match="no model 'other'"):
            client.infer("other", inputs)
