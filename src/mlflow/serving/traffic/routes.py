"""Which models one server answers with, as its command line or a file names them.

>>> parse_route("challenger=models:/churn@challenger:10")
Route(name='challenger', model_uri='models:/churn@challenger', weight=10.0, shadow=False)
>>> parse_route("next=models:/churn/7:shadow").shadow
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.yaml_files import read_mapping
from mlflow.serving.traffic.ramps import Ramp, parse_ramp
from mlflow.serving.traffic.split import check_weights

__all__ = ["ONLY", "InvalidRoute", "Route", "Routes", "collect_routes", "parse_route", "read_routes"]

ONLY = "default"
"""The name of the variant of a server that has one model."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_FORM = "NAME=MODEL_URI, NAME=MODEL_URI:WEIGHT or NAME=MODEL_URI:shadow"
_SHADOW = "shadow"
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")


class InvalidRoute(InvalidParameterValue):
    """A route, or how traffic is to be divided among routes, makes no sense."""


class Route(msgspec.Struct, frozen=True):
    """One variant.

    Attributes:
        name: what callers, metrics and results call it.
        model_uri: its model.
        weight: its share, compared with those of the others; 0 for a variant that is only asked by its name.
        shadow: whether it gets copies of requests whose answers nobody sees.
    """

    name: str
    model_uri: str
    weight: float = 1.0
    shadow: bool = False


class Routes(msgspec.Struct, frozen=True, kw_only=True):
    """All variants, and what decides among them.

    Attributes:
        routes: the variants.
        sticky_header: the header whose value stays with its variant; None for none.
        sticky_key: the parameter, column or further key of the body that does; None for none.
        ramp: how a variant's share is to grow; None when it is not.
    """

    routes: tuple[Route, ...]
    sticky_header: str | None = None
    sticky_key: str | None = None
    ramp: Ramp | None = None

    def __post_init__(self) -> None:
        _check(self)

    @property
    def weights(self) -> dict[str, float]:
        """The weights of those that answer."""
        return {route.name: route.weight for route in self.routes if not route.shadow}


def collect_routes(
    model_uri: str | None = None,
    routes: Sequence[str] = (),
    file: Path | None = None,
    sticky_header: str | None = None,
    sticky_key: str | None = None,
    ramp: str | None = None,
) -> Routes:
    """The routes of a command: one model, routes, or a file of them; other options override those of the file.

    Raises:
        InvalidRoute: none of them or several are given, or one makes no sense.
        InvalidParameterValue: the ramp or the file makes no sense.
        ResourceDoesNotExist: there is no such file.
    """
    if sum((model_uri is not None, bool(routes), file is not None)) != 1:
        raise InvalidRoute("Give either --model-uri, or one --route or more, or --route-file.")
    if file is not None:
        found = read_routes(file)
    elif model_uri is not None:
        found = Routes(routes=(Route(ONLY, model_uri),))
    else:
        found = Routes(routes=tuple(map(parse_route, routes)))
    sticky = sticky_header is not None or sticky_key is not None
    return Routes(
        routes=found.routes,
        sticky_header=sticky_header if sticky else found.sticky_header,
        sticky_key=sticky_key if sticky else found.sticky_key,
        ramp=parse_ramp(ramp) if ramp is not None else found.ramp,
    )


def parse_route(text: str) -> Route:
    """A route of the command line.

    Raises:
        InvalidRoute: it has not the form.
    """
    name, found, rest = text.partition("=")
    if not found or not rest:
        raise InvalidRoute(f"Route '{text}' has not the form {_FORM}.")
    uri, colon, tail = rest.rpartition(":")
    if colon and tail == _SHADOW:
        return Route(name, uri, 0.0, shadow=True)
    weight = _number(tail) if colon else None
    return Route(name, rest) if weight is None else Route(name, uri, weight)


def read_routes(path: Path) -> Routes:
    """The routes of a YAML or JSON file.

    ::

        routes:
          champion: {model: "models:/churn@champion", weight: 90}
          challenger: {model: "models:/churn@challenger", weight: 10}
          next: {model: "models:/churn/7", shadow: true}
        sticky_header: X-User-Id      # or sticky_key: user_id
        ramp: "challenger=10,25,50:1h"

    Raises:
        InvalidRoute: it has not that form.
        InvalidParameterValue: it is no YAML.
        ResourceDoesNotExist: there is no such file.
    """
    content = read_mapping(path, "file of routes")
    known = {"routes", "sticky_header", "sticky_key", "ramp"}
    if strange := sorted(map(str, content.keys() - known)):
        raise InvalidRoute(f"'{path}' has the keys {strange}. Those that are known are {sorted(known)}.")
    routes = content.get("routes")
    if not isinstance(routes, Mapping):
        raise InvalidRoute(f"'{path}' has no mapping 'routes', from names to models. Give it one.")
    ramp = content.get("ramp")
    return Routes(
        routes=tuple(_from_file(str(name), value) for name, value in routes.items()),
        sticky_header=_text(content, "sticky_header"),
        sticky_key=_text(content, "sticky_key"),
        ramp=parse_ramp(str(ramp)) if ramp is not None else None,
    )


def _from_file(name: str, value: Any) -> Route:
    if isinstance(value, str):
        return Route(name, value)
    known = {"model", "weight", "shadow"}
    if not isinstance(value, Mapping) or not isinstance(value.get("model"), str) or value.keys() - known:
        raise InvalidRoute(f"Route '{name}' is '{value}'. Give it 'model', and perhaps 'weight' or 'shadow'.")
    shadow, weight = value.get("shadow", False), value.get("weight", 0 if value.get("shadow") else 1)
    if not isinstance(shadow, bool) or isinstance(weight, bool) or not isinstance(weight, (int, float)):
        raise InvalidRoute(f"Route '{name}' is '{value}'. 'weight' is a number, 'shadow' true or false.")
    return Route(name, value["model"], float(weight), shadow)


def _text(content: Mapping[Any, Any], name: str) -> str | None:
    value = content.get(name)
    if value is not None and not isinstance(value, str):
        raise InvalidRoute(f"'{name}' is '{value}'. Give a text.")
    return value


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _check(given: Routes) -> None:
    _check_names(given.routes)
    try:
        check_weights(given.weights)
    except InvalidParameterValue as exc:
        raise InvalidRoute(exc.message) from exc
    if given.sticky_header is not None and given.sticky_key is not None:
        raise InvalidRoute("Both a sticky header and a sticky key are given. Choose one of them.")
    if given.sticky_header is not None and not _HEADER.fullmatch(given.sticky_header):
        raise InvalidRoute(f"'{given.sticky_header}' is no name of a header. Give one such as X-User-Id.")
    if given.ramp is not None:
        given.ramp.check(given.weights)


def _check_names(routes: Iterable[Route]) -> None:
    seen: set[str] = set()
    for route in routes:
        if not _NAME.fullmatch(route.name):
            raise InvalidRoute(
                f"Route '{route.name}' cannot have that name. Use up to 64 letters, digits, dashes, dots and "
                "underscores, a letter or digit first."
            )
        if route.name in seen:
            raise InvalidRoute(f"Two routes are named '{route.name}'. Give one of them another name.")
        seen.add(route.name)
        if not route.model_uri.strip():
            raise InvalidRoute(f"Route '{route.name}' has no model. Write {_FORM}.")
        if route.shadow and route.weight:
            raise InvalidRoute(f"Route '{route.name}' is a shadow and has a weight. Give it one or the other.")
    if all(route.shadow for route in routes):
        raise InvalidRoute("There is no route that answers. Give one that is not a shadow.")
