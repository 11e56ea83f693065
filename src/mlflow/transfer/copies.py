"""Bringing runs from an origin into a tracking store: imports of exported folders, and copies between stores."""

from __future__ import annotations

from msgspec import Struct

from mlflow.artifacts.local import LocalStore
from mlflow.contract.caller import EVERYONE
from mlflow.entities import Run
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.run_tags import MLFLOW_PARENT_RUN_ID
from mlflow.transfer.artifact_copies import copy_files
from mlflow.transfer.exported_run import ExportedRun, Origin
from mlflow.transfer.progress import Progress, silent
from mlflow.transfer.run_target import RunTarget

__all__ = ["Copied", "copy_runs"]


class Copied(Struct, frozen=True):
    """What was brought in.

    Attributes:
        runs: the id in the target of each run, by the id it had.
        already_there: ids it had of runs that were in the target before.
        files: how many files the runs have.
        refused: what the target refused, by the id in the target.
    """

    runs: dict[str, str]
    already_there: list[str]
    files: int
    refused: dict[str, list[str]]


def copy_runs(
    origin: Origin,
    target: RunTarget,
    experiment_name: str | None = None,
    *,
    artifacts: bool = True,
    tell: Progress = silent,
) -> Copied:
    """Bring all runs of an origin into a store, each whole before the next.

    Args:
        origin: where from.
        target: where to.
        experiment_name: the experiment to put them in; that of the same name as in the origin when omitted.
        artifacts: bring their files too.
        tell: told the runs done.
    """
    work = _Work(target, experiment_name, artifacts=artifacts)
    total = origin.count()
    tell(0, total)
    for done, exported in enumerate(origin.runs(), 1):
        work.bring(exported)
        tell(done, total)
    work.link_late_parents()
    return Copied(work.runs, work.already_there, work.files, work.refused)


class _Work:
    def __init__(self, target: RunTarget, experiment_name: str | None, *, artifacts: bool) -> None:
        self.runs: dict[str, str] = {}
        self.already_there: list[str] = []
        self.files = 0
        self.refused: dict[str, list[str]] = {}
        self._target = target
        self._experiment_name = experiment_name
        self._artifacts = artifacts
        self._orphans: dict[str, str] = {}

    def bring(self, exported: ExportedRun) -> None:
        run, experiment = exported.run, exported.experiment
        place = self._target.begin(
            run, self._target.experiment(self._experiment_name or experiment.name, experiment), self._parent(run)
        )
        self.runs[run.info.run_id] = place.run_id
        if place.is_whole:
            self.already_there.append(run.info.run_id)
            return
        refused = self._target.fill(run, place.run_id, exported.histories())
        if refused:
            self.refused[place.run_id] = refused
        if self._artifacts:
            self._copy_files(exported, place.run_id)
        self._target.finish(run, place.run_id)

    def link_late_parents(self) -> None:
        """Name the parents that came after their children and have another id here."""
        store = tracking_backend(self._target.uri).store
        for child, parent in self._orphans.items():
            if self.runs.get(parent, parent) != parent:
                store.runs.set_tag(EVERYONE, self.runs[child], MLFLOW_PARENT_RUN_ID, self.runs[parent])

    def _parent(self, run: Run) -> str | None:
        parent = run.data.tags.get(MLFLOW_PARENT_RUN_ID)
        if parent is not None and parent not in self.runs:
            self._orphans[run.info.run_id] = parent
        return None if parent is None else self.runs.get(parent, parent)

    def _copy_files(self, exported: ExportedRun, run_id: str) -> None:
        store = exported.artifacts()
        if store is not None:
            folder = store.root if isinstance(store, LocalStore) else None
            self.files += copy_files(store, folder, self._target.artifacts(run_id))
