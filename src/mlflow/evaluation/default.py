"""The evaluator of models without a type: the user's own metrics and files, and nothing else."""

from __future__ import annotations

from typing import Any

from mlflow.evaluation.built_in import BuiltInEvaluator, Case

__all__ = ["DefaultEvaluator"]


class DefaultEvaluator(BuiltInEvaluator):
    """Evaluates any model by what the user gives."""

    model_types = (None,)

    def _measure(self, case: Case, state: Any) -> dict[str, Any]:
        return {}
