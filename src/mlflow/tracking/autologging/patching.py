"""Puts a function around one of a framework's: of a module, or of a class."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

__all__ = ["Around", "put_around"]

Around = Callable[[Callable[..., Any]], Callable[..., Any]]
"""Makes the new function of the original one."""

_MARK = "__mlflow_around__"


def put_around(owner: Any, name: str, around: Around, *, inherited: bool = False) -> None:
    """Replace a function by one around it; nothing happens when it has this one already, or when there is none.

    Static and class methods, and descriptors that make a method available under a condition, stay what they are.

    Args:
        owner: a module or a class.
        name: of the function.
        around: gets the original and answers what shall be called instead.
        inherited: whether a function counts that the class has from another one.
    """
    found = inspect.getattr_static(owner, name, None) if inherited else vars(owner).get(name)
    if found is None or around in _arounds(found):
        return
    with contextlib.suppress(TypeError):  # compiled classes cannot be changed
        setattr(owner, name, _replacement(owner, name, found, around))


def _arounds(function: Any) -> Iterator[Around]:
    """What was put around a function already, the outermost first."""
    while (found := getattr(function, _MARK, None)) is not None:
        around, function = found
        yield around


def _replacement(owner: Any, name: str, found: Any, around: Around) -> Any:
    if isinstance(found, (staticmethod, classmethod)):
        return type(found)(_marked(around, found.__func__))
    if not inspect.isfunction(found) and hasattr(type(found), "__get__") and not callable(found):
        return _Conditional(found, around)
    new = _marked(around, found)
    if isinstance(owner, ModuleType):
        # pickle names a function by its module; under this name it finds the framework's own in another process
        new.__module__, new.__qualname__ = owner.__name__, name
    return new


def _marked(around: Around, original: Callable[..., Any]) -> Any:
    new = functools.update_wrapper(around(original), original)
    setattr(new, _MARK, (around, original))
    return new


class _Conditional:
    """A method that exists under a condition: the original descriptor decides, and what it gives is called around."""

    def __init__(self, descriptor: Any, around: Around) -> None:
        self._descriptor, self._around = descriptor, around
        self.__doc__ = descriptor.__doc__
        setattr(self, _MARK, (around, descriptor))

    def __set_name__(self, owner: type, name: str) -> None:
        if hasattr(self._descriptor, "__set_name__"):
            self._descriptor.__set_name__(owner, name)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        method = self._descriptor.__get__(instance, owner)
        if instance is None:
            return _marked(self._around, method)

        def unbound(_: Any, *args: Any, **kwargs: Any) -> Any:
            return method(*args, **kwargs)

        functools.update_wrapper(unbound, method)
        unbound.__signature__ = _with_self(method)  # type: ignore[attr-defined]
        return functools.wraps(method)(functools.partial(self._around(unbound), instance))


def _with_self(method: Callable[..., Any]) -> inspect.Signature:
    signature = inspect.signature(method)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    return signature.replace(parameters=[own, *signature.parameters.values()])
