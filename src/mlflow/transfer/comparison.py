"""What differs between runs: params, tags, facts and datasets, and how their metrics compare."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from mlflow.contract.caller import EVERYONE
from mlflow.entities import Run
from mlflow.stores import Backend

__all__ = ["Comparison", "Difference", "MetricRow", "compare"]

_FACTS = ("experiment_id", "run_name", "status", "user_id", "lifecycle_stage")
_NOT_COMPARED = {"mlflow.runName", "mlflow.user"}  # shown as facts
_SHRINKS = (
    "loss",
    "error",
    "err",
    "mse",
    "mae",
    "rmse",
    "mape",
    "perplexity",
    "time",
    "seconds",
    "duration",
    "latency",
)


class Difference(Struct, frozen=True):
    """Something that a run has by name; None where it has not. `group` is params, tags, attributes or datasets."""

    group: str
    name: str
    values: list[str | None]

    @property
    def differs(self) -> bool:
        """Whether not all runs have the same."""
        return len(set(self.values)) > 1


class MetricRow(Struct, frozen=True):
    """A metric of several runs, run by run; None where a run lacks it.

    Attributes:
        key: its name.
        last: the latest values.
        change: to the first run's latest value, as a fraction of it; None where it has none, or is 0 or NaN.
        min: the least values, where the store knows them.
        max: the greatest values, likewise.
        best: the indices of the runs with the best latest value: the least for metrics that are named like losses.
    """

    key: str
    last: list[float | None]
    change: list[float | None]
    min: list[float | None]
    max: list[float | None]
    best: list[int]


class Comparison(Struct, frozen=True):
    """Runs side by side; differences come first what differs, then the rest."""

    run_ids: list[str]
    differences: list[Difference]
    metrics: list[MetricRow]


def compare(backend: Backend, runs: Sequence[Run]) -> Comparison:
    """Compare runs of a store.

    Args:
        backend: the store; one of ours also knows minima and maxima.
        runs: at least two.
    """
    run_ids = [run.info.run_id for run in runs]
    found = [
        *_group("params", [run.data.params for run in runs]),
        *_group("tags", [_tags(run) for run in runs]),
        *_group("attributes", [_facts(run) for run in runs]),
        *_group("datasets", [_datasets(run) for run in runs]),
    ]
    found.sort(key=lambda difference: not difference.differs)
    extremes = _extremes(backend, run_ids)
    keys = sorted({key for run in runs for key in run.data.metrics})
    return Comparison(run_ids, found, [_metric(key, runs, extremes) for key in keys])


def _group(group: str, columns: Sequence[Mapping[str, str]]) -> Iterable[Difference]:
    for name in sorted({name for column in columns for name in column}):
        yield Difference(group, name, [column.get(name) for column in columns])


def _tags(run: Run) -> dict[str, str]:
    return {key: value for key, value in run.data.tags.items() if key not in _NOT_COMPARED}


def _facts(run: Run) -> dict[str, str]:
    facts = {name: str(value) for name in _FACTS if (value := getattr(run.info, name))}
    if run.info.end_time is not None and run.info.start_time is not None:
        facts["duration"] = f"{(run.info.end_time - run.info.start_time) / 1000:.1f} s"
    return facts


def _datasets(run: Run) -> dict[str, str]:
    """Digests by name and context."""
    found: dict[str, str] = {}
    for use in run.inputs.dataset_inputs:
        context = next((tag.value for tag in use.tags if tag.key == "mlflow.data.context"), "")
        found[f"{use.dataset.name} ({context})" if context else use.dataset.name] = use.dataset.digest
    return found


def _extremes(backend: Backend, run_ids: Sequence[str]) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    if not backend.extensions:
        return {}
    summaries = backend.store.metrics.summarize_metrics(EVERYONE, list(run_ids))
    return {(summary.run_id, summary.key): (summary.min, summary.max) for summary in summaries}


def _metric(
    key: str, runs: Sequence[Run], extremes: Mapping[tuple[str, str], tuple[float | None, float | None]]
) -> MetricRow:
    last = [run.data.metrics.get(key) for run in runs]
    bounds = [extremes.get((run.info.run_id, key), (None, None)) for run in runs]
    return MetricRow(
        key,
        last,
        [_change(last[0], value) for value in last],
        [least for least, _ in bounds],
        [greatest for _, greatest in bounds],
        _best(key, last),
    )


def _change(first: float | None, value: float | None) -> float | None:
    if first is None or value is None or not first or math.isnan(first) or math.isnan(value):
        return None
    return (value - first) / abs(first)


def _best(key: str, values: Sequence[float | None]) -> list[int]:
    numbers = [value for value in values if value is not None and not math.isnan(value)]
    if len(set(numbers)) < 2:
        return []
    choose: Callable[..., float] = min if _is_loss(key) else max
    best = choose(numbers)
    return [index for index, value in enumerate(values) if value == best]


def _is_loss(key: str) -> bool:
    words = key.lower().replace("/", "_").replace("-", "_").replace(".", "_").replace(" ", "_").split("_")
    return any(word in _SHRINKS or word.endswith("loss") for word in words)
