"""HTTP as no good client speaks it: each request is answered, refused or cut off, and the server goes on."""

import gzip
import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.serving.requests import CSV
from tests.serving.samples import JSON, ScoringServer, serving

BODY = b'{"dataframe_split": {"columns": ["age", "income"], "data": [[70, 5]]}}'
ANSWER = b'{"predictions": [1]}'
INVOCATIONS = "POST /invocations HTTP/1.1"
CLOSE = "Connection: close"
CHUNKED = "Transfer-Encoding: chunked"


@pytest.fixture(scope="module")
def server(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScoringServer]:
    """A server that waits five seconds for a request."""
    with serving(models / "logistic", tmp_path_factory.mktemp("http"), "--timeout", "5") as found:
        yield found


def message(*headers: str, body: bytes = b"", first: str = INVOCATIONS, kind: str = JSON, length: bool = True) -> bytes:
    """A request as it goes over the wire; `length` says whether it tells its own."""
    told = [f"Content-Length: {len(body)}"] if length else []
    head = "\r\n".join([first, "Host: x", f"Content-Type: {kind}", *headers, *told])
    return f"{head}\r\n\r\n".encode("latin-1") + body


def answers(server: ScoringServer, sent: bytes) -> list[tuple[int, bytes]]:
    """Status and body of each answer, until the server closes the connection."""
    received = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(sent)
        try:
            while part := connection.recv(1 << 16):
                received += part
        except ConnectionResetError:
            pass  # what the server did not want to read
    assert server.get("/ping").status == 200
    heads = list(re.finditer(rb"HTTP/1[.]1 (\d+) .*?\r\n\r\n", received, re.DOTALL))
    ends = [head.start() for head in heads[1:]] + [len(received)]
    return [(int(head[1]), received[head.end() : end]) for head, end in zip(heads, ends, strict=True)]


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*parts, b""))


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        pytest.param(message(CLOSE, body=BODY), [200], id="as it should be"),
        pytest.param(message(CHUNKED, CLOSE, body=chunked(BODY[:9], BODY[9:]), length=False), [200], id="chunks"),
        pytest.param(message(body=BODY) * 2 + message(CLOSE, body=BODY), [200, 200, 200], id="pipelined"),
        pytest.param(message("Expect: 100-continue", CLOSE, body=BODY), [100, 200], id="expects to go on"),
        pytest.param(message(body=BODY, first="POST /invocations HTTP/1.0"), [200], id="HTTP/1.0"),
        pytest.param(message(CLOSE, body="\ufeffage,income\n70,5\n".encode(), kind=CSV), [200], id="CSV with a mark"),
        pytest.param(message(CLOSE, body="age,income\n70,5\n".encode("utf-16"), kind=CSV), [400], id="CSV in UTF-16"),
        pytest.param(message(CLOSE, body=b"age,inc\xf6me\n70,5\n", kind=CSV), [400], id="CSV in Latin-1"),
        pytest.param(message(CLOSE, body=b"age,income\n1,70,5\n", kind=CSV), [400], id="CSV with a value too many"),
        pytest.param(message(CLOSE, body=b"age,income\n7\x000,5\n", kind=CSV), [400], id="CSV with NUL"),
        pytest.param(message(CLOSE, body=b'{"inputs":' + b"[" * 100_000), [400], id="nested without end"),
        pytest.param(message(CLOSE, body=BODY.replace(b"70", b"7" * 5000)), [400], id="a number of 5,000 digits"),
        pytest.param(message(CLOSE, body=BODY.replace(b"70", b"1e400")), [400], id="more than a double holds"),
        pytest.param(message(CLOSE, body=BODY.replace(b"70", b"NaN")), [400], id="not a number"),
        pytest.param(message("Content-Encoding: gzip", CLOSE, body=gzip.compress(BODY)), [415], id="packed"),
        pytest.param(message("Content-Length: 99999999999", CLOSE, length=False), [413], id="announced as too large"),
        *(
            pytest.param(message(CLOSE, first=f"{method} /invocations HTTP/1.1"), [405], id=method)
            for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE")
        ),
        *(
            pytest.param(message(first=f"{method} HTTP/1.1"), [400], id=method)
            for method in ("BREW /invocations", "post /invocations", "CONNECT x:1")
        ),
        pytest.param(message(CLOSE, first="OPTIONS * HTTP/1.1"), [404], id="OPTIONS *"),
        pytest.param(message(CLOSE, first="GET /../../etc/passwd HTTP/1.1"), [404], id="a path that climbs"),
        pytest.param(message(CLOSE, first="GET /%00%ff HTTP/1.1"), [404], id="a path that is no text"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400], id="HTTP/2"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01" + bytes(50) + b"\r\n\r\n", [400], id="TLS"),
        pytest.param(message("X-A: a\x00b", body=BODY), [400], id="NUL in a header"),
        pytest.param(message("X-A: " + "a" * 300_000), [431], id="a header without end"),
    ],
)
def test_odd_requests_get_the_status_of_what_is_wrong(server: ScoringServer, sent: bytes, statuses: list[int]) -> None:
    found = answers(server, sent)
    assert [status for status, _ in found] == statuses
    assert all(body == ANSWER for status, body in found if status == 200)
    for status, body in found:
        if status in {400, 413} and body != b"Invalid HTTP request received.":
            assert {"error_code", "message"} <= json.loads(body).keys()


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(["Content-Length: 5", CHUNKED], id="length before chunks"),
        pytest.param([CHUNKED, "Content-Length: 5"], id="chunks before length"),
        pytest.param(["Content-Length: 5", "Content-Length: 6"], id="two lengths"),
        pytest.param(["Transfer-Encoding: xchunked"], id="no such coding"),
        pytest.param(["Transfer-Encoding : chunked"], id="a blank before the colon"),
        pytest.param(["Content-Length: -1"], id="less than nothing"),
        pytest.param(["Content-Length: +5"], id="a sign"),
        pytest.param(["Content-Length: 5 "] * 2 + ["Content-Length: 0"], id="three lengths"),
    ],
)
def test_a_request_of_two_lengths_smuggles_no_other(server: ScoringServer, headers: list[str]) -> None:
    hidden = b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n"
    found = answers(server, message(*headers, body=b"0\r\n\r\n" + hidden, length=False))
    assert [status for status, _ in found] == [400]


def test_a_body_that_never_comes_ends_with_the_time_limit(server: ScoringServer) -> None:
    halves = [
        message("Content-Length: 90", CLOSE, body=b"{", length=False),
        message(CHUNKED, CLOSE, body=b"5\r\n{", length=False),
    ]
    with ThreadPoolExecutor() as clients:
        found = [clients.submit(answers, server, half) for half in halves]
    for ((status, body),) in (one.result() for one in found):
        assert (status, json.loads(body)["error_code"]) == (504, "DEADLINE_EXCEEDED")


def test_duplicate_keys_are_read_as_python_reads_them(server: ScoringServer) -> None:
    ((status, body),) = answers(server, message(CLOSE, body=BODY[:-1] + b"," + BODY[1:].replace(b"70", b"20")))
    assert (status, body) == (200, b'{"predictions": [0]}')
