"""Every endpoint of a server: what it declares, and what answers it. There is no other way to mount a route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlflow.asgi.responses import Receive, Scope, Send
from mlflow.contract.route import Route, routes_of
from mlflow.server.context import Context

__all__ = ["Endpoint", "RawHandler", "endpoints"]

RawHandler = Callable[[Context, Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Endpoint:
    """A declared route with what answers it: a store's method, or a handler of raw bytes.

    `encoded` is the method's twin that answers the finished body, where the store has one. `together` is the twin that
    takes the arguments of several calls and answers for each what it returns, or why it is refused.
    """

    route: Route
    call: Callable[..., Any] | None = None
    encoded: Callable[..., bytes] | None = None
    together: Callable[[Sequence[Any]], Sequence[Any]] | None = None
    raw: RawHandler | None = None


def endpoints(parts: Mapping[type, Any], raw: Mapping[str, RawHandler]) -> list[Endpoint]:
    """The endpoints of the given interfaces.

    Args:
        parts: interface -> its implementation.
        raw: the handlers of raw endpoints, by the method's name.

    Raises:
        TypeError: a raw endpoint has no handler, or a handler has no endpoint.
    """
    table = [
        _endpoint(route, implementation, raw)
        for interface, implementation in parts.items()
        for route in routes_of(interface)
    ]
    _check(raw, (endpoint.route.name for endpoint in table))
    return table


def _endpoint(route: Route, implementation: Any, raw: Mapping[str, RawHandler]) -> Endpoint:
    if route.raw:
        if route.name not in raw:
            raise TypeError(f"No handler answers {route.methods[0]} {route.paths[0]} ({route.name}).")
        return Endpoint(route, raw=raw[route.name])
    return Endpoint(
        route,
        call=getattr(implementation, route.name),
        encoded=getattr(implementation, f"{route.name}_json", None),
        together=getattr(implementation, f"{route.name}_together", None),
    )


def _check(raw: Mapping[str, RawHandler], declared: Iterable[str]) -> None:
    undeclared = set(raw) - set(declared)
    if undeclared:
        raise TypeError(f"These handlers answer no declared endpoint: {sorted(undeclared)}; declare them in contract/.")
