"""Requests to an artifact server: pooled, authenticated, repeated when that is safe, failing as classes."""

from __future__ import annotations

import base64
import random
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

import msgspec
import urllib3
from urllib3.response import BaseHTTPResponse

from mlflow.artifacts.digests import BLOCK
from mlflow.artifacts.store import Interrupted
from mlflow.artifacts.wire import EXTENSION, Features
from mlflow.environment_variables import (
    MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT,
    MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR,
    MLFLOW_HTTP_REQUEST_BACKOFF_JITTER,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES,
    MLFLOW_HTTP_REQUEST_TIMEOUT,
)
from mlflow.exceptions import MlflowException, RestException, TemporarilyUnavailable, get_error_code, rest_exception
from mlflow.remote.pool import open_pool

__all__ = ["Answer", "Body", "Connection"]

_random = random.SystemRandom()  # drawing from the program's own stream would change its results

Body = bytes | Callable[[], Iterable[bytes]] | None
"""A request's body: bytes, or a function that gives its blocks anew for each attempt."""

_POOL = 16
_REPEATABLE = frozenset([408, 429, 500, 502, 503, 504])
# A server that answers these has looked at the request and will say the same again.
_FINAL_CODES = frozenset(["DATA_LOSS", "INVALID_STATE", "FEATURE_DISABLED", "IO_ERROR"])
_MAX_DELAY = 120.0
_NO_REDIRECTS = urllib3.Retry(total=None, connect=0, read=0, status=0, other=0, redirect=5)


class Answer:
    """A successful response whose body is read as a stream."""

    def __init__(self, response: BaseHTTPResponse) -> None:
        self._response = response
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers

    def blocks(self) -> Iterator[bytes]:
        """The body; raises Interrupted when the connection breaks."""
        try:
            while block := self._response.read(BLOCK, decode_content=True):
                yield block
        except (urllib3.exceptions.HTTPError, OSError) as exc:
            raise Interrupted(f"The connection broke while reading an artifact: {exc}") from exc
        finally:
            self.close()

    def body(self) -> bytes:
        """The whole body."""
        return b"".join(self.blocks())

    def close(self) -> None:
        """Give the connection back; one whose answer was not read to its end is closed."""
        if self._response.closed:
            self._response.release_conn()
        else:
            self._response.close()


class Connection:
    """The connections to one server.

    Args:
        base: its address, with a path prefix if it has one; user and password in it become Basic auth.
        headers: called for each attempt; gives authentication and other headers.
    """

    def __init__(self, base: str, headers: Callable[[], Mapping[str, str]] = dict) -> None:
        url = urlsplit(base)
        self._basic = _basic_auth(url.username, url.password)
        self.base = urlunsplit((url.scheme, url.netloc.rpartition("@")[2], url.path.rstrip("/"), "", ""))
        self._headers = headers
        self._pool = open_pool(self.base, maxsize=_POOL, blocksize=BLOCK)
        self._lock = threading.Lock()
        self._offers: Features | None = None

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Body = None,
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Answer:
        """Make a request below the base, repeating it as long as that may help; all of them can be repeated.

        Answers of an error status in `accept` are returned instead of raised.

        Raises:
            RestException: what the server answered.
            TemporarilyUnavailable: it cannot be reached.
        """
        url = self.base + quote(path, safe="/~!$&'()*+,;=:@") + (f"?{urlencode(query)}" if query else "")
        retries = MLFLOW_HTTP_REQUEST_MAX_RETRIES.get()
        attempt = 0
        while True:
            attempt += 1
            try:
                response = self._attempt(method, url, body, headers or {})
            except (urllib3.exceptions.HTTPError, OSError) as exc:
                if attempt > retries:
                    raise TemporarilyUnavailable(f"{method} {url} failed {attempt} times: {exc}") from exc
            else:
                if response.status < 300 or response.status in accept:
                    return Answer(response)
                failure = _failure(method, url, response)
                if attempt > retries or not _may_pass(response.status, failure):
                    raise failure
            time.sleep(_delay(attempt))

    def send_json(self, method: str, path: str, body: object = None) -> bytes:
        """Make a request with a JSON body, and return the answer's bytes."""
        encoded = b"" if body is None else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        return self.send(method, path, body=encoded or None, headers=headers).body()

    def features(self) -> Features:
        """What the server offers beyond MLflow's requests; asked once."""
        with self._lock:
            if self._offers is None:
                try:
                    self._offers = msgspec.json.decode(self.send_json("GET", f"{EXTENSION}/features"), type=Features)
                except (RestException, msgspec.DecodeError):
                    self._offers = Features()
            return self._offers

    def close(self) -> None:
        """Close the idle connections."""
        self._pool.clear()

    def _attempt(self, method: str, url: str, body: Body, headers: Mapping[str, str]) -> BaseHTTPResponse:
        seconds = MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT.get() or MLFLOW_HTTP_REQUEST_TIMEOUT.get()
        return self._pool.request(
            method,
            url,
            body=body() if callable(body) else body,
            headers={"Accept-Encoding": "identity", **self._basic, **self._headers(), **headers},
            timeout=urllib3.Timeout(connect=seconds, read=seconds),
            retries=_NO_REDIRECTS,
            redirect=method in ("GET", "HEAD"),
            preload_content=False,
        )


def _basic_auth(user: str | None, password: str | None) -> dict[str, str]:
    if user is None:
        return {}
    pair = f"{unquote(user)}:{unquote(password or '')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _failure(method: str, url: str, response: BaseHTTPResponse) -> MlflowException:
    text = response.read(64 * 1024, decode_content=True)
    response.close()
    try:
        body = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        body = None
    if not isinstance(body, dict) or "error_code" not in body:
        detail = body["detail"] if isinstance(body, dict) and "detail" in body else text[:200].decode(errors="replace")
        body = {
            "error_code": get_error_code(response.status),
            "message": f"{method} {url} was answered {response.status}: {detail}",
        }
    return rest_exception(body)


def _may_pass(status: int, failure: MlflowException) -> bool:
    return status in _REPEATABLE and not (status == 500 and failure.error_code in _FINAL_CODES)


def _delay(attempt: int) -> float:
    if attempt <= 1:
        return 0.0
    jitter = _random.random() * MLFLOW_HTTP_REQUEST_BACKOFF_JITTER.get()
    return min(_MAX_DELAY, MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR.get() * 2.0 ** (attempt - 1) + jitter)
