"""The dialect of requests and answers: each tolerance and each refusal is a row."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from mlflow.contract.metrics import MetricSummary
from mlflow.contract.pages import Page
from mlflow.contract.route import Route
from mlflow.contract.store import routes
from mlflow.contract.wire import decode_answer, decode_body, decode_query, encode_answer
from mlflow.entities import (
    Dataset,
    DatasetInput,
    Experiment,
    ExperimentTag,
    InputTag,
    Metric,
    Param,
    Run,
    RunData,
    RunInfo,
    RunInputs,
    RunTag,
)
from mlflow.exceptions import InvalidParameterValue

ROUTES: dict[str, Route] = {declared.name: declared for part in routes().values() for declared in part}
RUN = Run(
    RunInfo("a" * 32, "0", start_time=0, end_time=None, artifact_uri="mlflow-artifacts:/0", run_name="calm-owl-1"),
    RunData([Metric("loss", 0.5, 7, 0)], [Param("lr", "")], [RunTag("note", "ö")]),
    RunInputs([DatasetInput(Dataset("iris", "1", "local", "{}"), [InputTag("mlflow.data.context", "train")])]),
)


def sent(name: str, body: Any) -> dict[str, Any]:
    struct = decode_body(ROUTES[name], body if isinstance(body, bytes) else json.dumps(body).encode())
    return {field: getattr(struct, field) for field in struct.__struct_fields__}


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        pytest.param("set_tag", {"run_id": "r", "key": "k"}, {"value": ""}, id="absent text is empty"),
        pytest.param("set_tag", {"run_uuid": "r", "key": "k"}, {"run_id": "r"}, id="run_uuid is run_id"),
        pytest.param("set_tag", {"runId": "r", "key": "k"}, {"run_id": "r"}, id="camel case"),
        pytest.param("set_tag", {"run_id": "r", "key": "k", "x": 1}, {"run_id": "r"}, id="unknown members are ignored"),
        pytest.param("set_tag", json.dumps({"run_id": "r", "key": "k"}), {"run_id": "r"}, id="JSON in a string"),
        pytest.param("set_tag", {"run_id": "r", "key": "k", "value": None}, {"value": ""}, id="null is absent"),
        pytest.param("search_runs", {"max_results": "5"}, {"max_results": 5}, id="a number as text"),
        pytest.param("search_runs", {"run_view_type": 2}, {"run_view_type": "DELETED_ONLY"}, id="an enum by number"),
        pytest.param("search_runs", {"run_view_type": "3"}, {"run_view_type": "ALL"}, id="an enum by number as text"),
        pytest.param("search_runs", b"", {"max_results": 1000}, id="an empty body has the defaults"),
        pytest.param("search_runs", b"not json", {"max_results": 1000}, id="no JSON counts as empty"),
        pytest.param("update_run", {"run_id": "r", "status": 4}, {"status": "FAILED"}, id="a status by number"),
        pytest.param(
            "log_metric", {"run_id": "r", "key": "k", "value": "1.5", "timestamp": "3"}, {"value": 1.5}, id="text value"
        ),
        pytest.param(
            "log_metric",
            {"run_id": "r", "key": "k", "value": "-Infinity", "timestamp": 3},
            {"value": -math.inf},
            id="-∞",
        ),
        pytest.param(
            "log_metric", {"run_id": "r", "key": "k", "value": True, "timestamp": 3}, {"value": 1.0}, id="true is 1.0"
        ),
        pytest.param(
            "log_metric",
            {"run_id": "r", "key": "k", "value": 1, "timestamp": 3, "step": 2.0},
            {"step": 2},
            id="a whole float is a step",
        ),
    ],
)
def test_tolerated(name: str, body: Any, expected: dict[str, Any]):
    assert expected.items() <= sent(name, body).items()


@pytest.mark.parametrize("value", [b'"NaN"', b"NaN"], ids=["text", "bare"])
def test_nan_is_kept_as_nan(value: bytes):
    body = b'{"run_id":"r","key":"k","timestamp":1,"value":%s}' % value
    assert math.isnan(sent("log_metric", body)["value"])


def test_absent_members_of_a_list_have_defaults():
    batch = sent(
        "log_batch", {"run_id": "r", "metrics": [{"key": "m", "value": 1, "timestamp": 2}], "tags": [{"key": "t"}]}
    )
    assert batch["metrics"] == [Metric("m", 1.0, 2, 0)]
    assert batch["tags"] == [RunTag("t", "")]


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        pytest.param("set_tag", {}, "Missing value for required parameter 'run_id'", id="missing"),
        pytest.param("set_tag", {"run_id": ""}, "Missing value for required parameter 'run_id'", id="empty is missing"),
        pytest.param("set_tag", {"run_id": "r", "key": 5}, "Invalid value 5 for parameter 'key'", id="number for text"),
        pytest.param(
            "set_tag", {"run_id": "r", "runId": "r", "key": "k"}, "Both 'run_id' and 'runId'", id="both spellings"
        ),
        pytest.param("set_tag", b"[1]", "must be a JSON object, but is list", id="an array"),
        pytest.param("log_parameter", {"run_id": "r", "key": "k", "value": 1}, "Invalid value 1", id="param number"),
        pytest.param("search_runs", {"order_by": "a"}, "Invalid value \"a\" for parameter 'order_by'", id="no list"),
        pytest.param("search_runs", {"run_view_type": "SOME"}, "use one of ACTIVE_ONLY", id="unknown enum name"),
        pytest.param("search_runs", {"max_results": "many"}, "parameter 'max_results'", id="no number"),
        pytest.param("log_metric", {"run_id": "r", "key": "k", "timestamp": 1}, "parameter 'value'", id="no value"),
        pytest.param(
            "log_batch", {"run_id": "r", "metrics": [{"value": 1, "timestamp": 2}]}, "'metrics[0].key'", id="no key"
        ),
        pytest.param(
            "log_batch",
            {"run_id": "r", "metrics": [{"key": "k", "timestamp": 2}]},
            "'metrics[0].value'",
            id="no number",
        ),
    ],
)
def test_refused_with_the_parameter_named(name: str, body: Any, message: str):
    with pytest.raises(InvalidParameterValue) as failure:
        sent(name, body)
    assert message in failure.value.message


def test_a_query_repeats_lists_and_ignores_camel_case():
    query = [("run_ids", "a"), ("run_ids", "b"), ("metric_key", "m"), ("maxResults", "5"), ("start_step", "-3")]
    struct = decode_query(ROUTES["get_metric_history_bulk_interval"], query)
    assert (struct.run_ids, struct.max_results, struct.start_step) == (["a", "b"], 2500, -3)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["1e3x", "", "1.5"], ids=["letters", "empty", "fraction"])
def test_a_query_refuses_what_is_no_number(text: str):
    with pytest.raises(InvalidParameterValue, match="max_results"):
        decode_query(ROUTES["search_experiments"], [("max_results", text)])


def test_path_arguments_join_the_body():
    struct = decode_query(ROUTES["get_columns"], [], {"experiment_id": "7"})
    assert struct.experiment_id == "7"  # type: ignore[attr-defined]


def test_a_run_survives_the_wire():
    assert decode_answer(encode_answer(RUN, "run"), Run, "run") == RUN


def test_a_run_shows_what_is_set_and_leaves_out_what_is_not():
    run = json.loads(encode_answer(RUN, "run"))["run"]
    assert run["info"]["run_uuid"] == run["info"]["run_id"]
    assert "end_time" not in run["info"]
    assert run["data"]["metrics"] == [{"key": "loss", "value": 0.5, "timestamp": 7, "step": 0}]
    assert run["data"]["params"] == [{"key": "lr", "value": ""}]
    assert "outputs" not in run
    assert "model_inputs" not in run["inputs"]


def test_nan_travels_as_text():
    body = encode_answer(Page([Metric("m", math.nan, 1, 0)]), "metrics")
    assert json.loads(body)["metrics"][0]["value"] == "NaN"
    assert math.isnan(decode_answer(body, Page[Metric], "metrics")[0].value)


def test_a_page_brings_its_token():
    page = decode_answer(encode_answer(Page([RUN], "next"), "runs"), Page[Run], "runs")
    assert (len(page), page.token) == (1, "next")


def test_an_empty_list_is_an_empty_object():
    assert encode_answer(Page([]), "runs") == b"{}"
    assert decode_answer(b"{}", Page[Run], "runs") == []


def test_nothing_is_an_empty_object():
    assert encode_answer(None, None) == b"{}"
    assert decode_answer(b"", type(None), None) is None


def test_an_experiment_survives_the_wire():
    experiment = Experiment("1", "ü/x", "s3://b", "active", [ExperimentTag("a", "b")], 1, 2, "default")
    assert decode_answer(encode_answer(experiment, "experiment"), Experiment, "experiment") == experiment


def test_a_summary_of_nothing_but_nan_survives_the_wire():
    names = ("last", "first")
    summary = MetricSummary("r", "m", 1, 1, math.nan, 0, 5, math.nan, 0, None, None, None, None, None)
    body = encode_answer([summary], "summaries")
    assert {json.loads(body)["summaries"][0][name] for name in names} == {"NaN"}
    (found,) = decode_answer(body, list[MetricSummary], "summaries")
    assert all(math.isnan(getattr(found, name)) for name in names)
    assert (found.count, found.min, found.mean) == (1, None, None)
