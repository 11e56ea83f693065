"""From a request to its answer: find the endpoint, read its arguments, ask whether the caller may, call, encode."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from mlflow.asgi.bodies import ClientGone, read_body
from mlflow.asgi.coalescing import Coalescing
from mlflow.asgi.request_ids import REQUEST_ID, request_id_of
from mlflow.asgi.responses import Header, Receive, Scope, Send, has_begun, send_failure, send_json
from mlflow.asgi.router import Router
from mlflow.contract.route import Route
from mlflow.contract.wire import decode_body, decode_query, encode_answer
from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.server.compression import compress, is_compressible
from mlflow.server.context import Context
from mlflow.server.table import Endpoint

__all__ = ["Dispatcher"]

_log = logging.getLogger(__name__)
_MAX_JSON = 64 << 20  # bytes; a batch of 1,000 entities is far below, a dataset's profile may have 16 MiB
_MAX_PARAMETERS = 5000  # of a query string; bulk reads name 100 runs
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_SERVERS_FAULT = 500  # and above
_IN_QUERY = frozenset({"GET", "HEAD"})

Handler = Callable[[Scope, Receive, Send], Awaitable[None]]


class Dispatcher:
    """The ASGI application of a table of endpoints.

    Args:
        context: what the handlers work with.
        table: the endpoints.
        prefix: they answer below it, and without it too: some proxies cut it off before they pass a request on.
    """

    def __init__(self, context: Context, table: Iterable[Endpoint], prefix: str = "") -> None:
        self._router: Router[Handler] = Router()
        for endpoint in table:
            handler = _handler(context, endpoint)
            for path in _served(endpoint.route.paths, prefix):
                self._router.mount(path, endpoint.route.methods, handler)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; every failure is a JSON error body."""
        try:
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            handler, scope["path_params"] = self._router.find(path, scope["method"])
            await handler(scope, receive, send)
        except MlflowException as failure:
            if has_begun(scope):
                _log.warning("%s %s broke off: %s", scope["method"], scope["path"], failure)
                return  # the server closes the connection, so that the client sees the answer is not complete
            await send_failure(send, failure, _told(scope, failure))
        except ClientGone:
            return
        except Exception as cause:  # noqa: BLE001 - the edge of the floor: the cause goes to the log, not to the client
            named = _told(scope, cause)
            if not has_begun(scope):
                await send_failure(send, MlflowException("The server failed to answer; its log has the cause."), named)


def _told(scope: Scope, cause: Exception) -> tuple[Header, ...]:
    """Log a failure of the server under the request's id; the header that tells the id. Refusals are the caller's."""
    refused = isinstance(cause, MlflowException)
    if isinstance(cause, MlflowException) and cause.get_http_status_code() < _SERVERS_FAULT:
        return ()
    given = next((value for name, value in scope["headers"] if name == REQUEST_ID), None)
    name = request_id_of(given)
    shown = cause.__cause__ if refused else cause
    _log.error("%s %s failed, request %s: %s", scope["method"], scope["path"], name, cause, exc_info=shown)
    return ((REQUEST_ID, name.encode()),)


def _served(paths: Iterable[str], prefix: str) -> set[str]:
    below = {f"{prefix}{path}" for path in paths}
    return below | set(paths) | ({prefix} if prefix and "/" in paths else set())


def _handler(context: Context, endpoint: Endpoint) -> Handler:
    if endpoint.raw:
        return partial(_raw, context, endpoint)
    if endpoint.together is not None:
        return partial(_answer_together, context, endpoint, Coalescing(context.threads, partial(_call_all, endpoint)))
    return partial(_answer, context, endpoint)


async def _raw(context: Context, endpoint: Endpoint, scope: Scope, receive: Receive, send: Send) -> None:
    assert endpoint.raw is not None
    route = endpoint.route
    scope["endpoint"] = route.name
    arguments = decode_query(route, _query(scope), scope["path_params"])
    scope["arguments"] = arguments
    scope["caller"] = await _authorized(context, route, scope, arguments)
    await endpoint.raw(context, scope, receive, send)


async def _answer(context: Context, endpoint: Endpoint, scope: Scope, receive: Receive, send: Send) -> None:
    route = endpoint.route
    scope["endpoint"] = route.name
    arguments = await _arguments(route, scope, receive)
    caller = await _authorized(context, route, scope, arguments)
    work = _call_for_browser if is_compressible(scope) else _call_for_program
    body, headers = await context.blocking(work, endpoint, caller, arguments)
    await send_json(send, route.status, body, headers)


async def _answer_together(
    context: Context,
    endpoint: Endpoint,
    calls: Coalescing[tuple[Any, ...], bytes],
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    route = endpoint.route
    scope["endpoint"] = route.name
    arguments = await _arguments(route, scope, receive)
    caller = await _authorized(context, route, scope, arguments)
    await send_json(send, route.status, await calls.run((caller, *msgspec.structs.astuple(arguments))))


def _call_all(endpoint: Endpoint, calls: Sequence[tuple[Any, ...]]) -> list[bytes | Exception]:
    """Runs in a worker thread: the store's method for several calls, and the encoding of each answer."""
    assert endpoint.together is not None
    return [
        outcome if isinstance(outcome, Exception) else encode_answer(outcome, endpoint.route.envelope)
        for outcome in endpoint.together(calls)
    ]


def _call_for_program(endpoint: Endpoint, caller: Any, arguments: msgspec.Struct) -> tuple[bytes, tuple[Header, ...]]:
    return _call(endpoint, caller, arguments), ()


def _call_for_browser(endpoint: Endpoint, caller: Any, arguments: msgspec.Struct) -> tuple[bytes, tuple[Header, ...]]:
    return compress(_call(endpoint, caller, arguments))


def _call(endpoint: Endpoint, caller: Any, arguments: msgspec.Struct) -> bytes:
    """Runs in a worker thread: the store's method, and the encoding of what it answers."""
    values = msgspec.structs.astuple(arguments)
    if endpoint.encoded is not None:
        return endpoint.encoded(caller, *values)
    assert endpoint.call is not None
    return encode_answer(endpoint.call(caller, *values), endpoint.route.envelope)


async def _authorized(context: Context, route: Route, scope: Scope, arguments: msgspec.Struct) -> Any:
    caller = context.identify(scope)
    if not caller.unrestricted:
        await context.blocking(context.authorizer.check, caller, route, arguments)
    return caller


async def _arguments(route: Route, scope: Scope, receive: Receive) -> msgspec.Struct:
    method = scope["method"]
    if method in _IN_QUERY:
        return decode_query(route, _query(scope), scope["path_params"])
    if method in _WITH_BODY:
        _check_content_type(scope)
    return decode_body(route, await read_body(receive, _MAX_JSON), scope["path_params"])


def _query(scope: Scope) -> list[tuple[str, str]]:
    text = scope["query_string"].decode("utf-8", "replace")
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS) if text else []
    except ValueError as exc:
        raise InvalidParameterValue(
            f"The query string has over {_MAX_PARAMETERS} parameters; ask for less at once."
        ) from exc


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
