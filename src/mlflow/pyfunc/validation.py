"""`predict` that checks its data against its type hints, and stays usable when it is pickled for the published package.

cloudpickle stores such a wrapper by its code, so the code names only what both packages have under the same path: the
decorator `pyfunc` of `mlflow.pyfunc.utils.data_validation`, an alias of this module.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mlflow.pyfunc.type_hints import PredictHints, convert, read_hints

__all__ = ["FuncInfo", "call_checked", "pyfunc", "wrap_non_list_predict_pydantic"]

_MARK = "_is_pyfunc"


class FuncInfo(NamedTuple):
    """What a wrapper of the published package keeps of its function."""

    input_type_hint: Any
    input_param_name: str


def pyfunc(func: Callable[..., Any]) -> Callable[..., Any]:
    """Have a function check its data against its type hints; what is checked already is left alone."""
    if getattr(func, _MARK, False):
        return func

    @functools.wraps(func)
    def predict(*args: Any, **kwargs: Any) -> Any:
        from importlib import import_module  # inside, so that the pickled code needs nothing of this module

        checks = import_module("mlflow.pyfunc.utils.data_validation")
        call = getattr(checks, "call_checked", None)
        return call(func, args, kwargs) if call is not None else checks.pyfunc(func)(*args, **kwargs)

    setattr(predict, _MARK, True)
    return predict


def call_checked(func: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Call a function with its data converted to what its type hint asks for.

    Raises:
        InvalidParameterValue: the data does not fit.
    """
    hints = hints_of(func)
    if hints.hints.input is None or hints.parameter is None:
        return func(*args, **kwargs)
    return func(*_converted(args, kwargs, hints, hints.hints.input), **_named(kwargs, hints, hints.hints.input))


def _converted(args: tuple[Any, ...], kwargs: Mapping[str, Any], hints: PredictHints, hint: Any) -> list[Any]:
    given = list(args)
    if hints.parameter not in kwargs and hints.place < len(given):
        given[hints.place] = convert(given[hints.place], hint)
    return given


def _named(kwargs: Mapping[str, Any], hints: PredictHints, hint: Any) -> dict[str, Any]:
    return {name: convert(value, hint) if name == hints.parameter else value for name, value in kwargs.items()}


@functools.lru_cache(maxsize=256)
def hints_of(func: Callable[..., Any]) -> PredictHints:
    """What a function says of its data, read once."""
    return read_hints(func)


def _validate_model_input(
    args: tuple[Any, ...], kwargs: dict[str, Any], index: int, hint: Any, parameter: str
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What wrappers in pickles of the published package call: arguments with the data converted."""
    hints = PredictHints(parameter, index, None, ())  # type: ignore[arg-type]  # only the place is looked at
    return tuple(_converted(args, kwargs, hints, hint)), _named(kwargs, hints, hint)


def wrap_non_list_predict_pydantic(
    func: Callable[..., Any], input_pydantic_model: Any, validation_error_msg: str, unpack: bool = False
) -> Callable[..., Any]:
    """Have a function take a dictionary, or an instance, of one pydantic model.

    Args:
        func: takes the instance; its fields by name when `unpack`.
        input_pydantic_model: the model's class.
        validation_error_msg: how the message of a failure begins.
        unpack: whether the fields are passed by name.
    """
    from mlflow.exceptions import InvalidParameterValue

    @functools.wraps(func)
    def predict(self: Any, *args: Any, **kwargs: Any) -> Any:
        data = args[0] if args else kwargs
        try:
            model = data if isinstance(data, input_pydantic_model) else input_pydantic_model.model_validate(data)
        except ValueError as exc:
            raise InvalidParameterValue(f"{validation_error_msg} {exc}") from exc
        return func(self, **dict(model)) if unpack else func(self, model)

    setattr(predict, _MARK, True)
    return predict
