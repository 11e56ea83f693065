"""Results as runs of the tracking server: one for the experiment, and one for each variant below it."""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any

from mlflow.entities import Metric
from mlflow.environment_variables import MLFLOW_EXPERIMENT_NAME
from mlflow.exceptions import MlflowException
from mlflow.serving.ab.experiment import Experiment, RunIds
from mlflow.serving.ab.judgement import Comparison, Figures
from mlflow.serving.ab.outbox import Conclusion

__all__ = ["EXPERIMENT", "Results"]

_LOG = logging.getLogger(__name__)

EXPERIMENT = "A/B tests"
"""The tracking experiment of the runs, unless MLFLOW_EXPERIMENT_NAME says another."""

_EVERY = 5.0  # seconds between two points of a metric
_AGAIN = 60.0  # seconds until the tracking server is asked again after it could not be reached


class Results:
    """Logs an experiment through the journal, so that nothing waits for the tracking server but the first call and
    the last.

    Args:
        runs: where an experiment that goes on is logged already.
    """

    def __init__(self, runs: RunIds | None = None) -> None:
        self.runs = runs
        self._due = 0.0
        self._split = ""
        self._logged: dict[str, dict[str, float]] = {}

    def is_due(self) -> bool:
        """Whether it is time for the next points."""
        return time.monotonic() >= self._due

    def log(
        self,
        number: int,
        experiment: Experiment,
        comparisons: Sequence[Comparison],
        weights: Mapping[str, float],
        split: Mapping[str, Any],
    ) -> None:
        """Log how things are; the runs are made when there are none yet."""
        self._due = time.monotonic() + _EVERY
        try:
            if self.runs is None:
                self.runs = self._make_runs(number, experiment)
            self._log_points(experiment, self.runs, comparisons, weights, split["p_value"])
            self._tag_split(self.runs.parent, split["message"])
        except MlflowException as exc:
            self._due = time.monotonic() + _AGAIN
            _LOG.warning("The results of the A/B test are not logged for now: %s", exc.message)

    @staticmethod
    def end(told: Conclusion) -> None:
        """End the runs of an experiment with its outcome.

        Raises:
            MlflowException: the tracking server cannot be reached, or refuses.
        """
        client = _client()
        for run in (*told.runs.children.values(), told.runs.parent):
            client.set_tag(run, "mlflow.ab.outcome", told.outcome)
            client.set_terminated(run, "FINISHED", told.ended)

    def _make_runs(self, number: int, experiment: Experiment) -> RunIds:
        client, plan = _client(), experiment.plan
        name = os.environ.get(MLFLOW_EXPERIMENT_NAME.name) or EXPERIMENT
        found = client.get_experiment_by_name(name)
        place = found.experiment_id if found is not None else client.create_experiment(name)
        what = plan.metric.name if plan.metric is not None else "guardrails"
        parent = client.create_run(place, experiment.started, run_name=f"A/B test {number}: {what}").info.run_id
        told = {
            "metric": what,
            "kind": plan.metric.kind if plan.metric is not None else "",
            "alpha": plan.alpha,
            "control": experiment.control.name,
            "guardrails": ", ".join(guardrail.text for guardrail in plan.guardrails),
            "rule": plan.rule.text,
        }
        for key, value in told.items():
            client.log_param(parent, key, value, synchronous=False)
        children = {}
        for route in experiment.answering:
            tags = {"mlflow.parentRunId": parent}
            run = client.create_run(place, experiment.started, tags, route.name).info.run_id
            client.log_param(run, "model_uri", route.model_uri, synchronous=False)
            children[route.name] = run
        return RunIds(parent, children)

    def _tag_split(self, run: str, message: str) -> None:
        if message != self._split:
            _client().set_tag(run, "mlflow.ab.split", message or "fits")
            self._split = message

    def _log_points(
        self,
        experiment: Experiment,
        runs: RunIds,
        comparisons: Sequence[Comparison],
        weights: Mapping[str, float],
        split_p_value: float,
    ) -> None:
        kind = experiment.plan.metric.kind if experiment.plan.metric is not None else "rate"
        parent = {"split_p_value": split_p_value}
        variants: dict[str, Figures] = {}
        for found in comparisons:
            name = found.figures.variant
            variants |= {found.control.variant: found.control, name: found.figures}
            parent |= {
                f"difference/{name}": found.difference.value,
                f"difference_low/{name}": found.difference.low,
                f"difference_high/{name}": found.difference.high,
                f"p_value/{name}": found.p_value,
            }
        self._log_changed(runs.parent, experiment.started, parent)
        for name, figures in variants.items():
            points = {
                "requests": figures.requests,
                "rewards": figures.rewards,
                kind: figures.reward.value,
                f"{kind}_low": figures.reward.low,
                f"{kind}_high": figures.reward.high,
                "error_rate": figures.error_rate,
                "latency_ms": figures.latency_ms,
                "latency_p95_ms": figures.latency_p95_ms,
                "weight": weights.get(name, 0.0),
            }
            self._log_changed(runs.children[name], experiment.started, points)

    def _log_changed(self, run: str, started: int, values: Mapping[str, float]) -> None:
        now = time.time_ns() // 1_000_000
        known = self._logged.setdefault(run, {})
        changed = {key: value for key, value in values.items() if math.isfinite(value) and known.get(key) != value}
        if changed:
            step = (now - started) // 1000
            points = [Metric(key, float(value), now, step) for key, value in changed.items()]
            _client().log_batch(run, metrics=points, synchronous=False)
            known.update(changed)


def _client() -> Any:
    from mlflow.tracking.client import MlflowClient

    return MlflowClient()
