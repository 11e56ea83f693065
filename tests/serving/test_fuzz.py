"""Requests of any kind at all: each gets an answer or a failure in the published form, and the server goes on."""

import contextlib
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mlflow.serving.ab.plan import collect_plan
from mlflow.serving.inference.tensors import DATATYPES
from mlflow.types import ColSpec, Schema, TensorSpec
from mlflow.types.schema import AnyType, Array, Map, Object, Property
from tests.serving.requests import COLUMNS, CSV, FULL, PARQUET, REQUESTS, Request
from tests.serving.samples import JSON, SIGNATURES, save_coded
from tests.serving.within import Reply, Within, within

ARROW = "application/vnd.apache.arrow.stream"
KINDS = (JSON, CSV, PARQUET, ARROW)
LIMIT = 100_000
TENSORS = Schema([TensorSpec(np.dtype("float32"), (-1, 2), "x"), TensorSpec(np.dtype("int64"), (-1,), "y")])
NESTED = Schema(
    [
        ColSpec(Array("long"), "list"),
        ColSpec(Object([Property("a", "double"), Property("b", "string", required=False)]), "object"),
        ColSpec(Map("boolean"), "map"),
        ColSpec(AnyType(), "any", required=False),
    ]
)
SCHEMAS = {
    "columns": SIGNATURES["typed"].inputs,
    "unnamed columns": Schema([ColSpec("double"), ColSpec("string")]),
    "one column": Schema([ColSpec("long", "only")]),
    "numbers": Schema([ColSpec("double", "x"), ColSpec("double", "y")]),
    "one tensor": SIGNATURES["tensors"].inputs,
    "tensors": TENSORS,
    "nested": NESTED,
    "nothing declared": None,
}
"""Signatures of a model that takes whatever fits them: what it is called with never makes it fail."""

HARD = st.sampled_from(
    [
        *(None, True, False, 0, -1, 2**31, 2**63, -(2**63) - 1, 10**30, 1e308, 5e-324, -0.0, 0.1),
        *(float("nan"), float("inf"), float("-inf")),
        *("", " ", "nan", "NaN", "1e400", "0x10", "１", "\x00", "\ud800", "🙂", "A" * 2000, "AP8=", "=", "%s", "{}"),
        *("2024-02-30", "9999-12-31T23:59:60Z", "-290000-01-01", "1e9", "NaT", "now", "__class__", "dtype"),
        *([], [[]], [[], [1]], {}, {"": None}, [[[[[[[[1]]]]]]]], {"data": []}, [None], [{}], [{"a": {"b": [1]}}]),
    ]
)
VALUES = st.recursive(
    HARD | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)
KEYS = st.sampled_from(
    [
        *("dataframe_split", "dataframe_records", "instances", "inputs", "params", "data", "columns", "index"),
        *("messages", "x", "y", "list", "object", "map", "only", *COLUMNS),
    ]
)
TREES = st.dictionaries(KEYS, VALUES | st.dictionaries(KEYS, VALUES, max_size=4), max_size=3)


def arrow(frame: pd.DataFrame) -> bytes:
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pandas(frame)
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def parquet(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


TABLE = pd.DataFrame({"s": ["x", None], "i": pd.Series([1, 2], dtype="int32"), "d": [1.5, float("nan")]})
SOUND = [
    *(one for group in REQUESTS.values() for one in group if one.kind in KINDS),
    Request("Arrow", "typed", arrow(TABLE), ARROW),
    Request("several rows", "typed", parquet(TABLE), PARQUET),
    Request("all types", "typed", arrow(pd.DataFrame([{**FULL, "t": pd.Timestamp("2024-01-02")}])), ARROW),
    *(
        Request(name, "calm", json.dumps(body).encode())
        for name, body in {
            "numbers": {"dataframe_split": {"columns": ["x", "y"], "data": [[1, 2.5], [3.0, 4]]}},
            "nested": {"inputs": {"list": [1, 2], "object": {"a": 1.5}, "map": {"k": True}}},
            "nested rows": {"dataframe_records": [{"list": [1], "object": {"a": 1.5}, "map": {}, "any": 1}]},
            "two tensors": {"inputs": {"x": [[1, 2], [3, 4]], "y": [1, 2]}},
            "two tensors as rows": {"instances": [{"x": [1, 2], "y": 1}, {"x": [3, 4], "y": 2}]},
        }.items()
    ),
]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Within]]:
    """A server for each of SCHEMAS."""
    folder = tmp_path_factory.mktemp("calm")
    with contextlib.ExitStack() as stack:
        yield {
            name: stack.enter_context(within(f"m={save_coded('calm', folder / name, schema)}", max_bytes=LIMIT))
            for name, schema in SCHEMAS.items()
        }


def kind_of(reply: Reply) -> str:
    return reply.headers["content-type"].partition(";")[0]


def held(server: Within, reply: Reply) -> dict[str, Any] | None:
    """The failure, after a look at its form; None where the request was answered. The server is alive in both cases."""
    assert server.get("/ping").status == 200
    if reply.status == 200:
        assert kind_of(reply) == JSON
        json.loads(reply.body)
        return None
    if reply.status == 415:
        assert kind_of(reply) == "text/plain"
        assert "application/json" in reply.body.decode()
        return {"error_code": "415"}
    assert 400 <= reply.status < 600
    assert kind_of(reply) == JSON
    failure: dict[str, Any] = json.loads(reply.body)
    assert failure["error_code"]
    assert failure["message"]
    assert {"sqlstate", "error_class"} <= failure.keys()
    assert "Traceback" not in failure["message"]
    return failure


def refused(server: Within, reply: Reply) -> None:
    """An answer, or a failure for which the request is to blame: the model has none of it."""
    failure = held(server, reply)
    assert reply.status in {200, 400, 415}, reply
    assert failure is None or "stack_trace" not in failure, failure["message"]


def damaged(data: st.DataObject, body: bytes) -> bytes:
    """The body with some bytes changed, lost, doubled, or put elsewhere."""
    found = bytearray(body)
    for _ in range(data.draw(st.integers(1, 4))):
        at, until = sorted((data.draw(st.integers(0, len(found))), data.draw(st.integers(0, len(found)))))
        how = data.draw(st.sampled_from(["change", "cut", "double", "insert", "end"]))
        if how == "change" and at < len(found):
            found[at] = data.draw(st.integers(0, 255))
        elif how == "cut":
            del found[at : min(until, at + 8)]
        elif how == "double":
            found[at:at] = found[at:until]
        elif how == "insert":
            found[at:at] = data.draw(st.binary(max_size=8))
        elif how == "end":
            del found[at:]
    return bytes(found)


def grafted(data: st.DataObject, tree: Any) -> Any:
    """The JSON value with something else in one place of it."""
    if data.draw(st.integers(0, 4)) == 0 or not isinstance(tree, (dict, list)) or not tree:
        return data.draw(VALUES)
    if isinstance(tree, list):
        at = data.draw(st.integers(0, len(tree) - 1))
        return [grafted(data, item) if number == at else item for number, item in enumerate(tree)]
    at = data.draw(st.sampled_from(list(tree)))
    how = data.draw(st.sampled_from(["value", "value", "lost", "renamed"]))
    rest = {name: value for name, value in tree.items() if name != at}
    if how == "lost":
        return rest
    return rest | ({data.draw(KEYS): tree[at]} if how == "renamed" else {at: grafted(data, tree[at])})


def fuzz(count: int) -> Any:
    return settings(deadline=None, max_examples=count, suppress_health_check=list(HealthCheck))


NAMES = st.sampled_from(list(SCHEMAS))


@fuzz(100)
@given(name=NAMES, tree=TREES)
def test_any_json_is_answered_or_refused(calm: dict[str, Within], name: str, tree: Any) -> None:
    refused(calm[name], calm[name].post(json.dumps(tree).encode()))


@fuzz(150)
@given(data=st.data(), name=NAMES)
def test_a_request_with_something_wrong_in_it_is_answered_or_refused(
    calm: dict[str, Within], data: st.DataObject, name: str
) -> None:
    request = data.draw(st.sampled_from([one for one in SOUND if one.kind == JSON]))
    try:
        tree = json.loads(request.body)
    except ValueError:
        assume(False)
    refused(calm[name], calm[name].post(json.dumps(grafted(data, tree)).encode()))


@fuzz(150)
@given(data=st.data(), name=NAMES)
def test_a_damaged_body_is_answered_or_refused(calm: dict[str, Within], data: st.DataObject, name: str) -> None:
    request = data.draw(st.sampled_from(SOUND))
    refused(calm[name], calm[name].post(damaged(data, request.body), kind=str(request.kind)))


@fuzz(60)
@given(name=NAMES, kind=st.sampled_from(KINDS), body=st.binary(max_size=200) | st.text(max_size=80).map(str.encode))
def test_any_bytes_are_answered_or_refused(calm: dict[str, Within], name: str, kind: str, body: bytes) -> None:
    refused(calm[name], calm[name].post(body, kind=kind))


@fuzz(50)
@given(
    kind=st.binary(max_size=40)
    | st.builds(
        lambda kind, end: kind.encode() + end,
        st.sampled_from(KINDS),
        st.sampled_from([b";", b"; charset", b"; charset=utf-16", b";;", b"; charset=utf-8; x", b",text/csv", b"\xff"]),
    )
)
def test_any_content_type_is_read_or_refused(calm: dict[str, Within], kind: bytes) -> None:
    refused(
        calm["columns"], calm["columns"].post(b'{"inputs": {"s": "x", "i": 1, "d": 1}}', kind=kind.decode("latin-1"))
    )


def split(columns: list[Any], *rows: list[Any]) -> bytes:
    return json.dumps({"dataframe_split": {"columns": columns, "data": list(rows)}}).encode()


@pytest.mark.parametrize(
    ("columns", "row", "word"),
    [
        pytest.param(["s", "i"], ["x", 1], "d", id="one is missing"),
        pytest.param(["s", "i", "D"], ["x", 1, 1.5], "d", id="another case"),
        pytest.param(["s", "i", "d "], ["x", 1, 1.5], "d", id="a blank behind"),
        pytest.param(["s", "i", "d", "d"], ["x", 1, 1.5, 2.5], "d", id="one is there twice"),
        pytest.param([0, 1, 2], ["x", 1, 1.5], "missing", id="numbers"),
        pytest.param(["s", "i", None], ["x", 1, 1.5], "missing", id="null"),
        pytest.param([["s"], ["i"], ["d"]], ["x", 1, 1.5], "columns", id="lists"),
        pytest.param([], [], "missing", id="none"),
    ],
)
def test_columns_that_are_wrong_are_named(
    calm: dict[str, Within], columns: list[Any], row: list[Any], word: str
) -> None:
    reply = calm["columns"].post(split(columns, row))
    failure = held(calm["columns"], reply)
    assert reply.status == 400
    assert failure is not None
    assert word in failure["message"]


@pytest.mark.parametrize("value", [float("nan"), None, float("inf"), "nan", "", 1e300, 1.5, "1_0", [1], {"a": 1}])
@pytest.mark.parametrize("kind", ["dataframe_split", "dataframe_records", "inputs", "instances"])
def test_a_whole_number_is_never_made_up(calm: dict[str, Within], kind: str, value: Any) -> None:
    row = {"s": "x", "i": value, "d": 1.5}
    content: Any = [row]
    if kind == "dataframe_split":
        content = {"columns": list(row), "data": [list(row.values())]}
    elif kind == "inputs":
        content = {name: [one] for name, one in row.items()}
    reply = calm["columns"].post(json.dumps({kind: content}).encode())
    failure = held(calm["columns"], reply)
    assert reply.status == 400, reply
    assert failure is not None
    assert "i" in failure["message"]


@pytest.mark.parametrize("pieces", [1, 2, 50], ids=["at once", "in two", "in many"])
def test_a_body_that_is_too_large_is_refused_however_it_comes(calm: dict[str, Within], pieces: int) -> None:
    body = b"[" * (LIMIT + 1)
    size = -(-len(body) // pieces)
    reply = calm["columns"].post(tuple(body[at : at + size] for at in range(0, len(body), size)))
    failure = held(calm["columns"], reply)
    assert (reply.status, failure and failure["error_code"]) == (413, "INVALID_PARAMETER_VALUE")
    assert failure is not None
    assert str(LIMIT) in failure["message"]


@pytest.fixture(scope="module")
def worst(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Within]:
    """A server of the model that does its worst."""
    with within(f"m={save_coded('hostile', tmp_path_factory.mktemp('hostile'))}") as server:
        yield server


def asked_for(what: str) -> bytes:
    return json.dumps({"dataframe_records": [{"wanted": what}]}).encode()


@pytest.mark.parametrize(
    "what",
    [
        *("exit", "exit with words", "interrupt", "stop", "stop async", "generator exit", "memory", "time", "mute"),
        *("group", "surrogate", "nul", "long", "os", "unicode", "cancel", "recursion"),
    ],
)
def test_whatever_a_model_raises_is_told_and_the_server_goes_on(worst: Within, what: str) -> None:
    reply = worst.post(asked_for(what))
    failure = held(worst, reply)
    assert (reply.status, failure and failure["error_code"]) == (400, "BAD_REQUEST")
    assert failure is not None
    assert failure["message"].startswith("The model raised ")
    assert "hostile.py" in failure["stack_trace"]
    assert len(reply.body) < LIMIT


@pytest.mark.parametrize("what", ["mlflow", "mlflow surrogate"])
def test_a_failure_in_mlflows_own_words_keeps_its_code(worst: Within, what: str) -> None:
    failure = held(worst, worst.post(asked_for(what)))
    assert failure is not None
    assert failure["error_code"] in {"RESOURCE_DOES_NOT_EXIST", "INTERNAL_ERROR"}


@pytest.mark.parametrize(
    "what", ["cycle", "deep", "sly", "generator", "function", "class", "keys", "complex", "huge", "module"]
)
def test_whatever_a_model_returns_is_written_or_told(worst: Within, what: str) -> None:
    reply = worst.post(asked_for(what))
    failure = held(worst, reply)
    assert (reply.status, failure and failure["error_code"]) == (500, "INTERNAL_ERROR")
    assert failure is not None
    assert failure["message"].startswith("The model returned a ")


def test_text_that_utf8_lacks_is_escaped(worst: Within) -> None:
    assert worst.post(asked_for("lone surrogate")).body == b'{"predictions": "\\ud800"}'


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Within]:
    """A server of two routes with an experiment."""
    model = save_coded("calm", tmp_path_factory.mktemp("driven"))
    plan = collect_plan("conversion", ["error_rate<0.5"])
    with within(f"a={model}", f"b={model}", state=tmp_path_factory.mktemp("state"), plan=plan) as server:
        yield server


WORDS = st.sampled_from(["stop", "start", "rollback", "a", "b", "b=5,10:1h", "x", [1], [2, 2], [-1], [10**12], 10**400])
TOLD = st.sampled_from(
    [
        *("request_id", "reward", "rewards", "verb", "variant", "reason", "weights", "ramp", "a", "b"),
        *("inputs", "name", "shape", "datatype", "data", "parameters", "id", "outputs"),
    ]
)
ORDERS = st.recursive(
    VALUES | WORDS, lambda inner: st.dictionaries(TOLD, inner, max_size=5) | st.lists(inner, max_size=3), max_leaves=10
)
PATHS = st.sampled_from(["/rewards", "/traffic/weights", "/traffic/ramp", "/ab", "/v2/models/a/infer"])


@fuzz(120)
@given(path=PATHS, body=ORDERS.map(lambda tree: json.dumps(tree).encode()) | st.binary(max_size=60))
def test_any_order_is_carried_out_or_refused(driven: Within, path: str, body: bytes) -> None:
    reply = driven.post(body, path)
    assert reply.status in {200, 400, 404, 409, 413}, reply
    assert driven.get("/ping").status == 200


@fuzz(100)
@given(
    shape=st.lists(st.integers(-1, 3) | HARD, max_size=2),
    datatype=st.sampled_from([*DATATYPES, "X", None]),
    elements=st.lists(HARD | st.just(10**400) | st.floats() | st.integers(-300, 300), max_size=4),
)
def test_any_tensor_is_read_or_refused(driven: Within, shape: Any, datatype: Any, elements: Any) -> None:
    tensor = {"name": "x", "shape": shape or [len(elements)], "datatype": datatype, "data": elements}
    reply = driven.post(json.dumps({"inputs": [tensor]}).encode(), "/v2/models/a/infer")
    assert reply.status in {200, 400}, reply


@pytest.mark.parametrize(
    ("datatype", "element", "fits"),
    [
        ("FP16", 65504, True),
        ("FP16", 65520, False),
        ("FP32", 3.4028235e38, True),
        ("FP32", 3.5e38, False),
        ("FP32", float("inf"), True),
        ("FP64", 1.7e308, True),
        ("FP64", 10**400, False),
    ],
)
def test_a_number_beyond_its_type_is_named_and_never_becomes_infinite(
    driven: Within, datatype: str, element: float, fits: bool
) -> None:
    tensor = {"name": "x", "shape": [1], "datatype": datatype, "data": [element]}
    reply = driven.post(json.dumps({"inputs": [tensor]}).encode(), "/v2/models/a/infer")
    assert (reply.status == 200) is fits, reply
    assert fits or f"which is no {datatype}" in reply.json()["error"]
