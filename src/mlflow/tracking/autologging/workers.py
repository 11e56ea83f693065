"""joblib's workers belong to the training that started them, so that its inner fits log nothing of their own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any

from mlflow.tracking.autologging.fits import entered, inside
from mlflow.tracking.autologging.patching import put_around

__all__ = ["watch_joblib"]


class _Inside:
    """A worker's function; pickled, for another process, it is the bare one."""

    def __init__(self, function: Callable[..., Any], fit: object) -> None:
        self._function, self._fit = function, fit

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with entered(self._fit):
            return self._function(*args, **kwargs)

    def __reduce__(self) -> tuple[Any, ...]:
        return functools.partial, (self._function,)


def watch_joblib(module: ModuleType) -> None:
    """Have `joblib.Parallel` hand on what its caller is inside of."""
    put_around(module.Parallel, "__call__", _around)


def _around(original: Callable[..., Any]) -> Callable[..., Any]:
    def called(self: Any, iterable: Iterable[tuple[Any, ...]]) -> Any:
        fit = inside()
        return original(self, iterable if fit is None else _handed_on(iterable, fit))

    return called


def _handed_on(tasks: Iterable[tuple[Any, ...]], fit: object) -> Iterator[tuple[Any, ...]]:
    for function, args, kwargs in tasks:
        yield _Inside(function, fit), args, kwargs
