"""HTTP to one server: requests, retries, sign-on."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

import msgspec
import urllib3

from mlflow.environment_variables import (
    MLFLOW_ALLOW_HTTP_REDIRECTS,
    MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR,
    MLFLOW_HTTP_REQUEST_BACKOFF_JITTER,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES,
    MLFLOW_HTTP_REQUEST_TIMEOUT,
    MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER,
)
from mlflow.exceptions import (
    InvalidUrlException,
    MlflowException,
    ResourceDoesNotExist,
    RestException,
    Unreachable,
    get_error_code,
    rest_exception,
)
from mlflow.remote.pool import open_pool

__all__ = ["PASSING", "Answer", "HeaderProvider", "Transport", "tried_once"]

_random = random.SystemRandom()  # drawing from the program's own stream would change its results

HeaderProvider = Callable[[], Mapping[str, str]]
Body = bytes | Iterable[bytes] | None

_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
PASSING = frozenset(
    {
        "DEADLINE_EXCEEDED",
        "INTERNAL_ERROR",
        "REQUEST_LIMIT_EXCEEDED",
        "RESOURCE_EXHAUSTED",
        "TEMPORARILY_UNAVAILABLE",
    }
)
"""Error codes of failures after which a request is tried again."""

_CHUNK = 1 << 20  # bytes read at a time from a streamed answer
_LONGEST_PAUSE = 120.0  # seconds
_MAX_REDIRECTS = 5
_SOON = 5.0  # seconds that a connection may take where the caller comes again

_once: ContextVar[bool] = ContextVar("tried_once", default=False)


@dataclass(frozen=True)
class Answer:
    """A successful answer: its status, headers and, unless it was streamed, its whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    _stream: urllib3.BaseHTTPResponse | None = field(default=None, repr=False)

    def chunks(self, size: int = _CHUNK) -> Iterator[bytes]:
        """The body of a streamed answer, in pieces; the connection goes back to the pool at its end."""
        if self._stream is None:
            yield self.body
            return
        try:
            yield from self._stream.stream(size, decode_content=True)
        except urllib3.exceptions.HTTPError as exc:
            raise Unreachable(f"The connection broke while reading the answer: {exc}. Try again.") from exc
        finally:
            self._stream.release_conn()


@contextmanager
def tried_once() -> Iterator[None]:
    """Have each request in the block tried once, and a connection given up soon.

    For callers that come again by themselves: seven tries with growing pauses keep a thread for four minutes, also when
    the server has been back for three of them.
    """
    token = _once.set(True)
    try:
        yield
    finally:
        _once.reset(token)


class Transport:
    """Requests to one server, over pooled connections that keep alive and send without delay.

    Args:
        uri: the server's address, such as `http://127.0.0.1:5000`, with its static prefix; it may hold user and
            password.
        headers: called for each request; gives sign-on and plugins' headers.
        max_retries: how often to try again after a refused connection or a passing failure; the environment's when
            omitted.
        timeout: seconds to wait for an answer; the environment's when omitted.
        passing: error codes of failures after which a request is tried again.

    Safe to use from several threads; a forked child opens its own connections.
    """

    def __init__(
        self,
        uri: str,
        headers: HeaderProvider | None = None,
        max_retries: int | None = None,
        timeout: float | None = None,
        passing: frozenset[str] = PASSING,
    ) -> None:
        parsed = urllib3.util.parse_url(uri)
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise InvalidUrlException(f"'{uri}' is no server's address; give one like http://127.0.0.1:5000.")
        self.uri = parsed._replace(auth=None, query=None, fragment=None).url.rstrip("/")
        self._own_headers = urllib3.make_headers(basic_auth=unquote(parsed.auth)) if parsed.auth else {}
        self._headers = headers or dict
        self._max_retries = max_retries
        self._timeout = timeout
        self._passing = passing
        self._lock = threading.Lock()
        self._pool: tuple[int, urllib3.PoolManager] | None = None

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Iterable[tuple[str, Any]] = (),
        body: Body = None,
        headers: Mapping[str, str] = {},
        stream: bool = False,
        absent_when_repeated: bool = False,
    ) -> Answer:
        """Send a request and wait for its answer.

        A body that is an iterator is sent once; any other request is tried again after passing failures.

        Args:
            method: the HTTP method.
            path: below the server's address.
            query: parameters of the query string.
            body: the body, or its parts.
            headers: beyond those of every request.
            stream: leave the body of the answer to `Answer.chunks`.
            absent_when_repeated: when the answer to an earlier attempt may have been lost, take "there is no such
                thing" for success: that attempt has removed it.

        Raises:
            Unreachable: no connection could be made, or it broke.
            RestException: the server answered with a failure; also of the class that its error code names.
        """
        url = f"{self.uri}{path}" + (f"?{urlencode(list(query))}" if query else "")
        repeatable = body is None or isinstance(body, bytes)
        retries = self.max_retries if repeatable else 0
        for attempt in range(retries + 1):
            last = attempt == retries
            try:
                answer = self._send(method, url, body, headers, stream=stream)
            except urllib3.exceptions.HTTPError as exc:
                if last:
                    raise _unreachable(self.uri, exc) from exc
                self._pause(attempt, None)
                continue
            if answer.status < 400:
                return self._accepted(answer, stream=stream)
            failure = _failure(method, url, answer)
            if absent_when_repeated and attempt and isinstance(failure, ResourceDoesNotExist):
                return Answer(200, answer.headers, b"{}")
            if last or answer.status not in _TRANSIENT or failure.error_code not in self._passing:
                raise failure
            self._pause(attempt, answer.headers.get("Retry-After"))
        raise AssertionError("unreachable: the last attempt returns or raises")

    @property
    def max_retries(self) -> int:
        """How often a request is tried again."""
        if _once.get():
            return 0
        return MLFLOW_HTTP_REQUEST_MAX_RETRIES.get() if self._max_retries is None else self._max_retries

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None and pool[0] == os.getpid():
            pool[1].clear()

    def _send(
        self, method: str, url: str, body: Body, headers: Mapping[str, str], *, stream: bool
    ) -> urllib3.BaseHTTPResponse:
        seconds = self._timeout or MLFLOW_HTTP_REQUEST_TIMEOUT.get()
        connecting = min(seconds, _SOON) if _once.get() else seconds
        follows = _MAX_REDIRECTS if method == "GET" and MLFLOW_ALLOW_HTTP_REDIRECTS.get() else 0
        return self._connections().request(
            method,
            url,
            body=body,
            headers={"Accept-Encoding": "gzip", **self._own_headers, **self._headers(), **headers},
            preload_content=not stream,
            retries=urllib3.Retry(None, 0, 0, follows, 0, 0, raise_on_redirect=False),
            redirect=follows > 0,
            timeout=urllib3.Timeout(connect=connecting, read=seconds),
        )

    def _accepted(self, answer: urllib3.BaseHTTPResponse, *, stream: bool) -> Answer:
        if 300 <= answer.status < 400:
            raise MlflowException(
                f"{self.uri} redirects to '{answer.headers.get('Location')}'; set the tracking URI to that address."
            )
        if stream:
            return Answer(answer.status, answer.headers, b"", answer)
        return Answer(answer.status, answer.headers, answer.data)

    def _connections(self) -> urllib3.PoolManager:
        with self._lock:
            if self._pool is None or self._pool[0] != os.getpid():
                self._pool = (os.getpid(), open_pool(self.uri))
            return self._pool[1]

    @staticmethod
    def _pause(attempt: int, retry_after: str | None) -> None:
        wanted = _seconds(retry_after) if MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER.get() else None
        factor = MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR.get()
        jitter = _random.uniform(0, MLFLOW_HTTP_REQUEST_BACKOFF_JITTER.get())
        usual = factor * 0.1 if attempt == 0 else factor * 2 ** (attempt - 1) + jitter
        time.sleep(min(usual if wanted is None else wanted, _LONGEST_PAUSE))


def _seconds(retry_after: str | None) -> float | None:
    """What a Retry-After header asks for, be it a number or a date; None for none."""
    if not retry_after:
        return None
    try:
        return max(0.0, urllib3.Retry().parse_retry_after(retry_after))
    except urllib3.exceptions.InvalidHeader:
        return None


def _unreachable(uri: str, exc: Exception) -> Unreachable:
    if isinstance(exc, urllib3.exceptions.MaxRetryError):
        exc = exc.reason or exc
    return Unreachable(
        f"API request to {uri} failed with exception {exc}. Check that the server runs there and can be reached."
    )


def _failure(method: str, url: str, answer: urllib3.BaseHTTPResponse) -> RestException:
    """The exception for an answer that is no success; one that is not JSON is described by its status."""
    body = answer.data
    try:
        members = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        members = None
    if isinstance(members, dict) and "error_code" in members:
        return rest_exception(members)
    text = body[:500].decode("utf-8", "replace").strip()
    shown = url.partition("?")[0]
    message = f"API request {method} {shown} failed with error code {answer.status}" + (f": {text}" if text else "")
    return rest_exception({"error_code": get_error_code(answer.status), "message": message})
