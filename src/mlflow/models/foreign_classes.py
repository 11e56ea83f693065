"""Classes that a model's manifest names: looked up inside the framework alone, since a manifest can name anything."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from mlflow.exceptions import InvalidParameterValue

__all__ = ["dotted_name", "find_class", "own_class"]


def dotted_name(of: type) -> str:
    """The name by which a class can be found again."""
    return f"{of.__module__}.{of.__qualname__}"


def own_class(model: Any, package: str) -> str:
    """The dotted name of a model's class, or of its nearest base that the framework itself has."""
    return next(dotted_name(base) for base in type(model).__mro__ if base.__module__.split(".")[0] == package)


def find_class(name: str, package: str, *bases: str) -> type:
    """The class of a dotted name.

    Args:
        name: as the manifest has it.
        package: the framework's; a class elsewhere is refused, and its module is not imported.
        bases: dotted names of classes of which it must be one, or a subclass.

    Raises:
        InvalidParameterValue: it is none of the framework's classes for models.
    """
    module, _, attribute = name.rpartition(".")
    if module.split(".")[0] == package:
        try:
            found = getattr(import_module(module), attribute, None)
        except ImportError:
            found = None
        if isinstance(found, type) and {dotted_name(base) for base in found.__mro__} & set(bases):
            return found
    raise InvalidParameterValue(
        f"The manifest names the class '{name}', which is no model of the installed {package}. "
        "Install the version that the model's requirements name, or restore its manifest."
    )
