"""What the options of `mlflow server` change."""

import socket
from pathlib import Path

import pytest

from tests.server.samples import make_things
from tests.server.served import Served, application_of, served, serving


def test_everything_answers_below_the_static_prefix(tmp_path: Path):
    with served(tmp_path, static_prefix="/team/mlflow") as server:
        assert server.get("/team/mlflow/health").body == b"OK"
        assert server.get("/team/mlflow").status == 200
        assert server.get("/team/mlflow/").status == 200
        answer = server.post("/team/mlflow/api/2.0/mlflow/experiments/create", {"name": "x"})
        path = f"/team/mlflow/api/2.0/mlflow-artifacts/artifacts/{answer.json['experiment_id']}/a.txt"
        assert server.send("PUT", path, b"a").status == 200
        assert server.get(path).body == b"a"
        assert server.get("/team/api/2.0/mlflow/experiments/get?experiment_id=0").status == 404


def test_a_proxy_may_cut_the_prefix_off(tmp_path: Path):
    with served(tmp_path, static_prefix="/team/mlflow") as server:
        assert server.get("/health").body == b"OK"
        assert server.get("/api/2.0/mlflow/experiments/get?experiment_id=0").status == 200


def test_the_document_names_the_prefix(tmp_path: Path):
    with served(tmp_path, static_prefix="/pre") as server:
        paths = server.get("/pre/openapi.json").json["paths"]
    assert all(path.startswith("/pre/") for path in paths)


def test_a_root_path_given_to_uvicorn_is_not_part_of_the_path(tmp_path: Path):
    with serving(application_of(tmp_path), root_path="/outer") as server:
        assert server.get("/health").body == b"OK"
        assert server.get("/api/2.0/mlflow/experiments/get?experiment_id=0").status == 200


@pytest.fixture
def artifacts_only(tmp_path: Path):
    database = tmp_path / "unused.db"
    with served(tmp_path, artifacts_only=True, backend_store_uri=f"sqlite:///{database}") as server:
        yield server
    assert not database.exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/2.0/mlflow/runs/create"),
        ("GET", "/api/2.0/mlflow/experiments/get?experiment_id=0"),
        ("GET", "/api/2.0/mlflow/artifacts/list?run_id=x"),
        ("GET", "/get-artifact?run_id=x&path=y"),
        ("POST", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=x&path=y"),
        ("GET", "/api/ext/v1/metrics/history?run_id=x&metric_key=y"),
        ("GET", "/api/ext/v1/events?topics=exp:0"),
    ],
)
def test_a_server_of_artifacts_only_refuses_the_rest(artifacts_only: Served, method: str, path: str):
    body = b'{"experiment_id":"0"}' if method == "POST" else None
    answer = artifacts_only.send(method, path, body, {"Content-Type": "application/json"})
    assert answer.status == 503
    assert "--artifacts-only" in answer.json["message"]


def test_a_server_of_artifacts_only_serves_artifacts(artifacts_only: Served):
    path = "/api/2.0/mlflow-artifacts/artifacts/7/a.txt"
    assert artifacts_only.send("PUT", path, b"a").status == 200
    assert artifacts_only.get(path).body == b"a"


def test_without_serving_artifacts_the_proxy_is_off_and_the_rest_works(tmp_path: Path):
    root = tmp_path / "mlruns"
    with served(tmp_path, serve_artifacts=False, default_artifact_root=str(root)) as server:
        refused = server.get("/api/2.0/mlflow-artifacts/artifacts?path=x")
        assert refused.status == 503
        assert "--no-serve-artifacts" in refused.json["message"]
        assert server.post("/api/ext/v1/artifacts/uploads", {"path": "x", "size": 1}).status == 503
        run_id = server.new_run()
        run = server.get(f"/api/2.0/mlflow/runs/get?run_id={run_id}").json["run"]
        assert run["info"]["artifact_uri"] == f"{root}/0/{run_id}/artifacts"


@pytest.mark.parametrize(("option", "header"), [("DENY", "DENY"), ("NONE", None)])
def test_the_frame_header_is_as_the_option_says(tmp_path: Path, option: str, header: str | None):
    with served(tmp_path, x_frame_options=option) as server:
        assert server.get("/health").headers.get("x-frame-options") == header


def test_nothing_is_checked_without_the_security_middleware(tmp_path: Path):
    with served(tmp_path, disable_security_middleware=True) as server:
        assert server.get("/version", {"Host": "elsewhere.example"}).status == 200
        assert server.post("runs/search", headers={"Origin": "https://evil.example"}).status == 200


def test_a_server_listens_on_ipv6(tmp_path: Path):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as reason:
        pytest.skip(f"this machine has no IPv6: {reason}")
    with (
        serving(application_of(tmp_path), host="::1") as server,
        socket.create_connection(("::1", server.port)) as connection,
    ):
        connection.sendall(b"GET /version HTTP/1.1\r\nHost: [::1]:%d\r\n\r\n" % server.port)
        assert connection.recv(4096).endswith(b"3.17.2+1")


def test_what_is_stored_is_there_after_a_restart(tmp_path: Path):
    with served(tmp_path) as server:
        things = make_things(server)
        before = server.get(f"/api/2.0/mlflow/runs/get?run_id={things.run_id}").json
    with served(tmp_path) as server:
        assert server.get(f"/api/2.0/mlflow/runs/get?run_id={things.run_id}").json == before
