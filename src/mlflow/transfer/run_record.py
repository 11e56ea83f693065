"""A run and an experiment as JSON objects, as exported folders hold them."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from mlflow.entities import Experiment, ExperimentTag, Metric, Param, Run, RunData, RunInfo, RunTag
from mlflow.entities.run_inputs import RunInputs
from mlflow.entities.run_outputs import RunOutputs

__all__ = ["experiment_from", "experiment_record", "run_from", "run_record"]

_EXPERIMENT = ("experiment_id", "name", "artifact_location", "lifecycle_stage", "creation_time", "last_update_time")


def run_record(run: Run) -> dict[str, Any]:
    """A run with the latest point of each metric; a value that is NaN is the text "NaN"."""
    metrics = [
        {"key": metric.key, "value": _json(metric.value), "timestamp": metric.timestamp, "step": metric.step}
        for metric in sorted(run.data.latest_metrics, key=lambda metric: metric.key)
    ]
    return {
        "info": dict(run.info),
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": metrics,
        "inputs": msgspec.to_builtins(run.inputs),
        "outputs": msgspec.to_builtins(run.outputs),
    }


def run_from(record: dict[str, Any]) -> Run:
    """The run of a record; raises KeyError, TypeError, ValueError or msgspec.ValidationError when it is none."""
    metrics = [
        Metric(str(metric["key"]), float(metric["value"]), int(metric["timestamp"]), int(metric["step"]))
        for metric in record["metrics"]
    ]
    params = msgspec.convert(record["params"], dict[str, str])
    tags = msgspec.convert(record["tags"], dict[str, str])
    return Run(
        msgspec.convert(record["info"], RunInfo),
        RunData(metrics, [Param(*item) for item in params.items()], [RunTag(*item) for item in tags.items()]),
        msgspec.convert(record["inputs"], RunInputs),
        msgspec.convert(record["outputs"], RunOutputs),
    )


def experiment_record(experiment: Experiment) -> dict[str, Any]:
    """An experiment with its tags."""
    return {name: getattr(experiment, name) for name in _EXPERIMENT} | {"tags": experiment.tags}


def experiment_from(record: dict[str, Any]) -> Experiment:
    """The experiment of a record; raises as `run_from`."""
    tags = msgspec.convert(record["tags"], dict[str, str])
    facts = {name: record[name] for name in _EXPERIMENT}
    return Experiment(**facts, tags=[ExperimentTag(*item) for item in tags.items()])


def _json(value: float) -> float | str:
    return "NaN" if math.isnan(value) else value
