"""What a client takes a server for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mlflow.exceptions import TemporarilyUnavailable
from mlflow.remote.server import extensions
from mlflow.remote.transport import Transport


class Answering(BaseHTTPRequestHandler):
    """Answers every request with the server's `reply`: a status and a body."""

    def do_GET(self) -> None:  # the name http.server calls
        status, body = self.server.reply  # type: ignore[attr-defined]  # set by the fixture
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield served
        served.shutdown()
        thread.join()


def asked(server: ThreadingHTTPServer, status: int, body: bytes) -> int:
    server.reply = (status, body)  # type: ignore[attr-defined]  # read by Answering
    transport = Transport(f"http://127.0.0.1:{server.server_port}", max_retries=0)
    try:
        return extensions(transport)
    finally:
        transport.close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(404, b"<html>not found</html>", id="no such route"),
        pytest.param(404, b'{"error_code":"ENDPOINT_NOT_FOUND","message":"no"}', id="no such route, as JSON"),
        pytest.param(200, b'{"store_type":"SqlStore"}', id="a published server"),
        pytest.param(200, b"<html>a page</html>", id="something else"),
    ],
)
def test_a_server_without_extensions_is_told_by_its_answer(
    server: ThreadingHTTPServer, status: int, body: bytes
) -> None:
    assert asked(server, status, body) == 0


def test_a_server_that_is_starting_is_not_taken_for_one_without_extensions(server: ThreadingHTTPServer) -> None:
    with pytest.raises(TemporarilyUnavailable):
        asked(server, 503, b'{"error_code":"TEMPORARILY_UNAVAILABLE","message":"starting"}')
