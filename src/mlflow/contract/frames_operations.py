"""What a journal's frames say, as typed records."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, ClassVar

import msgspec

from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.metric import Metric

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "Artifact",
    "CreateExperiment",
    "CreateRun",
    "Heartbeat",
    "Kind",
    "LogInputs",
    "Metrics",
    "ModelMetrics",
    "Operation",
    "Params",
    "Series",
    "Tags",
    "Unreadable",
    "UpdateRun",
]


class Kind(enum.IntEnum):
    """The type byte of a frame."""

    RUN = 1
    KEYS = 2
    METRICS = 3
    SERIES = 4
    MODEL_METRICS = 5
    PARAMS = 6
    TAGS = 7
    CREATE_EXPERIMENT = 8
    CREATE_RUN = 9
    UPDATE_RUN = 10
    LOG_INPUTS = 11
    ARTIFACT = 12
    HEARTBEAT = 13


class Operation(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What one frame, or a block of METRICS frames, asks the store to do.

    `end` is a safe watermark: once this operation and all before it are applied, everything up to `end` is. It is set
    by decoding and never written.
    """

    end: int = 0


class Metrics(Operation, frozen=True, eq=False):
    """Calls of log_metrics with the same run and keys, n calls of k keys.

    `steps`, `timestamps` (UTC milliseconds) and `ends` are int64[n], `values` is float64[n, k] with NaN and infinities
    as logged. `ends` are the sequence numbers of the frames: skip rows at or below the last one applied.
    """

    run_id: str
    keys: tuple[str, ...]
    steps: NDArray[np.int64]
    timestamps: NDArray[np.int64]
    values: NDArray[np.float64]
    ends: NDArray[np.int64]


class Series(Operation, frozen=True, eq=False):
    """A piece of a metric's history: int64[n] steps and timestamps, float64[n] values."""

    run_id: str
    key: str
    steps: NDArray[np.int64]
    timestamps: NDArray[np.int64]
    values: NDArray[np.float64]


class ModelMetrics(Operation, frozen=True):
    """Points that belong to a logged model or a dataset as well as to the run."""

    kind: ClassVar[Kind] = Kind.MODEL_METRICS
    run_id: str
    points: tuple[Metric, ...]


class Params(Operation, frozen=True):
    """Params of a run; a changed value is refused."""

    kind: ClassVar[Kind] = Kind.PARAMS
    run_id: str
    params: dict[str, str]


class Tags(Operation, frozen=True):
    """Tags of a run; the last value counts."""

    kind: ClassVar[Kind] = Kind.TAGS
    run_id: str
    tags: dict[str, str]


class CreateExperiment(Operation, frozen=True):
    """An experiment made without a server; one of that name may exist by now, and is then used."""

    kind: ClassVar[Kind] = Kind.CREATE_EXPERIMENT
    name: str
    creation_time: int
    artifact_location: str | None = None
    tags: dict[str, str] = {}


class CreateRun(Operation, frozen=True):
    """A run made without a server, under an id that its client chose; the experiment is known by id or by name."""

    kind: ClassVar[Kind] = Kind.CREATE_RUN
    run_id: str
    start_time: int
    experiment_id: str | None = None
    experiment_name: str | None = None
    run_name: str | None = None
    user_id: str | None = None
    tags: dict[str, str] = {}


class UpdateRun(Operation, frozen=True):
    """A run's new status, end or name; None leaves a field as it is."""

    kind: ClassVar[Kind] = Kind.UPDATE_RUN
    run_id: str
    status: str | None = None
    end_time: int | None = None
    run_name: str | None = None


class LogInputs(Operation, frozen=True):
    """Datasets and logged models that a run used."""

    kind: ClassVar[Kind] = Kind.LOG_INPUTS
    run_id: str
    datasets: tuple[DatasetInput, ...] = ()
    models: tuple[LoggedModelInput, ...] = ()


class Artifact(Operation, frozen=True):
    """A file waiting in the journal's spool folder for its upload to `path` below the run's artifact root.

    The shipper uploads it once the frames before it are applied; stores have nothing to do.
    """

    kind: ClassVar[Kind] = Kind.ARTIFACT
    run_id: str
    path: str
    file: str
    size: int
    sha256: str


class Heartbeat(Operation, frozen=True):
    """The run's process was alive at `timestamp` (UTC milliseconds)."""

    kind: ClassVar[Kind] = Kind.HEARTBEAT
    run_id: str
    timestamp: int


class Unreadable(Operation, frozen=True):
    """An intact frame that this version cannot read: reject it by `offset`, its sequence number, and go on."""

    offset: int
    reason: str
