"""The scoring server as a process: what it answers, its limits, and how it ends."""

import http.client
import json
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from openapi_spec_validator import validate

import mlflow
from tests.serving.conftest import StartScoring
from tests.serving.samples import JSON, ROWS, ScoringServer, until
from tests.serving.within import within

SPLIT = {"dataframe_split": ROWS.to_dict(orient="split")}
ARROW = "application/vnd.apache.arrow.stream"


def wait_for(path: Path) -> dict[str, object]:
    """A request whose answer comes when there is such a file."""
    return {"dataframe_records": [{"wanted": f"wait for {path}"}]}


def taken(server: ScoringServer) -> int:
    """How many requests a thread has begun with."""
    text = server.get("/metrics").data.decode()
    found = re.search(r'mlflow_scoring_stage_seconds_count{stage="queue",variant="default"} (\d+)', text)
    return int(found[1]) if found else 0


def arrow_stream() -> bytes:
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pandas(ROWS)
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(SPLIT, JSON, id="split"),
        pytest.param({"dataframe_records": ROWS.to_dict(orient="records")}, JSON, id="records"),
        pytest.param({"instances": ROWS.to_dict(orient="records")}, JSON, id="instances"),
        pytest.param({"inputs": ROWS.to_dict(orient="list")}, JSON, id="inputs"),
        pytest.param(ROWS.to_csv(index=False), "text/csv", id="CSV"),
        pytest.param(ROWS.to_csv(index=False), "Text/CSV; charset=UTF-8", id="CSV whose header is in capitals"),
        pytest.param(ROWS.to_parquet(), "application/vnd.apache.parquet", id="Parquet"),
        pytest.param(arrow_stream(), ARROW, id="Arrow"),
    ],
)
def test_every_format_gets_the_same_predictions(logistic: ScoringServer, body: object, kind: str) -> None:
    answer = logistic.post(body, kind)
    assert (answer.status, answer.json()) == (200, {"predictions": [0, 0, 1, 1]})
    assert answer.headers["content-type"] == JSON


def test_the_request_saved_with_the_example_is_answered(logistic: ScoringServer, models: Path) -> None:
    body = (models / "logistic" / "serving_input_example.json").read_text()
    assert logistic.post(body).json() == {"predictions": [0, 0, 1, 1]}


@pytest.mark.parametrize("path", ["/ping", "/health"])
def test_a_probe_is_answered(logistic: ScoringServer, path: str) -> None:
    answer = logistic.get(path)
    assert (answer.status, answer.data, answer.headers["content-type"]) == (200, b"\n", JSON)


def test_the_version_is_that_of_the_distribution(logistic: ScoringServer) -> None:
    assert logistic.get("/version").data.decode() == mlflow.__version__


def test_what_is_not_there_is_said_as_mlflow_says_it(logistic: ScoringServer) -> None:
    assert (logistic.get("/nothing").status, logistic.get("/nothing").json()) == (404, {"detail": "Not Found"})
    wrong = logistic.get("/invocations")
    assert (wrong.status, wrong.json()) == (405, {"detail": "Method Not Allowed"})
    assert wrong.headers["allow"] == "POST"


@pytest.mark.parametrize("kind", [None, "text/plain", "application/json; charset=latin-1", "application/json; x=1", ""])
def test_another_content_type_is_refused_in_plain_text(logistic: ScoringServer, kind: str | None) -> None:
    answer = logistic.post(json.dumps(SPLIT), kind)
    assert answer.status == 415
    assert answer.headers["content-type"].startswith("text/plain")
    assert "application/json" in answer.data.decode()


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        pytest.param('{"dataframe_split": ', "BAD_REQUEST", "not JSON", id="half of an object"),
        pytest.param("[" * 100_000, "BAD_REQUEST", "nested", id="nested too deep"),
        pytest.param("", "BAD_REQUEST", "not JSON", id="empty"),
        pytest.param(b"\xff\xfe", "BAD_REQUEST", "not JSON", id="no text"),
        pytest.param({"data": [1]}, "BAD_REQUEST", "dataframe_split", id="no key"),
        pytest.param({**SPLIT, "inputs": [1]}, "BAD_REQUEST", "exactly one", id="two keys"),
        pytest.param({"inputs": {"age": [1.0]}}, "INVALID_PARAMETER_VALUE", "income", id="a column is missing"),
        pytest.param({"inputs": {"age": ["x"], "income": [1.0]}}, "BAD_REQUEST", "age", id="a text for a number"),
        pytest.param({**SPLIT, "params": [1]}, "INVALID_PARAMETER_VALUE", "dictionary", id="params are a list"),
    ],
)
def test_what_is_wrong_with_a_body_is_named(logistic: ScoringServer, body: object, code: str, words: str) -> None:
    answer = logistic.post(body)
    assert (answer.status, answer.json()["error_code"]) == (400, code)
    assert words in answer.json()["message"]
    assert logistic.post(SPLIT).status == 200


def test_a_model_that_raises_is_told_with_where_it_raised(free: ScoringServer) -> None:
    answer = free.post({"dataframe_records": [{"wanted": "fail"}]})
    failure = answer.json()
    assert (answer.status, failure["error_code"]) == (400, "BAD_REQUEST")
    assert "a model's own failure" in failure["message"]
    assert "free.py" in failure["stack_trace"]


def test_an_answer_that_json_cannot_hold_is_the_models_fault(free: ScoringServer) -> None:
    answer = free.post({"dataframe_records": [{"wanted": "object"}]})
    assert answer.status == 500
    assert "'object'" in answer.json()["message"]


def test_chat_requests_are_passed_on_and_answered_bare(free: ScoringServer) -> None:
    answer = free.post({"messages": [{"role": "user", "content": "hi"}]})
    assert answer.json()["kind"] == "dict"


def test_predictions_run_beside_each_other_and_probes_are_never_behind_them(free: ScoringServer, tmp_path: Path):
    before = taken(free)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(free.post, wait_for(tmp_path / "go")) for _ in range(3)]
        until(lambda: taken(free) == before + 2)  # which is asked through the server, whose two threads are busy
        assert free.get("/ping").status == 200
        assert not any(one.done() for one in waiting)
        (tmp_path / "go").touch()
        assert [one.result().status for one in waiting] == [200] * 3


def test_metrics_tell_of_stages_sizes_and_failures(free: ScoringServer) -> None:
    free.post({"inputs": [[1, 2], [3, 4], [5, 6]]})
    free.post("{")
    text = free.get("/metrics").data.decode()
    for stage in ("queue", "read", "predict", "write"):
        assert f'mlflow_scoring_stage_seconds_bucket{{le="0.001",stage="{stage}",variant="default"}}' in text
    assert 'mlflow_scoring_failures_total{error_code="BAD_REQUEST",variant="default"}' in text
    assert 'mlflow_http_requests_total{endpoint="/invocations",method="POST",status="200"}' in text
    for name in ("rows", "seconds", "request_bytes", "answer_bytes"):
        assert f"mlflow_scoring_{name}_count" in text


def test_the_document_has_the_models_own_columns(logistic: ScoringServer) -> None:
    document = logistic.get("/openapi.json").json()
    validate(document)
    body = document["paths"]["/invocations"]["post"]["requestBody"]["content"]
    records = next(form for form in body[JSON]["schema"]["oneOf"] if "dataframe_records" in form["properties"])
    assert records["properties"]["dataframe_records"]["items"]["required"] == ["age", "income"]
    assert ARROW in body


def test_only_who_has_the_token_is_answered(start_scoring: StartScoring) -> None:
    server = start_scoring("logistic", environment={"MLFLOW_SCORING_SERVER_TOKEN": "s3cret"})
    assert server.get("/ping").status == 200
    for path in ("/metrics", "/openapi.json", "/version"):
        assert server.get(path).status == 401
    refused = server.post(SPLIT, Authorization="Bearer other")
    assert (refused.status, refused.json()["error_code"]) == (401, "UNAUTHENTICATED")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert server.post(SPLIT, Authorization="Bearer s3cret").status == 200
    assert server.get("/openapi.json", Authorization="Bearer s3cret").json()["security"] == [{"token": []}]


def test_what_is_too_large_or_too_slow_is_refused(start_scoring: StartScoring, tmp_path: Path) -> None:
    limits = {"MLFLOW_SCORING_SERVER_MAX_REQUEST_BYTES": "1000", "MLFLOW_SCORING_SERVER_THREADS": "2"}
    server = start_scoring("free", "--timeout", "1", environment=limits)
    large = server.post({"inputs": "x" * 2000})
    assert large.status == 413
    assert "1000" in large.json()["message"]
    slow = server.post(wait_for(tmp_path / "go"))
    assert (slow.status, slow.json()["error_code"]) == (504, "DEADLINE_EXCEEDED")
    assert server.post({"inputs": [1]}).status == 200
    (tmp_path / "go").touch()


def test_a_server_without_a_thread_that_could_predict_fails_its_probes(models: Path, tmp_path: Path) -> None:
    with within(f"default={models / 'free'}:1", timeout=0.2, threads=1) as server:
        probes = ("/ping", "/health", "/v2/health/live", "/v2/health/ready")
        assert {server.get(path).status for path in probes} == {200}
        held = server.application._exchanges.threads._since
        until(lambda: server.post(wait_for(tmp_path / "go")).status == 504 and bool(held))
        until(lambda: {server.get(path).status for path in probes} == {503})
        (tmp_path / "go").touch()
        until(lambda: {server.get(path).status for path in probes} == {200})
        assert server.post({"inputs": [1]}).status in {200, 504}


def test_requests_in_flight_are_answered_when_the_server_is_told_to_stop(
    start_scoring: StartScoring, tmp_path: Path
) -> None:
    server = start_scoring("free")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(server.post, wait_for(tmp_path / "go"))
        until(lambda: taken(server) == 1)
        server.child.terminate()
        until(lambda: not server.answers())
        (tmp_path / "go").touch()
        assert waiting.result().status == 200
    assert server.child.wait() in {0, -signal.SIGTERM}


@pytest.mark.faults
def test_several_workers_share_the_port_and_count_together(start_scoring: StartScoring) -> None:
    server = start_scoring("free", "--workers", "2", environment={"MLFLOW_SCORING_SERVER_THREADS": "1"})
    until(lambda: "serves" in server.child.output)  # all of them have loaded the model; the first one answers before
    for _ in range(20):
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
            connection.request("POST", "/invocations", '{"inputs": [1]}', {"Content-Type": JSON})
            assert connection.getresponse().status == 200
    assert 'mlflow_scoring_rows_count{variant="default"} 20.0' in server.get("/metrics").data.decode()
    with pytest.raises(Exception, match=r"closed|reset|Remote"):  # the process that was asked is gone
        server.post({"dataframe_records": [{"wanted": "exit"}]})
    assert server.post({"inputs": [1]}).status == 200
    server.child.terminate()
    assert server.child.wait() in {0, -signal.SIGTERM}
