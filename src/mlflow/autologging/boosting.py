"""What the libraries for boosted trees have in common: metrics of each round, early stopping, importances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from mlflow.tracking.autologging.guard import guard
from mlflow.tracking.autologging.record import Record

__all__ = ["log_importance", "log_params", "log_stop"]

_MOST_BARS = 50


def log_params(record: Record, params: Mapping[str, Any], others: Mapping[str, Any]) -> None:
    """Log the params of a booster, and the other arguments of the call that are no params of it."""
    record.params({**{key: value for key, value in others.items() if key not in params}, **params})


def log_stop(record: Record, rounds: Sequence[Mapping[str, float]], stopped: int, best: int) -> None:
    """Log where training stopped early, and the metrics of the best round once more, as a step after the last.

    Args:
        record: what to log with.
        rounds: the metrics of each round.
        stopped: the last round, as the library counts.
        best: the best round, likewise.
    """
    record.metrics({"stopped_iteration": stopped, "best_iteration": best})
    if rounds:
        record.metrics(rounds[min(best, len(rounds) - 1)], len(rounds))


def log_importance(record: Record, kind: str, importance: Callable[[], Mapping[str, float]]) -> None:
    """Log how much each feature counts, as JSON and as a plot."""
    with guard(record.integration, f"log the importance of features by {kind}"):
        found = {str(name): float(value) for name, value in importance().items()}
        record.json(found, f"feature_importance_{kind}.json")
        if find_spec("matplotlib") is not None:
            record.figure(_bars(found, kind), f"feature_importance_{kind}.png")


def _bars(importance: Mapping[str, float], kind: str) -> Any:
    from matplotlib.figure import Figure  # without pyplot, whose state belongs to the program

    shown = sorted(importance.items(), key=lambda item: item[1])[-_MOST_BARS:]
    figure = Figure(figsize=(6.4, max(4.8, 0.25 * len(shown))), layout="constrained")
    axes = figure.subplots()
    axes.barh([name for name, _ in shown], [value for _, value in shown], height=0.5)
    axes.set_xlabel("Importance")
    axes.set_title(f"Feature importance ({kind})")
    return figure
