"""Metrics that a program computes of predictions go to the run that trained the model.

A metric is named `<metric>[-<n-th call>]_<dataset>`, where the dataset is named by the variable it is in, as the
outermost function sees it: `accuracy_score_X_test`, `f1_score-2_X_test`.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Mapping
from numbers import Number
from types import FrameType
from typing import Any

from mlflow.autologging.samples import dataset_of
from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.record import Record

__all__ = ["METHODS", "MOST_DATASETS", "Predictions"]

METHODS = ("predict", "predict_proba", "predict_log_proba", "transform")
UNNAMED = "unknown_dataset"
MOST_DATASETS = 10  # that one run gets: a program may predict in a loop
_INSIDE = ("mlflow.", "sklearn.", "pyspark.")


class _Trained:
    """A run that trained an estimator, and what was measured for it since."""

    def __init__(self, record: Record) -> None:
        self.record = Record(record.integration, record.run, record.settings)
        self.record.model_id, self.record.after_end = record.model_id, True
        self.commands: dict[str, Any] = {}
        self._calls: dict[str, int] = {}
        self._named: dict[str, list[int]] = {}
        self.datasets = 0

    def dataset_name(self, data: Any) -> str:
        """The variable that holds the data; with a number when other data of that name was seen."""
        name = name_of(data) or UNNAMED
        known = self._named.setdefault(name, [])
        if id(data) not in known:
            known.append(id(data))
        at = known.index(id(data)) + 1
        return name if at == 1 else f"{name}-{at}"

    def log(self, metric: str, dataset: str, value: Any, command: Any) -> None:
        """Log one value, and how it was computed."""
        count = self._calls[metric] = self._calls.get(metric, 0) + 1
        key = f"{metric}_{dataset}" if count == 1 else f"{metric}-{count}_{dataset}"
        self.commands[key] = command
        self.record.metrics({key: float(value)})
        run = self.record.run
        self.record.client.log_dict(run.run_id, dict(sorted(self.commands.items())), "metric_info.json")


class _ById:
    """Values by the identity of living objects."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[Any, Any]] = {}

    def put(self, owner: Any, value: Any) -> None:
        key = id(owner)
        try:
            self._found[key] = weakref.ref(owner, lambda _: self._found.pop(key, None)), value
        except TypeError:  # lists and tuples: no predictions of those are followed
            return

    def get(self, owner: Any) -> Any:
        reference, value = self._found.get(id(owner), (None, None))
        return value if reference is not None and reference() is owner else None


class Predictions:
    """Fitted estimators, and what they predicted."""

    def __init__(self, integration: str) -> None:
        self.integration = integration
        self._trained = _ById()
        self._predicted = _ById()

    def remember(self, estimator: Any, record: Record) -> None:
        """Have later metrics of an estimator's predictions go to a run."""
        self._trained.put(estimator, _Trained(record))

    def predicted(self, call: Call, result: Any) -> None:
        """An estimator predicted."""
        trained, data = self._trained.get(call.instance), call.args[1] if len(call.args) > 1 else call.get("X")
        if trained is None or data is None:
            return
        self._predicted.put(result, (trained, trained.dataset_name(data)))
        if trained.record.settings.get("log_datasets") and trained.datasets < MOST_DATASETS:
            trained.datasets += 1
            trained.record.dataset(dataset_of(data), "eval")

    def scored(self, call: Call, result: Any) -> None:
        """An estimator's `score` answered."""
        trained, data = self._trained.get(call.instance), call.args[1] if len(call.args) > 1 else call.get("X")
        if trained is None or not isinstance(result, Number):
            return
        kind = type(call.instance).__name__
        trained.log(f"{kind}_score", trained.dataset_name(data), result, f"{kind}.{_command(call, skip=1)}")

    def measured(self, call: Call, result: Any) -> None:
        """A function of `sklearn.metrics` answered."""
        if not isinstance(result, Number):
            return
        for value in call.given.values():
            if (found := self._predicted.get(value)) is not None:
                trained, dataset = found
                trained.log(call.function.__name__, dataset, result, _command(call))
                return


def _command(call: Call, skip: int = 0) -> str:
    """The call as text, with its arguments as the program names them."""
    given = list(call.given.items())[skip:]
    return f"{call.function.__name__}({', '.join(f'{name}={_shown(value)}' for name, value in given)})"


def _shown(value: Any) -> str:
    if value is None or isinstance(value, (bool, Number, str)):
        return repr(value)
    return name_of(value) or f"<{type(value).__name__}>"


def name_of(value: Any) -> str | None:
    """The variable that holds an object: the outermost function's name for it."""
    found = None
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if not str(frame.f_globals.get("__name__", "")).startswith(_INSIDE):
            found = _name_in(frame.f_locals, value) or found or _name_in(frame.f_globals, value)
        frame = frame.f_back
    return found


def _name_in(variables: Mapping[str, Any], value: Any) -> str | None:
    return next((name for name, held in list(variables.items()) if held is value and name[0] != "_"), None)
