"""The type hints of a model's `predict`: read, and data checked and converted against them.

| hint | what `predict` gets |
|---|---|
| `list[X]` | a list; a DataFrame becomes its rows, or the values of its one column |
| X is a pydantic model | its instances, also made from dictionaries |
| DataFrame, Series, ndarray, sparse matrices, none | what was passed |
"""

from __future__ import annotations

import datetime as dt
import inspect
import logging
import typing
from collections.abc import Callable
from typing import Any, NamedTuple

from mlflow.exceptions import InvalidParameterValue
from mlflow.types.type_hints import (
    UNION_TYPES,
    InvalidTypeHintException,
    TypeHints,
    UnsupportedTypeHintException,
    infer_schema_from_list_type_hint,
    type_hints_no_signature_inference,
)

__all__ = ["PredictHints", "convert", "read_hints", "resolve_hints"]

_LOG = logging.getLogger(__name__)
_NOT_DATA = ("self", "params")


class PredictHints(NamedTuple):
    """What `predict` says of its data.

    Args:
        parameter: the name of the parameter that takes it; None when there is none.
        place: its place among all parameters.
        hints: types of data and result; None where they are not usable.
        names: all parameters.
        context: the name of the parameter that takes the context; None when there is none.
    """

    parameter: str | None
    place: int
    hints: TypeHints
    names: tuple[str, ...]
    context: str | None = None


def read_hints(predict: Callable[..., Any]) -> PredictHints:
    """What a function or method says of its data; a hint from which no schema follows counts as none, with a line."""
    names = tuple(inspect.signature(predict).parameters)
    first = [name for name in names if name not in _NOT_DATA]
    context = first.pop(0) if first and (first[0] == "context" or len(first) > 1) else None
    parameter = first[0] if first else None
    place = names.index(parameter) if parameter else -1
    given = _resolved(predict)
    data = _usable(given.get(parameter)) if parameter else None
    hints = TypeHints(data, given.get("return") if data is not None else None)
    return PredictHints(parameter, place, hints, names, context)


def resolve_hints(predict: Callable[..., Any]) -> None:
    """Put types in the place of a function's hints that are texts, which a pickle could not resolve any more."""
    if any(isinstance(hint, str) for hint in getattr(predict, "__annotations__", {}).values()):
        predict.__annotations__ = _resolved(predict)


def _resolved(predict: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(predict)
    except Exception:  # noqa: BLE001 - a hint may be any expression; names that are gone are no reason to fail
        hints = getattr(predict, "__annotations__", {})
        return {name: hint for name, hint in hints.items() if not isinstance(hint, str)}


def _usable(hint: Any) -> Any:
    if hint in (None, Any) or hint in type_hints_no_signature_inference():
        return None
    try:
        infer_schema_from_list_type_hint(hint)
    except (InvalidTypeHintException, UnsupportedTypeHintException) as exc:
        _LOG.warning("The type hint of predict is not used: %s", exc.message)
        return None
    return hint


def convert(data: Any, hint: Any) -> Any:
    """Data as a hint `list[X]` asks for.

    Raises:
        InvalidParameterValue: it is no list, or an element does not fit.
    """
    if type(data).__name__ in ("DataFrame", "Series") and hasattr(data, "iloc"):
        data = _rows(data, typing.get_args(hint)[0])
    if not isinstance(data, list):
        raise InvalidParameterValue(f"Expected list, but got {type(data).__name__}. The model takes {_name(hint)}.")
    element = typing.get_args(hint)[0]
    found, wrong = [], []
    for place, value in enumerate(data):
        try:
            found.append(_element(value, element))
        except _Unfit as exc:
            wrong.append(f"element {place}, {value!r:.100}: {exc}")
    if wrong:
        shown = [*wrong[:5], *([f"and {len(wrong) - 5} more"] if len(wrong) > 5 else [])]
        raise InvalidParameterValue(
            f"Failed to validate data against type hint `{_name(hint)}`, invalid elements: {'; '.join(shown)}."
        )
    return found


def _rows(table: Any, element: Any) -> list[Any]:
    """A table as a list: the values of its one column, or a dictionary for each row."""
    if not hasattr(table, "columns"):
        return list(table.tolist())
    takes_rows = hasattr(element, "model_fields") or typing.get_origin(element) is dict
    if table.shape[1] == 1:
        values = list(table.iloc[:, 0].tolist())
        if not takes_rows or all(isinstance(value, dict) for value in values):
            return values
    if not (takes_rows or element is Any):
        raise InvalidParameterValue(
            f"Expected a table of one column for type hint `list[{_name(element)}]`, but got {table.shape[1]} columns."
        )
    texts = [name for name in table.columns if table[name].dtype.kind not in "biufMm"]
    whole = table.assign(**{name: table[name].astype(object).where(table[name].notna(), None) for name in texts})
    return list(whole.to_dict(orient="records"))


class _Unfit(Exception):
    """A value does not fit a hint."""


def _element(value: Any, hint: Any) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return value
    if hasattr(hint, "model_fields"):
        return _instance(value, hint)
    if origin is list:
        return [_element(one, args[0]) for one in _of(value, list)]
    if origin is dict:
        return {_of(key, str): _element(one, args[1]) for key, one in _of(value, dict).items()}
    if origin in UNION_TYPES:
        return _member(value, args)
    return _scalar(value, hint)


def _of(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise _Unfit(f"Expected {kind.__name__}, but got {type(value).__name__}")
    return value


def _instance(value: Any, model: Any) -> Any:
    if isinstance(value, model):
        return value
    if not isinstance(value, dict):
        raise _Unfit(f"Expected a dictionary or an instance of {model.__name__}, but got {type(value).__name__}")
    try:
        return model.model_validate(value)
    except ValueError as exc:
        raise _Unfit(f"Data doesn't match {model.__name__}: {exc}") from exc


def _member(value: Any, members: tuple[Any, ...]) -> Any:
    if value is None and type(None) in members:
        return None
    kinds = [member for member in members if member is not type(None)]
    if len(kinds) > 1:  # a union becomes AnyType in the signature: its values are not checked
        return value
    return _element(value, kinds[0])


def _scalar(value: Any, kind: type) -> Any:
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        value = value.item()
    if kind is float and type(value) is int:
        return float(value)
    fits = isinstance(value, dt.datetime) if kind is dt.datetime else type(value) is kind
    if not fits:
        raise _Unfit(f"Expected type {kind.__name__}, but got {type(value).__name__}")
    return value


def _name(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint)
