"""The training data that a program has recorded as inputs of its runs, for as long as it holds them itself."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

from mlflow.models.training_profile import parts_of

__all__ = ["TRAINING_CONTEXTS", "TrainingInputs"]

TRAINING_CONTEXTS = frozenset({"train", "training"})
"""What data are recorded for, when a model is trained on them; autologging says "train"."""

_MOST_RUNS = 100


class TrainingInputs:
    """What runs were trained on. Data are not kept alive for it."""

    def __init__(self) -> None:
        self._of_runs: dict[str, tuple[weakref.ref[Any], tuple[str, ...]]] = {}

    def note(self, run_id: str, datasets: Iterable[tuple[Any, str | None]]) -> None:
        """Remember the data of a dataset that is recorded for training."""
        for dataset, context in datasets:
            data, others = parts_of(dataset) if context in TRAINING_CONTEXTS else (None, ())
            if hasattr(data, "shape"):
                self._of_runs.pop(run_id, None)
                self._of_runs[run_id] = weakref.ref(data), others
        while len(self._of_runs) > _MOST_RUNS:
            del self._of_runs[next(iter(self._of_runs))]

    def features(self, run_id: str | None) -> Any:
        """What models of a run get as their input; None where that is not known, or gone."""
        found = self._of_runs.get(run_id or "")
        data = found[0]() if found is not None else None
        if found is None or data is None:
            return None
        return data.drop(columns=list(found[1])) if found[1] else data
