"""A lean HTTP load generator: prebuilt request bytes over many keep-alive connections, one thread, one selector."""

import json
import selectors
import socket
import time
from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple

CHUNK = 1 << 18


class Load(NamedTuple):
    """What came of it. ``silence`` is the longest time, in seconds, in which not one answer arrived.

    ``latencies`` are the seconds from the first byte of each request to the last of its answer, where that was a 200.
    """

    seconds: float
    answered: int
    refused: int
    silence: float
    bodies: list[bytes]
    latencies: list[float]

    def quantile(self, share: float) -> float:
        """The latency, in seconds, that this share of the answers did not exceed; NaN without an answer."""
        if not self.latencies:
            return float("nan")
        return sorted(self.latencies)[min(int(share * len(self.latencies)), len(self.latencies) - 1)]

    @property
    def rate(self) -> float:
        """Requests answered with 200, a second."""
        return self.answered / self.seconds


def request(method: str, path: str, body: bytes = b"", port: int = 80, kind: str = "application/json") -> bytes:
    """The bytes of one HTTP/1.1 request."""
    head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Type: {kind}"]
    return "\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body


def post(path: str, content: Any, port: int) -> bytes:
    """A POST of ``content`` as JSON to a path below /api/2.0/mlflow/."""
    return request("POST", f"/api/2.0/mlflow/{path}", json.dumps(content).encode(), port)


class Connection:
    """One keep-alive connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.unsent = memoryview(b"")
        self.received = bytearray()
        self.expected = -1
        self.began = 0.0

    def begin(self, payload: bytes) -> None:
        self.began = time.perf_counter()
        self.unsent = memoryview(payload)
        self.received.clear()
        self.expected = -1
        self.send()

    def send(self) -> None:
        try:
            self.unsent = self.unsent[self.socket.send(self.unsent) :]
        except BlockingIOError:
            return

    def receive(self) -> bool:
        """Read what is there; True when the answer is complete."""
        data = self.socket.recv(CHUNK)
        if not data:
            raise ConnectionError("the server closed the connection in the middle of an answer")
        self.received += data
        if self.expected < 0:
            self._read_head()
        return 0 <= self.expected <= len(self.received)

    def _read_head(self) -> None:
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        for line in bytes(self.received[:end]).lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                self.expected = end + 4 + int(line[15:])
                return
        raise ConnectionError(f"an answer without Content-Length: {bytes(self.received[:200])!r}")

    @property
    def status(self) -> int:
        return int(self.received[9:12])

    @property
    def body(self) -> bytes:
        return bytes(self.received[self.received.find(b"\r\n\r\n") + 4 :])


class Generator:
    """Keeps every connection busy until the requests are used up or the time is over."""

    def __init__(self, port: int, connections: int, keep: bool) -> None:
        self.port, self.keep = port, keep
        self.selector = selectors.DefaultSelector()
        self.connections = [Connection(port) for _ in range(connections)]
        self.answered = self.refused = self.busy = 0
        self.silence = 0.0
        self.bodies: list[bytes] = []
        self.latencies: list[float] = []

    def run(self, requests: Iterable[bytes], seconds: float) -> Load:
        waiting = deque(requests)
        began = self.last = time.perf_counter()
        deadline = began + seconds
        for connection in self.connections:
            self.selector.register(connection.socket, selectors.EVENT_READ, connection)
            self._next(connection, waiting)
        while self.busy and time.perf_counter() < deadline:
            for key, events in self.selector.select(0.5):
                self._step(key.data, events, waiting)
        now = time.perf_counter()
        self.silence = max(self.silence, now - self.last)
        for connection in self.connections:
            connection.socket.close()
        self.selector.close()
        return Load(now - began, self.answered, self.refused, self.silence, self.bodies, self.latencies)

    def _step(self, connection: Connection, events: int, waiting: deque[bytes]) -> None:
        if events & selectors.EVENT_WRITE:
            connection.send()
            self._watch(connection)
        if events & selectors.EVENT_READ:
            try:
                complete = connection.receive()
            except ConnectionError:
                self._replace(connection, waiting)
            else:
                if complete:
                    self._count(connection)
                    self._next(connection, waiting)

    def _replace(self, connection: Connection, waiting: deque[bytes]) -> None:
        """Count a dropped connection as a refused request and go on with a new one."""
        self.selector.unregister(connection.socket)
        connection.socket.close()
        self.busy -= 1
        self.refused += 1
        fresh = Connection(self.port)
        self.connections[self.connections.index(connection)] = fresh
        self.selector.register(fresh.socket, selectors.EVENT_READ, fresh)
        self._next(fresh, waiting)

    def _next(self, connection: Connection, waiting: deque[bytes]) -> None:
        if waiting:
            connection.begin(waiting.popleft())
            self.busy += 1
            self._watch(connection)

    def _watch(self, connection: Connection) -> None:
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.unsent else 0)
        self.selector.modify(connection.socket, events, connection)

    def _count(self, connection: Connection) -> None:
        now = time.perf_counter()
        self.silence = max(self.silence, now - self.last)
        self.last = now
        self.busy -= 1
        if connection.status == 200:
            self.answered += 1
            self.latencies.append(now - connection.began)
            if self.keep:
                self.bodies.append(connection.body)
        else:
            self.refused += 1


def drive(port: int, requests: Iterable[bytes], connections: int, seconds: float = 60.0, keep: bool = False) -> Load:
    """Send ``requests`` over ``connections`` for at most ``seconds``; ``keep`` returns the bodies as they arrived."""
    return Generator(port, connections, keep).run(requests, seconds)


def call(port: int, payload: bytes) -> tuple[float, bytes]:
    """Send one request on a connection of its own; seconds from its first byte to the answer's last, and the body."""
    return ask(Connection(port), [payload])[0]


def ask(connection: Connection, payloads: Iterable[bytes]) -> list[tuple[float, bytes]]:
    """Send requests one after another on a connection, so that one worker process answers them all; then close it."""
    connection.socket.setblocking(True)
    with connection.socket:
        return [exchange(connection, payload) for payload in payloads]


def exchange(connection: Connection, payload: bytes) -> tuple[float, bytes]:
    """Send one request and read its answer; raises when that is neither a 200 nor a 206."""
    connection.received.clear()
    connection.expected = -1
    began = time.perf_counter()
    connection.socket.sendall(payload)
    while not connection.receive():
        continue
    took = time.perf_counter() - began
    if connection.status not in {200, 206}:
        raise RuntimeError(f"{payload[:80]!r} was answered with {connection.status}: {connection.body[:500]!r}")
    return took, connection.body
