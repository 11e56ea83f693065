"""The requests of a stretch of time, and what is measured of them."""

from __future__ import annotations

import math
from typing import Any

from mlflow.contract.names import check_key
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.frames import PREDICTION, inputs_frame, predictions_frame
from mlflow.models.profile import ColumnProfile, Profile
from mlflow.serving.monitoring.samples import Sample

__all__ = ["Window"]

_FACTS = ("request_id", "at", "variant", "version", "seconds")


class Window:
    """Requests that came while it was open.

    Args:
        profile: what they are compared with; None where there is nothing.
    """

    def __init__(self, profile: Profile | None) -> None:
        self._profile = profile
        self._seconds: list[float] = []
        self._failed = 0
        self._inputs: list[Any] = []
        self._predictions: dict[str, list[Any]] = {}
        self.rows = 0

    @property
    def requests(self) -> int:
        """How many came."""
        return len(self._seconds)

    def add(self, sample: Sample) -> None:
        """Take a request.

        Raises:
            MlflowException: its body cannot be read; it is counted nevertheless.
        """
        self._seconds.append(sample.seconds)
        self._failed += sample.failed
        if sample.status != 200:
            return
        inputs, predictions = inputs_frame(sample.inputs().data), predictions_frame(sample.predictions())
        self.rows += len(inputs) if inputs is not None else 1
        if predictions is not None:
            self._predictions.setdefault(sample.variant, []).append(predictions)
        if inputs is not None:
            self._inputs.append(self._joined(inputs, predictions, sample))

    def _joined(self, inputs: Any, predictions: Any | None, sample: Sample) -> Any:
        facts = {f"mlflow.{name}": getattr(sample, name) for name in _FACTS}
        if predictions is not None and len(predictions) == len(inputs):
            clashing = {name: f"mlflow.{name}" for name in predictions.columns if name in inputs.columns}
            inputs = inputs.join(predictions.rename(columns=clashing))
        return inputs.assign(**facts)

    def frame(self) -> Any:
        """All rows: inputs, `prediction` or `prediction.<column>`, and what is known of each request as `mlflow.…`."""
        return _stacked(self._inputs)

    def metrics(self) -> dict[str, float]:
        """What is measured, by name."""
        import numpy as np

        found = {"traffic/requests": float(self.requests), "traffic/rows": float(self.rows)}
        if self.requests:
            found["traffic/failure_rate"] = self._failed / self.requests
            found["traffic/seconds_mean"] = float(np.mean(self._seconds))
            found["traffic/seconds_p99"] = float(np.quantile(self._seconds, 0.99))
        if self._profile is not None:
            frame = self.frame()
            for name, profile in self._profile.columns.items():
                found |= _named("input", _drift(profile, frame, name), name)
            for variant, frames in self._predictions.items():
                found |= self._prediction_drift(variant, _stacked(frames))
        return found

    def _prediction_drift(self, variant: str, frame: Any) -> dict[str, float]:
        assert self._profile is not None
        found: dict[str, float] = {}
        for name, profile in self._profile.predictions.items():
            place = variant if name == PREDICTION else f"{variant}/{name.removeprefix(f'{PREDICTION}.')}"
            found |= _named(PREDICTION, _drift(profile, frame, name), place)
        return found


def _stacked(frames: list[Any]) -> Any:
    import pandas as pd

    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _drift(profile: ColumnProfile, frame: Any, name: str) -> dict[str, float]:
    """The statistics of one column; one that is not there is missing in every row."""
    if not len(frame):
        return {}
    if name not in frame.columns:
        return {"missing": 1.0}
    values = frame[name]
    return {key: value for key, value in profile.drift(values).items() if not math.isnan(value)}


def _named(what: str, statistics: dict[str, float], name: str) -> dict[str, float]:
    return {f"{what}/{statistic}/{_key(name)}": value for statistic, value in statistics.items()}


def _key(name: str) -> str:
    """A column's name as a part of a metric's."""
    try:
        check_key("metric", name)
    except InvalidParameterValue:
        return "".join(one if one.isalnum() or one in "_-. :" else "_" for one in name).strip(". ")[:200] or "_"
    return name[:200]
