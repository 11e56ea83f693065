"""Requests: bytes or query to arguments.

The fast path decodes strictly into the route's struct and forbids unknown members. What it refuses goes to one slow
path that knows the dialect's tolerances: camelCase, numbers as text, enum numbers, JSON inside a string, empty bodies,
`run_uuid`, unknown members. Each tolerance is a row of the tests' table.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from mlflow.contract.route import Route
from mlflow.contract.webhooks import EventName
from mlflow.exceptions import InvalidParameterValue

__all__ = ["decode_body", "decode_query"]

_DOCS = "See the API docs for more information about request parameters."
_ALIASES = {"run_id": "run_uuid"}  # what older clients call it
_ENUMS: dict[tuple[str, ...], dict[int, str]] = {
    ("ACTIVE_ONLY", "DELETED_ONLY", "ALL"): {1: "ACTIVE_ONLY", 2: "DELETED_ONLY", 3: "ALL"},
    ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"): {
        1: "RUNNING",
        2: "SCHEDULED",
        3: "FINISHED",
        4: "FAILED",
        5: "KILLED",
    },
    ("LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"): {
        1: "LOGGED_MODEL_PENDING",
        2: "LOGGED_MODEL_READY",
        3: "LOGGED_MODEL_UPLOAD_FAILED",
    },
    ("ACTIVE", "DISABLED"): {1: "ACTIVE", 2: "DISABLED"},
    **{
        get_args(hint): dict(enumerate(get_args(hint), 1))
        for hint in (get_type_hints(EventName)[member] for member in ("entity", "action"))
    },
}


def decode_body(route: Route, body: bytes, in_path: Mapping[str, str] = {}) -> msgspec.Struct:
    """The arguments in a JSON body, and those in the path.

    Raises:
        InvalidParameterValue: an argument is missing or of the wrong type; the message names it.
    """
    if not in_path:
        try:
            decoded: msgspec.Struct = _decoder(route.params).decode(body)
        except msgspec.MsgspecError:
            pass
        else:
            return decoded
    return _lenient(route, _object(body) | dict(in_path))


def decode_query(
    route: Route,
    query: Iterable[tuple[str, str]],
    in_path: Mapping[str, str] = {},
) -> msgspec.Struct:
    """The arguments in a query string, and those in the path; lists are repeated parameters.

    Raises:
        InvalidParameterValue: an argument is missing or of the wrong type; the message names it.
    """
    sent: dict[str, Any] = {}
    lists = _lists(route.params)
    for name, value in query:
        if name in lists:
            sent.setdefault(name, []).append(value)
        else:
            sent[name] = value
    return _lenient(route, sent | dict(in_path), camel_case=False)


@functools.cache
def _decoder(params: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(params)


def _object(body: bytes) -> dict[str, Any]:
    """The members of a body: also of one wrapped in a JSON string; none of what is no JSON."""
    try:
        decoded = json.loads(body or b"{}")
        decoded = json.loads(decoded) if isinstance(decoded, str) else decoded
    except ValueError:
        return {}
    except RecursionError as exc:
        raise InvalidParameterValue("The request body is nested too deeply; send plain lists and objects.") from exc
    if not isinstance(decoded, dict):
        raise InvalidParameterValue(
            f'The request body must be a JSON object, but is {_type_name(decoded)}; send {{"name": value, …}}.'
        )
    return decoded


def _lenient(route: Route, sent: dict[str, Any], *, camel_case: bool = True) -> msgspec.Struct:
    arguments: dict[str, Any] = {}
    for field in _fields(route.params):
        value = _find(sent, field.name, camel_case=camel_case)
        if value is None or (value == "" and field.required):
            if field.required:
                raise InvalidParameterValue(f"Missing value for required parameter '{field.name}'. {_DOCS}")
            continue
        arguments[field.name] = _convert(value, field.type, field.name)
    try:
        return route.params(**arguments)
    except TypeError as exc:
        raise InvalidParameterValue(f"{exc}. {_DOCS}") from exc


def _find(sent: dict[str, Any], name: str, *, camel_case: bool) -> Any:
    spellings = [name, *([_camel(name)] if camel_case and _camel(name) != name else [])]
    given = [spelling for spelling in spellings if spelling in sent]
    if len(given) > 1:
        raise InvalidParameterValue(f"Both '{given[0]}' and '{given[1]}' are given; send one of them.")
    if not given and name in _ALIASES:
        return sent.get(_ALIASES[name])
    return sent[given[0]] if given else None


def _convert(value: Any, type_: Any, name: str) -> Any:
    """The value as an argument of `type_`, with the dialect's tolerances; `name` is for the message."""
    base = _base(type_)
    if get_origin(base) is Literal:
        return _enum(value, get_args(base), name)
    if get_origin(base) is list:
        return _list(value, get_args(base)[0], name)
    if get_origin(base) is dict:
        return _checked(value, base, name)
    if isinstance(base, type) and issubclass(base, msgspec.Struct):
        return _struct(value, base, name)
    return _scalar(value, base, name)


def _base(type_: Any) -> Any:
    """The type without None and constraints."""
    if get_origin(type_) is not None and type(None) in get_args(type_):
        (type_,) = (arg for arg in get_args(type_) if arg is not type(None))
    return type_.__origin__ if hasattr(type_, "__metadata__") else type_


def _scalar(value: Any, base: Any, name: str) -> Any:
    if base is str and not isinstance(value, str):
        raise _wrong(value, name)
    if base is int and isinstance(value, float) and value.is_integer():
        return int(value)
    if base is float and isinstance(value, bool):
        return float(value)
    if base is bool and isinstance(value, str):
        if value.lower() not in {"true", "false"}:
            raise _wrong(value, name)
        return value.lower() == "true"
    if base is int and isinstance(value, bool):
        raise _wrong(value, name)
    return _checked(value, base, name)


def _checked(value: Any, base: Any, name: str) -> Any:
    try:
        return msgspec.convert(value, base, strict=False)
    except msgspec.ValidationError as exc:
        raise _wrong(value, name) from exc


def _enum(value: Any, names: tuple[str, ...], name: str) -> str:
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if isinstance(value, int) and value in _ENUMS.get(names, {}):
        return _ENUMS[names][value]
    if value not in names:
        raise InvalidParameterValue(f"Invalid value '{value}' for parameter '{name}'; use one of {', '.join(names)}.")
    return str(value)


def _list(value: Any, item: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(value, name)
    return [_convert(element, item, f"{name}[{index}]") for index, element in enumerate(value)]


def _struct(value: Any, struct: type[msgspec.Struct], name: str) -> msgspec.Struct:
    if not isinstance(value, dict):
        raise _wrong(value, name)
    arguments: dict[str, Any] = {}
    for field in _fields(struct):
        given = _find(value, field.name, camel_case=True)
        if given is not None:
            arguments[field.name] = _convert(given, field.type, f"{name}.{field.name}")
        elif field.required:
            arguments[field.name] = _absent(field.type, f"{name}.{field.name}")
    return struct(**arguments)


def _absent(type_: Any, name: str) -> str:
    """What an absent member of a list's element counts as: text is empty, anything else must be there."""
    if _base(type_) is str and not name.endswith(".key"):
        return ""
    raise InvalidParameterValue(f"Missing value for required parameter '{name}'. {_DOCS}")


@functools.cache
def _fields(struct: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(struct)


@functools.cache
def _lists(struct: type[msgspec.Struct]) -> frozenset[str]:
    """The members that are lists."""
    return frozenset(field.name for field in _fields(struct) if get_origin(_base(field.type)) is list)


def _wrong(value: Any, name: str) -> InvalidParameterValue:
    shown = json.dumps(value)
    shown = shown if len(shown) <= 200 else f"{shown[:200]}…"
    return InvalidParameterValue(
        f"Invalid value {shown} for parameter '{name}' supplied: Hint: Value was of type '{_type_name(value)}'. {_DOCS}"
    )


def _type_name(value: Any) -> str:
    return type(value).__name__


@functools.cache
def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)
