"""A receiver of webhooks on 127.0.0.1 that remembers what it was sent."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple


class Received(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Answers with the status that its path begins with, `/200/…`; `/flaky` answers 503 until it was asked twice."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self._arrived = threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status = receiver.note(Received(self.path, dict(self.headers), body))
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{receiver.url}/200/elsewhere")
                self.end_headers()
                self.wfile.write(b"thanks")

            do_GET = do_POST  # noqa: N815 - the name that the server calls

            def log_message(self, *args: Any) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def note(self, request: Received) -> int:
        with self._arrived:
            self.received.append(request)
            self._arrived.notify_all()
            first = request.path.split("/")[1]
            if first == "flaky":
                return 200 if sum(seen.path == request.path for seen in self.received) > 2 else 503
            return int(first)

    def wait_for(self, count: int) -> list[Received]:
        """What was received, once it is so many."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.received) >= count, 30), self.received
            return list(self.received)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.close()
