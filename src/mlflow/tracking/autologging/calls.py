"""A call of a framework's function: its arguments by name, to read and to change."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Call"]


class Call:
    """One call of an original function.

    Attributes:
        function: the original.
        args: positional arguments, the instance first when it is a method.
        kwargs: named ones.
    """

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        self.function, self.args, self.kwargs = function, args, dict(kwargs)

    @property
    def instance(self) -> Any:
        """The object whose method it is."""
        return self.args[0]

    @functools.cached_property
    def _bound(self) -> inspect.BoundArguments:
        return _signature(self.function).bind_partial(*self.args, **self.kwargs)

    @property
    def names(self) -> tuple[str, ...]:
        """All names that the function declares."""
        return tuple(_signature(self.function).parameters)

    @property
    def given(self) -> dict[str, Any]:
        """The arguments that were passed, by name."""
        named: dict[str, Any] = {}
        for name, value in self._bound.arguments.items():
            others = _signature(self.function).parameters[name].kind is inspect.Parameter.VAR_KEYWORD
            named |= value if others else {name: value}
        return named

    def get(self, name: str, default: Any = None) -> Any:
        """An argument by name, as passed or as the function's default."""
        given = self.given
        if name in given:
            return given[name]
        parameter = _signature(self.function).parameters.get(name)
        found = parameter is not None and parameter.default is not inspect.Parameter.empty
        return parameter.default if parameter is not None and found else default

    def replace(self, name: str, value: Any) -> None:
        """Pass another value for an argument."""
        names = list(_signature(self.function).parameters)
        at = names.index(name) if name in names else len(self.args)
        if name not in self.kwargs and at < len(self.args):
            self.args = (*self.args[:at], value, *self.args[at + 1 :])
        else:
            self.kwargs[name] = value
        self.__dict__.pop("_bound", None)

    def __call__(self) -> Any:
        """Call the original."""
        return self.function(*self.args, **self.kwargs)


@functools.lru_cache(maxsize=512)
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)
