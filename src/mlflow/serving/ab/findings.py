"""What other servers are told of a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlflow.serving.ab.experiment import Contestant, Experiment
from mlflow.serving.ab.judgement import Comparison
from mlflow.serving.ab.outbox import Conclusion, Finding
from mlflow.serving.ab.registry import registered_name
from mlflow.serving.traffic.routes import Route
from mlflow.serving.traffic.state import now_ms

__all__ = ["conclusion_of", "evidence_of", "finding_of", "route_of"]


def evidence_of(experiment: Experiment, found: Comparison) -> dict[str, Any]:
    """The numbers behind a decision."""
    return {**found.evidence(), "split": experiment.division.shown()}


def conclusion_of(experiment: Experiment) -> list[Conclusion]:
    """What the tracking server is to be told of an experiment that is over; nothing while it has no runs."""
    if not experiment.ended or experiment.runs is None:
        return []
    return [Conclusion(runs=experiment.runs, ended=experiment.ended, outcome=experiment.outcome)]


def finding_of(
    experiment: Experiment, one: Contestant, passed: bool, reason: str, evidence: Mapping[str, Any]
) -> list[Finding]:
    """What the registry is to be told of a decision; nothing where the version is not registered."""
    name = registered_name(route_of(experiment, one).model_uri)
    if name is None:
        return []
    runs = {"run_id": experiment.runs.parent} if experiment.runs is not None else {}
    details = {**evidence, "decided": now_ms(), **runs}
    return [Finding(name=name, version=one.version[0], passed=passed, reason=reason, details=details)]


def route_of(experiment: Experiment, one: Contestant) -> Route:
    """Where a challenger's model comes from."""
    return next(route for route in experiment.answering if route.name == one.name)
