"""How a method of a store's interface also declares its HTTP endpoint.

    class Runs(Protocol):
        @route("GET", "2.0/mlflow/runs/get", access=read(run="run_id"), envelope="run")
        def get_run(self, caller: Caller, run_id: Text) -> Run: ...

From this the server's routes, the HTTP client, the OpenAPI document and the permission check are derived.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, get_type_hints

import msgspec

from mlflow.contract.access import Access

__all__ = ["EXTENSION", "Route", "RunStatusName", "Text", "ViewTypeName", "route", "routes_of", "stream"]

F = TypeVar("F", bound=Callable[..., Any])

Text = Annotated[str, msgspec.Meta(min_length=1)]  # a text that must be given; the wire counts empty as missing
ViewTypeName = Literal["ACTIVE_ONLY", "DELETED_ONLY", "ALL"]
RunStatusName = Literal["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]

EXTENSION = "ext/v1"  # what MLflow's API lacks lives below /api/ext/v1


@dataclass(frozen=True)
class Route:
    """One endpoint, read off a method.

    `params` is a Struct of the arguments after the caller; `envelope` names the member of the answer that holds the
    result (None: the result is the answer); `paths` start with a slash and carry no static prefix. The bytes of a
    `raw` endpoint are handled by hand on both sides: files, journal frames, event streams, plain texts; its `params`
    are those outside the body.
    """

    name: str
    interface: str
    methods: tuple[str, ...]
    paths: tuple[str, ...]
    access: Access
    params: type[msgspec.Struct]
    returns: Any
    envelope: str | None
    status: int
    raw: bool
    doc: str

    @functools.cached_property
    def in_path(self) -> frozenset[str]:
        """The arguments that are part of the path."""
        return frozenset(re.findall(r"{(\w+)(?::\w+)?}", self.paths[0]))

    @property
    def is_extension(self) -> bool:
        """Whether the endpoint is one that MLflow's API lacks."""
        return EXTENSION in self.paths[0]


def route(
    methods: str, *paths: str, access: Access, envelope: str | None = None, status: int = 200
) -> Callable[[F], F]:
    """Declare the endpoint of an interface's method; there is no other place to declare one.

    Args:
        methods: HTTP methods, separated by spaces; the first is the one our client uses.
        paths: `2.0/mlflow/runs/get` is served below both /api and /ajax-api; a path with a leading slash is served
            as it is.
        access: what the caller needs.
        envelope: the answer's member that holds the result.
        status: the HTTP status of success.
    """

    def declare(func: F) -> F:
        return _mark(func, (tuple(methods.split()), _served(paths), access, envelope, status, False, ()))

    return declare


def stream(methods: str, *paths: str, access: Access, body: tuple[str, ...] = ()) -> Callable[[F], F]:
    """Declare an endpoint whose bytes are handled by hand; otherwise as `route`.

    The arguments named in `body` are packed in the request's body, all others are in the path or the query string.
    """

    def declare(func: F) -> F:
        return _mark(func, (tuple(methods.split()), _served(paths), access, None, 200, True, body))

    return declare


def _mark(func: F, declared: tuple[Any, ...]) -> F:
    vars(func)["__route__"] = declared
    vars(func)["__isabstractmethod__"] = True  # a store that forgets a method cannot be made
    return func


def routes_of(interface: type) -> tuple[Route, ...]:
    """The endpoints that an interface declares, in the order they are written.

    Raises:
        TypeError: a public method declares no route.
    """
    return _routes_of(interface)


@functools.cache
def _routes_of(interface: type) -> tuple[Route, ...]:
    methods = [f for name, f in vars(interface).items() if inspect.isfunction(f) and not name.startswith("_")]
    for func in methods:
        if not hasattr(func, "__route__"):
            raise TypeError(
                f"{interface.__name__}.{func.__name__} declares no route; decorate it with @route(…, access=…)"
            )
    return tuple(_read(interface, func) for func in methods)


def _served(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(p for path in paths for p in ([path] if path[0] == "/" else [f"/api/{path}", f"/ajax-api/{path}"]))


def _read(interface: type, func: Callable[..., Any]) -> Route:
    hints = get_type_hints(func, include_extras=True)
    methods, paths, access, envelope, status, raw, body = vars(func)["__route__"]
    signature = list(inspect.signature(func).parameters.values())[2:]  # after self and the caller
    arguments = [parameter for parameter in signature if parameter.name not in body]
    fields = [
        (p.name, hints[p.name]) if p.default is p.empty else (p.name, hints[p.name], p.default) for p in arguments
    ]
    params = msgspec.defstruct(_camel(func.__name__), fields, kw_only=True, forbid_unknown_fields=True, module=__name__)
    doc = inspect.getdoc(func) or ""
    return Route(
        func.__name__, interface.__name__, methods, paths, access, params, hints["return"], envelope, status, raw, doc
    )


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
