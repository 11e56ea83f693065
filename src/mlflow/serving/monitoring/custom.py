"""Monitors of a user's own: a function that gets a window's rows and answers metrics.

    def monitor(frame):
        return {"positive_rate": frame["prediction"].mean()}

It is named by `--monitor module:function`, or by an entry point of the group `mlflow.serving_monitor`. What it logs by
`mlflow.log_metric` goes to the monitor's run.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any

from mlflow.exceptions import InvalidParameterValue

__all__ = ["ENTRY_POINT_GROUP", "CustomMonitor", "load_monitor"]

ENTRY_POINT_GROUP = "mlflow.serving_monitor"
"""Entry points of this group are functions of one DataFrame."""


class CustomMonitor:
    """A function by its name.

    Args:
        name: as it was asked for.
        function: gets a window's rows; answers a mapping of names to numbers, one number, or None.
    """

    def __init__(self, name: str, function: Callable[[Any], Any]) -> None:
        self.name, self._function = name, function

    def metrics(self, frame: Any) -> dict[str, float]:
        """What it measures of a window, as `monitor/<name>`.

        Raises:
            InvalidParameterValue: it answers something else than numbers.
            Exception: whatever the function raises.
        """
        found = self._function(frame)
        if found is None:
            return {}
        if not isinstance(found, Mapping):
            found = {self.name.rpartition(":")[2]: found}
        try:
            return {f"monitor/{name}": float(value) for name, value in found.items()}
        except (TypeError, ValueError) as exc:
            raise InvalidParameterValue(
                f"Monitor '{self.name}' answered '{found}'. Have it answer a dictionary of numbers."
            ) from exc


def load_monitor(name: str) -> CustomMonitor:
    """The monitor that `module:function`, or the name of an entry point, leads to.

    Raises:
        InvalidParameterValue: there is none, or it cannot be imported.
    """
    module, separator, function = name.partition(":")
    try:
        found = _attribute(importlib.import_module(module), function) if separator else _entry_point(name)
    except Exception as exc:
        raise InvalidParameterValue(
            f"Monitor '{name}' cannot be loaded: {type(exc).__name__}: {exc}. Give module:function, importable from "
            f"where the server starts, or the name of an entry point of the group '{ENTRY_POINT_GROUP}'."
        ) from exc
    if not callable(found):
        raise InvalidParameterValue(f"Monitor '{name}' is a '{type(found).__name__}'. Name a function.")
    return CustomMonitor(name, found)


def _attribute(module: Any, path: str) -> Any:
    for part in path.split("."):
        module = getattr(module, part)
    return module


def _entry_point(name: str) -> Any:
    found = entry_points(group=ENTRY_POINT_GROUP, name=name)
    if not found:
        raise LookupError("there is no such entry point")
    return next(iter(found)).load()
