"""Evaluators by name: the built-in ones, and those that plugins bring."""

from __future__ import annotations

import warnings
from functools import cache
from importlib.metadata import entry_points
from pkgutil import resolve_name
from typing import Any

from mlflow.evaluation.evaluator import ModelEvaluator
from mlflow.exceptions import InvalidParameterValue

__all__ = ["BUILT_IN", "EVALUATORS", "ModelEvaluatorRegistry", "list_evaluators"]

ENTRY_POINT_GROUP = "mlflow.model_evaluator"

BUILT_IN = {
    "default": "mlflow.evaluation.default:DefaultEvaluator",
    "classifier": "mlflow.evaluation.classifier:ClassifierEvaluator",
    "regressor": "mlflow.evaluation.regressor:RegressorEvaluator",
    "shap": "mlflow.evaluation.shap:ShapEvaluator",
}
"""name -> class; `default` stands for all of them where a user names it alone."""


class ModelEvaluatorRegistry:
    """Evaluator classes by name."""

    def __init__(self) -> None:
        self._own: dict[str, Any] = {}

    def register(self, scheme: str, evaluator: type[ModelEvaluator]) -> None:
        """Add an evaluator, or replace the one of that name."""
        self._own[scheme] = evaluator

    def names(self) -> list[str]:
        """All names: the built-in ones, then those of plugins, then those that were registered."""
        return list(dict.fromkeys([*BUILT_IN, *_plugins(), *self._own]))

    def is_registered(self, name: str) -> bool:
        """Whether there is an evaluator of that name."""
        return name in self.names()

    def is_builtin(self, name: str) -> bool:
        """Whether the name is one of the built-in evaluators'."""
        return name in BUILT_IN and name not in self._own

    def get_evaluator(self, evaluator_name: str) -> ModelEvaluator:
        """An evaluator by name.

        Raises:
            InvalidParameterValue: there is none of that name; the message lists those there are.
        """
        found = self._own.get(evaluator_name) or _plugins().get(evaluator_name)
        if found is None and evaluator_name in BUILT_IN:
            found = resolve_name(BUILT_IN[evaluator_name])
        if found is None:
            raise InvalidParameterValue(f"There is no evaluator '{evaluator_name}'. Use one of {self.names()}.")
        evaluator: ModelEvaluator = found()
        return evaluator


@cache
def _plugins() -> dict[str, Any]:
    """The evaluators of installed plugins; one that cannot be used is warned about and left out."""
    found = {}
    for point in entry_points(group=ENTRY_POINT_GROUP):
        try:
            found[point.name] = point.load()
        except (AttributeError, ImportError) as exc:
            warnings.warn(f"Evaluator '{point.name}' cannot be used: {exc}", UserWarning, stacklevel=2)
    return found


EVALUATORS = ModelEvaluatorRegistry()
"""The evaluators of this process."""


def list_evaluators() -> list[str]:
    """The names of all evaluators."""
    return EVALUATORS.names()
