"""HTTP as such: methods, unknown paths, bodies, connections."""

import gzip
import json
import socket
import time
from urllib.parse import quote

import pytest

from tests.server.served import JSON, Served


def talk(server: Served, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send bytes as they are and read until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        received = b""
        while block := connection.recv(1 << 16):
            received += block
        return received


def test_an_unknown_path_is_a_failure_in_json(server: Served):
    answer = server.get("/api/2.0/mlflow/nothing")
    assert (answer.status, answer.code) == (404, "ENDPOINT_NOT_FOUND")
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/api/2.0/mlflow/runs/create", "/api/2.0/mlflow/runs/search"])
def test_a_wrong_method_names_the_right_ones(server: Served, path: str):
    answer = server.get(path)
    assert (answer.status, answer.code, answer.headers["allow"]) == (405, "ENDPOINT_NOT_FOUND", "POST")


def test_head_is_get_without_the_body(server: Served):
    answer, head = server.get("/version"), server.send("HEAD", "/version")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == answer.headers["content-length"]


@pytest.mark.parametrize("path", ["/api/2.0/mlflow/runs/create", "/ajax-api/2.0/mlflow/runs/search", "/"])
def test_options_is_answered_empty(server: Served, path: str):
    answer = server.send("OPTIONS", path)
    assert (answer.status, answer.body) == (204, b"")


@pytest.mark.parametrize("below", ["/api", "/ajax-api"])
def test_both_bases_answer_alike(server: Served, below: str):
    answer = server.get(f"{below}/2.0/mlflow/experiments/get?experiment_id=0")
    assert answer.json["experiment"]["name"] == "Default"


def test_health_and_version_are_plain_texts(server: Served):
    assert server.get("/health").body == b"OK"
    assert server.get("/version").body == b"3.17.2+1"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 400, id="none"),
        pytest.param({"Content-Type": "text/plain"}, 400, id="text"),
        pytest.param({"Content-Type": "application/x-www-form-urlencoded"}, 400, id="form"),
        pytest.param({"Content-Type": "application/json; charset=utf-8"}, 200, id="json with parameters"),
        pytest.param({"Content-Type": "APPLICATION/JSON"}, 200, id="capitals"),
    ],
)
def test_a_post_must_say_it_is_json(server: Served, headers: dict[str, str], status: int):
    answer = server.send("POST", "/api/2.0/mlflow/runs/search", b"{}", headers)
    assert answer.status == status
    assert status == 200 or "Content-Type" in answer.json["message"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 100_000, id="nested lists"),
        pytest.param(b'{"a":' * 100_000, id="nested objects"),
        pytest.param(b"9" * 100_000, id="a long number"),
        pytest.param(b'{"run_id":"\\ud800","key":"k"}', id="a lone surrogate"),
        pytest.param(b"\xff\xfe\x00", id="no text"),
        pytest.param(b'{"run_id":1e999}', id="a number without bounds"),
    ],
)
def test_a_hostile_body_is_a_bad_request(server: Served, body: bytes):
    answer = server.send("POST", "/api/2.0/mlflow/runs/set-tag", body, JSON)
    assert 400 <= answer.status < 500
    assert answer.code in {"INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST"}


def test_a_body_over_the_limit_is_refused_and_the_server_goes_on(server: Served):
    answer = server.send("POST", "/api/2.0/mlflow/runs/search", b" " * ((64 << 20) + 1), JSON)
    assert (answer.status, answer.code) == (413, "INVALID_PARAMETER_VALUE")
    assert server.get("/health").status == 200


def test_a_query_with_too_many_parameters_is_refused(server: Served):
    query = "&".join(["run_id=x"] * 6000)
    answer = server.get(f"/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=m&{query}")
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize(
    "path", ["/%ff%fe", "/a%00b", "/api/2.0/mlflow/%2e%2e", "/?%zz", "/\\..\\x", "/C:/Windows", "/a%0ab", "//", "/" * 9]
)
def test_an_odd_path_is_no_failure_of_the_server(server: Served, path: str):
    assert server.get(path).status in {200, 400, 404}


def test_browsers_get_larger_answers_compressed_and_programs_as_they_are(server: Served):
    for number in range(20):
        server.new_experiment(f"compressed-{number}-{'x' * 100}")
    browser = {"User-Agent": "Mozilla/5.0 (X11)", "Accept-Encoding": "gzip, deflate, br"}
    path = "/api/2.0/mlflow/experiments/search?max_results=100"
    plain = server.get(path, {"User-Agent": "python-requests/2", "Accept-Encoding": "gzip, deflate"})
    packed = server.get(path, browser)
    assert (packed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert len(packed.body) < len(plain.body) / 4
    assert gzip.decompress(packed.body) == plain.body
    assert "content-encoding" not in server.get("/api/2.0/mlflow/experiments/get?experiment_id=0", browser).headers


def test_a_query_is_utf8(server: Served):
    experiment_id = server.new_experiment("größe/実験")
    answer = server.get(f"/api/2.0/mlflow/experiments/get-by-name?experiment_name={quote('größe/実験')}")
    assert answer.json["experiment"]["experiment_id"] == experiment_id


def test_a_body_that_comes_slowly_is_waited_for(server: Served):
    body = json.dumps({"name": "slow"}).encode()
    head = "POST /api/2.0/mlflow/experiments/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    answer = talk(server, head.encode(), *(body[i : i + 1] for i in range(len(body))), pause=0.01)
    assert answer.startswith(b"HTTP/1.1 200 OK")


def test_a_request_that_breaks_off_changes_nothing(server: Served):
    body = json.dumps({"name": "cut off"}).encode()
    head = "POST /api/2.0/mlflow/experiments/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body) + 1}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head.encode() + body)
    assert server.get("/api/2.0/mlflow/experiments/get-by-name?experiment_name=cut+off").status == 404


def test_a_chunked_body_is_taken(server: Served):
    head = b"POST /api/2.0/mlflow/experiments/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    assert b" 200 OK" in talk(server, head, b'8\r\n{"name":\r\n', b'a\r\n"chunked"}\r\n', b"0\r\n\r\n", pause=0.01)


def test_requests_sent_at_once_on_one_connection_are_answered_in_order(server: Served):
    ask = b"GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
    answers = talk(
        server, ask % (b"/health", b"") + ask % (b"/version", b"") + ask % (b"/health", b"Connection: close\r\n")
    )
    assert [part.rpartition(b"\r\n\r\n")[2] for part in answers.split(b"HTTP/1.1 ")[1:]] == [b"OK", b"3.17.2+1", b"OK"]


def test_a_connection_is_kept_for_the_next_request(server: Served):
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        for pause in (0.2, 5.5, 0):  # longer than uvicorn's own 5 s, at which a request met the closing
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(4096).endswith(b"OK")
            time.sleep(pause)


def test_a_head_without_end_is_refused(server: Served):
    line = b"X-Filler: " + b"x" * 8000 + b"\r\n"
    answer = talk(server, b"GET /health HTTP/1.1\r\nHost: localhost\r\n", *[line] * 10)
    assert answer.startswith(b"HTTP/1.1 431 ")


def test_who_goes_on_with_a_refused_head_gets_the_answer_and_is_cut_off_at_last(server: Served):
    line = b"X-Filler: " + b"x" * 8000 + b"\r\n"
    start = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
    assert talk(server, start, *[line] * 60).startswith(b"HTTP/1.1 431 ")
    with pytest.raises(ConnectionError), socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(start)
        for _ in range(10_000):
            connection.sendall(line)


def test_what_is_not_http_is_refused(server: Served):
    assert talk(server, b"\x16\x03\x01\x00\xa5\x01\x00\x00").startswith(b"HTTP/1.1 400 ")


def test_an_upgrade_that_is_not_offered_is_answered_plainly(server: Served):
    request = (
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(request)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")


def test_many_silent_connections_keep_nobody_out(server: Served):
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(300)]
    try:
        assert server.get("/health").status == 200
    finally:
        for connection in silent:
            connection.close()


def test_a_filter_is_told_right_from_wrong_without_a_search(server: Served):
    def parsed(filter: str, **more: str) -> object:
        return server.post("/api/ext/v1/filter/parse", {"filter": filter, **more}).json

    assert parsed("metrics.loss < 0.5 AND params.kind = 'a'") == {"ok": True, "error": None}
    assert parsed("") == {"ok": True, "error": None}
    wrong = parsed("params.lr > 0.01")
    assert isinstance(wrong, dict)
    assert wrong["ok"] is False
    error = wrong["error"]
    assert (error["start"], error["end"]) == (10, 11)
    assert error["message"].startswith("Found '>' at character 11; expected one of =")
    assert "=" in error["expected"]
    missing = parsed("metrics.loss <")
    assert isinstance(missing, dict)
    assert missing["error"]["start"] == missing["error"]["end"] == 14
    assert parsed("metrics.loss < 1", of="registered_models") != parsed("name LIKE '%x%'", of="registered_models")
    assert server.post("/api/ext/v1/filter/parse", {"filter": "", "of": "dogs"}).status == 400
