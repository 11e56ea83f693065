"""From a request to what answers it: a dictionary for fixed paths, patterns for those with arguments."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from mlflow.contract.route import Route
from mlflow.contract.wire import decode_body, decode_query, encode_answer
from mlflow.exceptions import EndpointNotFound, InvalidParameterValue, MlflowException
from mlflow.server.context import Context
from mlflow.server.responses import ClientGone, Receive, Scope, Send, read_body, send_failure, send_json
from mlflow.server.table import Endpoint

__all__ = ["Dispatcher"]

_log = logging.getLogger(__name__)
_MAX_JSON = 64 << 20  # bytes; a batch of 1,000 entities is far below, a dataset's profile may have 16 MiB
_WITH_BODY = frozenset({"POST", "PUT"})

Handler = Callable[[Scope, Receive, Send], Awaitable[None]]


class Dispatcher:
    """The ASGI application of a table of endpoints, below one prefix."""

    def __init__(self, context: Context, table: Iterable[Endpoint], prefix: str = "") -> None:
        self._fixed: dict[str, dict[str, Handler]] = {}
        self._patterns: list[tuple[re.Pattern[str], dict[str, Handler]]] = []
        for endpoint in table:
            handler = partial(_raw if endpoint.raw else _answer, context, endpoint)
            for path in endpoint.route.paths:
                self._mount(prefix + path, dict.fromkeys(endpoint.route.methods, handler))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; every failure is a JSON error body."""
        try:
            handler = self._find(scope)
            await handler(scope, receive, send)
        except MlflowException as failure:
            await send_failure(send, failure)
        except ClientGone:
            return
        except Exception:  # noqa: BLE001 - the edge of the floor: the cause goes to the log, not to the client
            _log.exception("%s %s failed", scope["method"], scope["path"])
            message = "The server failed to answer; its log has the cause."
            await send_failure(send, MlflowException(message))

    def _mount(self, path: str, handlers: dict[str, Handler]) -> None:
        if "{" not in path:
            self._fixed.setdefault(path, {}).update(handlers)
            return
        pattern = _pattern(path)
        for known, methods in self._patterns:
            if known.pattern == pattern.pattern:
                methods.update(handlers)
                return
        self._patterns.append((pattern, handlers))

    def _find(self, scope: Scope) -> Handler:
        path, method = scope["path"], scope["method"]
        scope["path_params"] = {}
        handlers = self._fixed.get(path)
        if handlers is None:
            handlers, scope["path_params"] = self._match(path)
        handler = handlers.get("GET" if method == "HEAD" else method)
        if handler is None:
            raise WrongMethod(f"'{path}' does not take {method}; use {' or '.join(sorted(handlers))}.")
        return handler

    def _match(self, path: str) -> tuple[dict[str, Handler], dict[str, str]]:
        for pattern, handlers in self._patterns:
            found = pattern.fullmatch(path)
            if found:
                return handlers, found.groupdict()
        raise EndpointNotFound(f"This server has no endpoint '{path}'; /docs lists those it has.")


class WrongMethod(EndpointNotFound):
    """The path exists, but not with this HTTP method."""

    def get_http_status_code(self) -> int:
        """405: the method is not allowed."""
        return 405


def _pattern(path: str) -> re.Pattern[str]:
    kinds = {"path": r".+", "int": r"\d+", None: r"[^/]+"}
    parts = re.split(r"({\w+(?::\w+)?})", path)
    return re.compile("".join(_part(part, kinds) for part in parts))


def _part(part: str, kinds: dict[str | None, str]) -> str:
    argument = re.fullmatch(r"{(\w+)(?::(\w+))?}", part)
    return f"(?P<{argument[1]}>{kinds[argument[2]]})" if argument else re.escape(part)


async def _raw(context: Context, endpoint: Endpoint, scope: Scope, receive: Receive, send: Send) -> None:
    assert endpoint.raw is not None
    scope["endpoint"] = endpoint.route.name
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    scope["arguments"] = query | scope["path_params"]
    scope["caller"] = await context.authorized(endpoint.route, scope, lambda name: scope["arguments"].get(name, ""))
    await endpoint.raw(context, scope, receive, send)


async def _answer(context: Context, endpoint: Endpoint, scope: Scope, receive: Receive, send: Send) -> None:
    route = endpoint.route
    scope["endpoint"] = route.name
    arguments = await _arguments(route, scope, receive)
    caller = await context.authorized(route, scope, lambda name: getattr(arguments, name, ""))
    body = await context.blocking(_call, endpoint, caller, arguments)
    await send_json(send, route.status, body)


def _call(endpoint: Endpoint, caller: Any, arguments: msgspec.Struct) -> bytes:
    """Runs in a worker thread: the store's method, and the encoding of what it answers."""
    values = msgspec.structs.astuple(arguments)
    if endpoint.encoded is not None:
        return endpoint.encoded(caller, *values)
    assert endpoint.call is not None
    return encode_answer(endpoint.call(caller, *values), endpoint.route.envelope)


async def _arguments(route: Route, scope: Scope, receive: Receive) -> msgspec.Struct:
    method = scope["method"]
    if method in _WITH_BODY:
        _check_content_type(scope)
    if method in {"GET", "HEAD"}:
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        return decode_query(route, query, scope["path_params"])
    return decode_body(route, await read_body(receive, _MAX_JSON), scope["path_params"])


def _check_content_type(scope: Scope) -> None:
    """Refuse what a web page could send without asking first: forms and plain text."""
    for name, value in scope["headers"]:
        if name == b"content-type":
            if value.partition(b";")[0].strip().lower() == b"application/json":
                return
            raise InvalidParameterValue(
                f"Bad Request. Content-Type is '{value.decode('latin-1')}'; send JSON as application/json."
            )
    raise InvalidParameterValue("Bad Request. Content-Type header is missing; send JSON as application/json.")
