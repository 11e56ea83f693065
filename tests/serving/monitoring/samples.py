"""Sampled requests for monitors, and a record that keeps what it is told."""

import json
from itertools import count
from typing import Any

import numpy as np
import pandas as pd

from mlflow.serving.monitoring.samples import Sample
from mlflow.serving.monitoring.settings import MonitoringSettings, WindowLength, parse_alert

NUMBERS = count()


def table(rows: int, shift: float = 0.0, seed: int = 1) -> pd.DataFrame:
    """People: age is about 40 + shift, a tenth of the cities is missing."""
    noise = np.random.default_rng(seed)
    city = np.where(noise.random(rows) < 0.1, None, noise.choice(["Bonn", "Kiel"], rows))
    return pd.DataFrame({"age": noise.normal(40 + shift, 10, rows), "city": city})


def sample(frame: pd.DataFrame, predictions: list[Any] | None = None, **facts: Any) -> Sample:
    """One request with these rows, and its answer."""
    body = json.dumps({"dataframe_split": json.loads(frame.to_json(orient="split"))})
    answer = json.dumps(
        {"predictions": [float(age > 40) for age in frame["age"]] if predictions is None else predictions}
    )
    given = {
        "request_id": f"r{next(NUMBERS)}",
        "at": 1_700_000_000_000,
        "variant": "default",
        "version": "1",
        "seconds": 0.01,
        "status": 200,
        "failed": False,
        "media_type": "application/json",
        "body": body.encode(),
        "answer": answer.encode(),
    }
    return Sample(**(given | facts))


def told(**options: Any) -> MonitoringSettings:
    """Settings of a monitor with windows of 100 rows."""
    usual: dict[str, Any] = {"window": WindowLength(rows=100), "alerts": (parse_alert("psi>0.2"),), "sample_rate": 1.0}
    return MonitoringSettings(**(usual | {"models": (("default", "models:/m/1"),)} | options))


class Kept:
    """What a monitor recorded."""

    def __init__(self) -> None:
        self.points: list[dict[str, float]] = []
        self.labels: dict[str, str] = {}
        self.files: dict[str, str] = {}

    def metrics(self, values: dict[str, float], step: int) -> None:
        assert step == len(self.points)
        self.points.append(values)

    def tags(self, values: dict[str, str]) -> None:
        self.labels |= values

    def text(self, content: str, path: str) -> None:
        assert path not in self.files
        self.files[path] = content
