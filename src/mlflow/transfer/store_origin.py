"""Runs of a tracking store, ours or a published one, as the origin of exports and copies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from mlflow.artifacts.registry import open_store
from mlflow.artifacts.store import ArtifactStore
from mlflow.contract.caller import EVERYONE
from mlflow.entities import Experiment, Run, ViewType
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.stores import Backend
from mlflow.tracking.artifact_lookup import access_of
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.uris import get_tracking_uri, normalized
from mlflow.transfer.exported_run import History

__all__ = ["Choice", "StoreOrigin"]

_PAGE = 1000
_POINTS = 25_000  # a request, from servers without packed columns


class Choice(Struct, frozen=True, kw_only=True):
    """Which runs: those named, or those of experiments that match a filter.

    `experiments` are ids or names; none of them and no run ids means all experiments. `view` is one of `ViewType`.
    """

    run_ids: Sequence[str] = ()
    experiments: Sequence[str] = ()
    filter: str = ""
    view: int = ViewType.ACTIVE_ONLY


class StoreOrigin:
    """Runs of a tracking store.

    Args:
        choice: which runs.
        uri: the store; the one in use when omitted.
    """

    def __init__(self, choice: Choice, uri: str | None = None) -> None:
        self.uri = normalized(uri) if uri else get_tracking_uri()
        self._backend = tracking_backend(self.uri)
        self._choice = choice
        self._known: dict[str, Experiment] = {}
        self._experiment_ids = [] if choice.run_ids else self._resolve(choice.experiments)

    def count(self) -> int:
        """How many runs are chosen; servers that cannot count are asked for their lists."""
        if self._choice.run_ids:
            return len(self._choice.run_ids)
        if self._backend.extensions:
            view = ViewType.NAMES[self._choice.view]
            return self._backend.store.runs.count_runs(
                EVERYONE,
                self._experiment_ids,
                self._choice.filter,
                view,  # type: ignore[arg-type]  # the names are the contract's literals
            )
        return sum(1 for _ in self._found())

    def runs(self) -> Iterator[StoredRun]:
        """The runs chosen: in the order of their ids, or the first started first."""
        for run in self._found():
            yield StoredRun(run, self._experiment(run.info.experiment_id), self._backend)

    def _found(self) -> Iterator[Run]:
        if self._choice.run_ids:
            for run_id in self._choice.run_ids:
                yield self._backend.store.runs.get_run(EVERYONE, run_id)
            return
        token: str | None = ""
        while token is not None and self._experiment_ids:
            page = self._backend.store.runs.search_runs(
                EVERYONE,
                self._experiment_ids,
                self._choice.filter,
                ViewType.NAMES[self._choice.view],  # type: ignore[arg-type]  # as above
                _PAGE,
                ["attributes.start_time ASC", "attributes.run_id ASC"],
                token,
            )
            yield from page
            token = page.token or None

    def _resolve(self, named: Sequence[str]) -> list[str]:
        if not named:
            return [experiment.experiment_id for experiment in self._all_experiments()]
        return [self._find(text).experiment_id for text in named]

    def _find(self, text: str) -> Experiment:
        """An experiment by id or by name."""
        experiments = self._backend.store.experiments
        if text.isascii() and text.isdigit():
            try:
                return experiments.get_experiment(EVERYONE, text)
            except ResourceDoesNotExist:
                pass  # a name may look like a number
        try:
            return experiments.get_experiment_by_name(EVERYONE, text)
        except ResourceDoesNotExist as exc:
            raise ResourceDoesNotExist(
                f"There is no experiment with the id or name '{text}'; `mlflow experiments search` lists them."
            ) from exc

    def _all_experiments(self) -> Iterator[Experiment]:
        token: str | None = ""
        while token is not None:
            page = self._backend.store.experiments.search_experiments(
                EVERYONE,
                _PAGE,
                token,
                "",
                [],
                ViewType.NAMES[self._choice.view],  # type: ignore[arg-type]  # as above
            )
            yield from page
            token = page.token or None

    def _experiment(self, experiment_id: str) -> Experiment:
        if experiment_id not in self._known:
            self._known[experiment_id] = self._backend.store.experiments.get_experiment(EVERYONE, experiment_id)
        return self._known[experiment_id]


class StoredRun:
    """A run of a tracking store."""

    def __init__(self, run: Run, experiment: Experiment, backend: Backend) -> None:
        self.run = run
        self.experiment = experiment
        self._backend = backend

    def histories(self) -> Iterator[History]:
        """The history of each metric, by key."""
        for key in sorted(self.run.data.metrics):
            yield self._packed(key) if self._backend.extensions else self._paged(key)

    def artifacts(self) -> ArtifactStore | None:
        """The run's files, reached as the tracking store's clients reach them."""
        root = self.run.info.artifact_uri
        return open_store(root, access_of(self._backend.uri)) if root else None

    def _packed(self, key: str) -> History:
        columns = self._backend.store.metrics.get_metric_columns(EVERYONE, self.run.info.run_id, key)
        return History(
            key,
            np.frombuffer(columns.steps, "<i8"),
            np.frombuffer(columns.timestamps, "<i8"),
            np.frombuffer(columns.values, "<f8"),
        )

    def _paged(self, key: str) -> History:
        steps: list[int] = []
        timestamps: list[int] = []
        values: list[float] = []
        token: str | None = ""
        while token is not None:
            page = self._backend.store.metrics.get_metric_history(EVERYONE, self.run.info.run_id, key, token, _POINTS)
            for point in page:
                steps.append(point.step)
                timestamps.append(point.timestamp)
                values.append(point.value)
            token = page.token or None
        return History(key, np.array(steps, np.int64), np.array(timestamps, np.int64), np.array(values, np.float64))
