"""Which evaluators are to evaluate a model, and with which configuration each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from mlflow.evaluation.evaluator import ModelEvaluator
from mlflow.evaluation.registry import EVALUATORS
from mlflow.exceptions import InvalidParameterValue

__all__ = ["EvaluatorBundle", "resolve_evaluators_and_configs"]

_ALL = "default"


class EvaluatorBundle(NamedTuple):
    """An evaluator with its configuration."""

    name: str
    evaluator: ModelEvaluator
    config: dict[str, Any]


def resolve_evaluators_and_configs(
    evaluators: str | list[str] | None, evaluator_config: dict[str, Any] | None, model_type: str | None = None
) -> list[EvaluatorBundle]:
    """The evaluators that can evaluate a type of model, in order.

    Args:
        evaluators: names; one name; or None for all there are. The name "default" means all built-in ones.
        evaluator_config: for one name its configuration, for a list a dictionary of name to configuration, for None
            either of both.
        model_type: as the user named it.

    Raises:
        InvalidParameterValue: a name is unknown, a configuration is of the wrong shape, or no evaluator will do.
    """
    named = _named(evaluators, _checked(evaluator_config))
    bundles = [EvaluatorBundle(name, EVALUATORS.get_evaluator(name), config) for name, config in named]
    able = [
        bundle
        for bundle in bundles
        if bundle.evaluator.can_evaluate(model_type=model_type, evaluator_config=bundle.config)
    ]
    if not able:
        raise InvalidParameterValue(
            f"No evaluator of {[name for name, _ in named]} takes models of the type '{model_type}'. "
            f"Use model_type='classifier', model_type='regressor', or one of the evaluators {EVALUATORS.names()}."
        )
    return able


def _checked(config: Any) -> dict[str, Any]:
    if config is not None and not isinstance(config, dict):
        raise InvalidParameterValue(f"evaluator_config is a '{type(config).__name__}'. Give a dictionary.")
    return config or {}


def _named(evaluators: Any, config: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Names with configurations, "default" spelt out."""
    if evaluators is None:
        return _all(config)
    if isinstance(evaluators, str):
        return _spelt_out(evaluators, config)
    if not isinstance(evaluators, (list, tuple)) or not all(isinstance(name, str) for name in evaluators):
        raise InvalidParameterValue(f"evaluators are '{evaluators}'. Give a name, a list of names, or None.")
    if not _is_by_name(config, evaluators):
        raise InvalidParameterValue(
            f"evaluator_config has the keys {list(config)}, but evaluators is the list {list(evaluators)}. Give a "
            "dictionary of evaluator name to that evaluator's configuration."
        )
    return [pair for name in evaluators for pair in _spelt_out(name, config.get(name, {}))]


def _spelt_out(name: str, config: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    names = [each for each in EVALUATORS.names() if EVALUATORS.is_builtin(each)] if name == _ALL else [name]
    return [(each, config) for each in names]


def _all(config: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    names = EVALUATORS.names()
    if not config or not _is_by_name(config, names):
        return [(name, config) for name in names]
    shared = config.get(_ALL, {})
    return [(name, config.get(name, shared if EVALUATORS.is_builtin(name) else {})) for name in names]


def _is_by_name(config: dict[str, Any], names: Iterable[str]) -> bool:
    return all(key in names and isinstance(value, dict) for key, value in config.items())
