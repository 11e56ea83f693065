"""Connections that are slow on purpose, and answers in one packet."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlflow.asgi import protocol
from tests.server.served import Served, served


@pytest.fixture
def hasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server that waits half a second for the head of a request."""
    monkeypatch.setattr(protocol, "_HEAD_SECONDS", 0.5)
    with served(tmp_path) as server:
        yield server


def closed_after(connection: socket.socket, drip: bytes = b"") -> float:
    began = time.monotonic()
    connection.settimeout(0.1)
    while time.monotonic() - began < 8:
        try:
            if drip:
                connection.sendall(drip)
            if connection.recv(100) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


@pytest.mark.parametrize("begun", [b"", b"GET /health HTTP/1.1\r\nHost: localhost\r\n"], ids=["silent", "half a head"])
def test_a_connection_that_never_asks_is_closed(hasty: Served, begun: bytes):
    with socket.create_connection(("127.0.0.1", hasty.port)) as connection:
        connection.sendall(begun)
        assert 0.3 < closed_after(connection) < 5


def test_a_head_that_drips_is_cut_off(hasty: Served):
    with socket.create_connection(("127.0.0.1", hasty.port)) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\n")
        assert closed_after(connection, b"X-A: b\r\n") < 5


def test_a_connection_that_has_asked_may_rest(hasty: Served):
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=5) as connection:
        for _ in range(3):
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(4096).endswith(b"OK")
            time.sleep(0.7)


def test_a_slow_body_is_not_a_slow_head(hasty: Served):
    head = b"POST /api/2.0/mlflow/runs/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=5) as connection:
        connection.sendall(head + b"Content-Length: 2\r\n\r\n{")
        time.sleep(1.2)
        connection.sendall(b"}")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")


def test_head_and_body_of_an_answer_come_together(server: Served):
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        for _ in range(50):
            connection.sendall(b"GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(4096).endswith(b"\r\n\r\n3.17.2+1")


def test_an_answer_without_body_is_not_held_back(server: Served):
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(b"HEAD /version HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(4096).endswith(b"\r\n\r\n")


def test_a_client_that_waits_for_leave_to_send_gets_it(server: Served):
    head = b"PUT /api/2.0/mlflow-artifacts/artifacts/0/expected.bin HTTP/1.1\r\nHost: localhost\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(head + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(b"abc")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")
