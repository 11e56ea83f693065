"""Constructors of datasets, among them those of plugins, which become functions of `mlflow.data`."""

from __future__ import annotations

import inspect
import typing
import warnings
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from types import SimpleNamespace
from typing import Any

from mlflow.data.dataset import Dataset
from mlflow.exceptions import InvalidParameterValue

__all__ = ["DatasetRegistry", "get_registered_constructors", "register_constructor"]

ENTRY_POINT_GROUP = "mlflow.dataset_constructor"

_BUILT_IN = {
    "from_huggingface": "mlflow.data.huggingface_dataset",
    "from_numpy": "mlflow.data.numpy_dataset",
    "from_pandas": "mlflow.data.pandas_dataset",
    "from_polars": "mlflow.data.polars_dataset",
    "from_spark": "mlflow.data.spark_dataset",
    "from_tensorflow": "mlflow.data.tensorflow_dataset",
    "load_delta": "mlflow.data.spark_dataset",
}


class DatasetRegistry:
    """Constructors by name."""

    def __init__(self) -> None:
        self.constructors: dict[str, Callable[..., Dataset]] = {}

    def register_constructor(self, constructor_fn: Callable[..., Dataset], constructor_name: str | None = None) -> str:
        """Add a constructor, and return the name it goes by.

        Args:
            constructor_fn: a function with the parameters `name` and `digest` and a subclass of `Dataset` as its
                return annotation.
            constructor_name: starts with `from_` or `load_`; the function's own name when omitted.

        Raises:
            InvalidParameterValue: a rule above is broken.
        """
        name = constructor_name or constructor_fn.__name__
        _check(name, constructor_fn)
        self.constructors[name] = constructor_fn
        return name

    def register_entrypoints(self) -> None:
        """Add the constructors of installed plugins; one that cannot be used is warned about and left out."""
        for point in entry_points(group=ENTRY_POINT_GROUP):
            try:
                self.register_constructor(point.load(), point.name)
            except (AttributeError, ImportError, InvalidParameterValue) as exc:
                warnings.warn(f"Dataset constructor '{point.name}' cannot be used: {exc}", UserWarning, stacklevel=2)


def _check(name: str, function: Callable[..., Any]) -> None:
    if not name.startswith(("from_", "load_")):
        raise InvalidParameterValue(f"Constructor name '{name}' must start with 'from_' or 'load_'. Rename it.")
    parameters = inspect.signature(function).parameters
    if missing := [each for each in ("name", "digest") if each not in parameters]:
        raise InvalidParameterValue(f"Constructor '{name}' lacks the parameters {missing}. Add them as optional ones.")
    returned = _return_type(function)
    if not (isinstance(returned, type) and issubclass(returned, Dataset)):
        raise InvalidParameterValue(
            f"Constructor '{name}' returns '{returned}'. Annotate it with a subclass of Dataset."
        )


def _return_type(function: Callable[..., Any]) -> Any:
    """The return annotation alone: annotations of parameters may name modules that are not installed."""
    annotation = inspect.signature(function).return_annotation
    holder: Any = SimpleNamespace(__annotations__={"return": annotation})
    try:
        return typing.get_type_hints(holder, globalns=getattr(function, "__globals__", {}))["return"]
    except NameError:
        return annotation


@cache
def _registry() -> DatasetRegistry:
    registry = DatasetRegistry()
    for name, module in _BUILT_IN.items():
        registry.register_constructor(getattr(import_module(module), name))
    registry.register_entrypoints()
    return registry


def register_constructor(constructor_fn: Callable[..., Dataset], constructor_name: str | None = None) -> str:
    """Add a constructor; see `DatasetRegistry.register_constructor`. It becomes an attribute of `mlflow.data`."""
    return _registry().register_constructor(constructor_fn, constructor_name)


def get_registered_constructors() -> dict[str, Callable[..., Dataset]]:
    """The constructors by name."""
    return _registry().constructors
