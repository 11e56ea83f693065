"""What a web page in somebody's browser can do to a server on their machine or network."""

import json
from pathlib import Path

import pytest

from mlflow.server.security import Security
from mlflow.server.settings import ServerSettings
from tests.server.served import JSON, Served, served

EVIL = "https://evil.example"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:5000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example#127.0.0.1",
        "",
        "8.8.8.8",
        "172.32.0.1",
        "[2001:db8::1]",
        "169.254.169.254",
        "localhost evil.example",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/2.0/mlflow/experiments/get?experiment_id=0", "/metrics", "/openapi.json"])
def test_a_foreign_name_for_this_server_is_refused_cve_2025_14279(server: Served, host: str, path: str):
    answer = server.get(path, {"Host": host})
    assert (answer.status, answer.body) == (403, b"Invalid Host header - possible DNS rebinding attack detected")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:5000",
        "127.0.0.1:5000",
        "0.0.0.0:80",
        "[::1]",
        "[::1]:5000",
        "10.1.2.3",
        "192.168.0.9:5000",
        "172.16.0.1",
        "172.31.255.255",
        "[fd12::1]:5000",
    ],
)
def test_names_of_this_machine_and_of_private_networks_are_taken(server: Served, host: str):
    assert server.get("/api/2.0/mlflow/experiments/get?experiment_id=0", {"Host": host}).status == 200


@pytest.mark.parametrize("path", ["/health", "/version"])
def test_probes_may_use_any_name(server: Served, path: str):
    assert server.get(path, {"Host": "10-0-0-1.pod.cluster.example"}).status == 200


def test_two_hosts_are_no_host(server: Served):
    import socket

    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
        assert connection.recv(4096).startswith((b"HTTP/1.1 403 ", b"HTTP/1.1 400 "))


@pytest.mark.parametrize(
    ("allowed", "host", "status"),
    [
        (("mlflow.example.com",), "mlflow.example.com:443", 200),
        (("mlflow.example.com",), "localhost", 403),
        (("*.example.com",), "a.b.example.com", 200),
        (("*.example.com",), "example.com.evil.example", 403),
        (("[::1]:*",), "[::1]:5000", 200),
        (("[::1]:*",), ":", 403),
        (("*",), "anything.example", 200),
    ],
)
def test_allowed_hosts_are_those_of_the_option(tmp_path: Path, allowed: tuple[str, ...], host: str, status: int):
    with served(tmp_path, allowed_hosts=allowed) as server:
        assert server.get("/api/2.0/mlflow/experiments/get?experiment_id=0", {"Host": host}).status == status


STATE_CHANGES = [
    pytest.param("POST", "/api/2.0/mlflow/experiments/create", id="create"),
    pytest.param("POST", "/ajax-api/2.0/mlflow/runs/delete", id="delete"),
    pytest.param("POST", "/api/ext/v1/journals/x/frames", id="journal"),
    pytest.param("POST", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=x&path=y", id="upload to a run"),
    pytest.param("PUT", "/api/2.0/mlflow-artifacts/artifacts/x", id="upload"),
    pytest.param("DELETE", "/api/2.0/mlflow-artifacts/artifacts/x", id="remove"),
    pytest.param("POST", "/no/such/path", id="an unknown path"),
]


@pytest.mark.parametrize("origin", [EVIL, "null", "https://localhost.evil.example", "http://[", "https://evil:5000"])
@pytest.mark.parametrize(("method", "path"), STATE_CHANGES)
def test_a_page_elsewhere_changes_nothing_cve_2023_43472_cve_2026_2611(
    server: Served, method: str, path: str, origin: str
):
    answer = server.send(method, path, b"{}", {**JSON, "Origin": origin})
    assert (answer.status, answer.body) == (403, b"Cross-origin request blocked")
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_cannot_speak_to_the_api_cve_2023_43472_cve_2025_1473(server: Served, kind: str):
    body = json.dumps({"name": "drive-by"}).encode()
    answer = server.send("POST", "/api/2.0/mlflow/experiments/create", body, {"Content-Type": kind} if kind else {})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert server.get("/api/2.0/mlflow/experiments/get-by-name?experiment_name=drive-by").status == 404


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:8080"])
def test_pages_of_this_machine_may_use_the_api(server: Served, origin: str):
    answer = server.post("runs/search", headers={"Origin": origin})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, origin)


def test_the_servers_own_page_may_use_the_api(server: Served):
    headers = {"Host": "192.168.0.9:5000", "Origin": "http://192.168.0.9:5000"}
    assert server.post("runs/search", headers=headers).status == 200


def test_a_preflight_tells_foreign_pages_nothing(server: Served):
    headers = {"Origin": EVIL, "Access-Control-Request-Method": "POST"}
    answer = server.send("OPTIONS", "/api/2.0/mlflow/runs/create", headers=headers)
    assert answer.status == 204
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_foreign_page_cannot_read_an_answer(server: Served):
    answer = server.get("/api/2.0/mlflow/experiments/get?experiment_id=0", {"Origin": EVIL})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://app.example.com", 200), ("https://app.example.com.evil.example", 403), ("http://app.example.com", 403)],
)
def test_allowed_origins_are_those_of_the_option(tmp_path: Path, origin: str, status: int):
    with served(tmp_path, cors_allowed_origins=("https://*.example.com",)) as server:
        answer = server.post("runs/search", headers={"Origin": origin})
        assert answer.status == status
        assert answer.headers.get("access-control-allow-origin") == (origin if status == 200 else None)


@pytest.mark.parametrize("path", ["/", "/health", "/docs", "/openapi.json", "/nothing", "/api/2.0/mlflow/runs/get"])
def test_every_answer_has_the_headers_of_safety(server: Served, path: str):
    for method in ("GET", "POST", "OPTIONS"):
        for headers in ({}, {"Host": "evil.example"}, {"Origin": EVIL}):
            answer = server.send(method, path, b"" if method == "POST" else None, headers)
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["x-frame-options"] == "SAMEORIGIN"


SCRIPT = b"<script>fetch('/api/2.0/mlflow/experiments/search')</script>"


@pytest.mark.parametrize(
    "name",
    ["page.html", "page.xhtml", "image.svg", "feed.xml", "page.htm", "MLmodel", "data.json", "x.js", "noextension"],
)
def test_an_artifact_never_runs_as_a_page_of_the_server_cve_2024_27132_cve_2026_33865(server: Served, name: str):
    run_id = server.new_run()
    path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/{name}"
    server.send("PUT", path, SCRIPT, {"Content-Type": "text/html"})
    for answer in (server.get(path), server.get(f"/get-artifact?run_id={run_id}&path={name}")):
        assert answer.body == SCRIPT
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox;")


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "image/png"), ("a.mp4", "video/mp4"), ("a.pdf", "application/pdf")]
)
def test_media_are_shown_in_place_but_sandboxed(server: Served, name: str, kind: str):
    run_id = server.new_run()
    server.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/{name}", SCRIPT)
    answer = server.get(f"/get-artifact?run_id={run_id}&path={name}")
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.headers["content-security-policy"].startswith("sandbox;")


def test_a_file_name_cannot_add_headers(server: Served):
    run_id = server.new_run()
    name = "a%0d%0aSet-Cookie:%20x=y%22.html"
    server.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/{name}", b"x")
    answer = server.get(f"/get-artifact?run_id={run_id}&path={name}")
    assert "set-cookie" not in answer.headers
    assert answer.body == b"x"


def test_a_failure_is_json_and_reflects_no_markup_cve_2023_6568(server: Served):
    answer = server.get("/api/2.0/mlflow/<script>alert(1)</script>")
    assert answer.headers["content-type"] == "application/json"
    answer = server.send("POST", "/api/2.0/mlflow/runs/get", b"", {"Content-Type": "<script>alert(1)</script>"})
    assert answer.headers["content-type"] == "application/json"


def test_a_failure_inside_the_server_tells_nothing_of_it(tmp_path: Path):
    with served(tmp_path) as server:

        def broken(*args: object) -> bytes:
            raise RuntimeError("password=hunter2")

        for endpoint in server.application.table:
            if endpoint.route.name == "get_run":
                object.__setattr__(endpoint, "encoded", broken)
        answer = server.get("/api/2.0/mlflow/runs/get?run_id=x")
    assert (answer.status, answer.code) == (500, "INTERNAL_ERROR")
    assert b"hunter2" not in answer.body
    assert b"Traceback" not in answer.body


def test_the_check_of_hosts_keeps_no_more_than_it_must():
    security = Security(lambda *_: None, ServerSettings(backend_store_uri="sqlite://"))  # type: ignore[arg-type]
    for number in range(5000):
        security._host_allowed(f"h{number}.example")
    assert security._host_allowed.cache_info().currsize <= 1024
