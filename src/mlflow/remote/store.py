"""Every interface of a store, implemented by calling a server: derived from the routes, nothing written twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import msgspec

from mlflow.contract.caller import Caller
from mlflow.contract.route import Route, routes_of
from mlflow.contract.store import TrackingStore, interfaces
from mlflow.contract.wire import decode_answer, encode_json
from mlflow.exceptions import MlflowException
from mlflow.remote.address import path_of
from mlflow.remote.raw import RAW
from mlflow.remote.transport import Transport

__all__ = ["remote", "remote_store"]


# What the client makes up, so that a request sent again after a lost answer is known as the same.
_MADE_HERE: dict[str, Callable[[], dict[str, Any]]] = {
    "create_run": lambda: {"run_id": uuid.uuid4().hex},
    "create_logged_model": lambda: {"model_id": f"m-{uuid.uuid4().hex}"},
}
# Calls whose effect is an absence: sent again after a lost answer they find that nothing is left to do.
_UNDOING = ("delete_", "restore_")


def remote_store(transport: Transport) -> TrackingStore:
    """A tracking store that is the server at the other end."""
    return TrackingStore(**{part: remote(interface, transport) for part, interface in interfaces().items()})


def remote(interface: type[Any], transport: Transport) -> Any:
    """An instance of `interface` whose every method is a request.

    The server knows the caller by the request's credentials, so the argument of that name is not sent.
    """
    methods = {route.name: _method(route, transport) for route in routes_of(interface)}
    return type(f"Remote{interface.__name__}", (interface,), methods)()


def _method(route: Route, transport: Transport) -> Callable[..., Any]:
    if route.raw:
        return RAW[route.name](route, transport) if route.name in RAW else _by_hand(route)
    names = route.params.__struct_fields__
    defaults = {field.name: field.default for field in msgspec.structs.fields(route.params)}

    def call(self: object, caller: Caller, *args: Any, **kwargs: Any) -> Any:
        given = dict(zip(names, args, strict=False)) | kwargs
        sent = {name: value for name, value in given.items() if value is not None and value != defaults[name]}
        answer = _send(route, transport, _MADE_HERE.get(route.name, dict)() | sent)
        try:
            return decode_answer(answer, route.returns, route.envelope)
        except msgspec.MsgspecError as exc:
            raise MlflowException(
                f"The answer of {transport.uri}{route.paths[0]} is not understood: {exc}. Is this an MLflow server?"
            ) from exc

    call.__name__, call.__doc__ = route.name, route.doc
    return call


def _send(route: Route, transport: Transport, sent: dict[str, Any]) -> bytes:
    path = path_of(route, sent)
    rest = {name: value for name, value in sent.items() if name not in route.in_path}
    method = route.methods[0]
    if method == "GET":
        return transport.request(method, path, query=_query(rest)).body
    headers, undoing = {"Content-Type": "application/json"}, route.name.startswith(_UNDOING)
    body = encode_json(sent)  # with what is in the path, which published servers look for here too
    return transport.request(method, path, body=body, headers=headers, absent_when_repeated=undoing).body


def _query(rest: dict[str, Any]) -> list[tuple[str, str]]:
    """Parameters of a query string; lists become repeated ones."""
    return [
        (name, str(item)) for name, value in rest.items() for item in (value if isinstance(value, list) else [value])
    ]


def _by_hand(route: Route) -> Callable[..., Any]:
    def refuse(self: object, *args: Any, **kwargs: Any) -> Any:
        raise MlflowException(f"'{route.name}' is a stream of bytes; open {route.paths[0]} with an HTTP client.")

    refuse.__name__, refuse.__doc__ = route.name, route.doc
    return refuse
