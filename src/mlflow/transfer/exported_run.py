"""A run as it is carried from one place to another, and where runs are taken from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from mlflow.artifacts.store import ArtifactStore
from mlflow.entities import Experiment, Run

__all__ = ["ExportedRun", "History", "Origin"]


class History(Struct, frozen=True, eq=False):
    """All points of one metric: columns of equal length, ordered by timestamp, step, value.

    `steps` and `timestamps` (UTC milliseconds) are int64, `values` float64 with NaN as it is.
    """

    key: str
    steps: npt.NDArray[np.int64]
    timestamps: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.steps)


class ExportedRun(Protocol):
    """A run with its histories and files."""

    @property
    def run(self) -> Run:
        """Facts, params, tags, inputs and outputs."""

    @property
    def experiment(self) -> Experiment:
        """The experiment it belongs to."""

    def histories(self) -> Iterator[History]:
        """The history of each metric."""

    def artifacts(self) -> ArtifactStore | None:
        """Its files; None when it has no place for any."""


class Origin(Protocol):
    """Where runs are taken from."""

    def count(self) -> int:
        """How many runs there are."""

    def runs(self) -> Iterator[ExportedRun]:
        """The runs, parents before the runs nested in them where that can be told."""
