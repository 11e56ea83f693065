"""Repeat a workflow: its steps one after another in one folder, none answered from an earlier run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self

from mlflow.entities import RunStatus
from mlflow.environments.built import Activation
from mlflow.environments.python_environment import local_activation
from mlflow.projects.origin import ProjectOrigin
from mlflow.projects.reproduction.checkout import restore_code
from mlflow.projects.reproduction.data import check_data
from mlflow.projects.reproduction.failures import tell_gaps
from mlflow.projects.reproduction.metrics import Tolerance
from mlflow.projects.reproduction.place import Place
from mlflow.projects.reproduction.record import Gap, Record, read_record
from mlflow.projects.reproduction.recorded_steps import RecordedStep, outputs_of, recorded_steps
from mlflow.projects.reproduction.repetition import begin, end_status, repeat
from mlflow.projects.reproduction.report import Report
from mlflow.projects.reproduction.rerun import locked_environment, working_folder
from mlflow.projects.reproduction.verdict import judge, publish
from mlflow.projects.reproduction.workflow_report import WorkflowReport
from mlflow.projects.steps import Step
from mlflow.projects.workflow import STEP_NAME
from mlflow.projects.workflow_view import WorkflowView
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.run_tags import MLFLOW_PARENT_RUN_ID

__all__ = ["examine_workflow", "reproduce_workflow"]

_FINISHED = RunStatus.to_string(RunStatus.FINISHED)


def reproduce_workflow(
    client: MlflowClient,
    run_id: str,
    environment: Literal["lock", "local"],
    tolerance: Tolerance,
    folder: Path | None,
    said: Callable[[str], None],
    *,
    ignore_data: bool = False,
) -> WorkflowReport:
    """Repeat every step of a workflow that succeeded; see `reproduce`."""
    with _Recorded(client, run_id) as recorded:
        gaps = tell_gaps(run_id, recorded.gaps(), said)
        with Place(folder) as place:
            said(f"Restoring the code to {place} …")
            gaps += tell_gaps(run_id, recorded.gaps_in(place, ignore_data=ignore_data), said)
            said("Preparing the environments …")
            activations = {
                name: locked_environment(record, place) if environment == "lock" else local_activation()
                for name, record in recorded.records.items()
            }
            again = begin(client, recorded.parent.run)
            made = recorded.repeat(again, place, activations, said)
        steps = {name: _judged(client, recorded.records[name], made[name], tolerance) for name in recorded.records}
    report = WorkflowReport(run_id, again, steps, gaps)
    for one in steps.values():
        publish(client, one)
    publish(client, report)
    return report


def examine_workflow(client: MlflowClient, run_id: str) -> list[Gap]:
    """What a repetition would lack; see `examine`."""
    with _Recorded(client, run_id) as recorded:
        gaps = recorded.gaps()
        if not any(gap.fatal for gap in gaps):
            with Place() as place:
                gaps += recorded.gaps_in(place, ignore_data=False)
    return sorted(gaps, key=lambda gap: not gap.fatal)


def _judged(client: MlflowClient, record: Record, repeated: str, tolerance: Tolerance) -> Report:
    second = read_record(client, repeated)
    try:
        return judge(client, record, second, tolerance, [])
    finally:
        shutil.rmtree(second.files, ignore_errors=True)


class _Recorded:
    """A workflow's run with the records of its steps that succeeded, in their order."""

    def __init__(self, client: MlflowClient, run_id: str) -> None:
        self._client = client
        self._steps = recorded_steps(client, run_id)
        self._run_id = run_id

    def __enter__(self) -> Self:
        self.parent = read_record(self._client, self._run_id)
        done = [step for step in self._steps if step.run_id and step.status in {"FINISHED", "CACHED"}]
        self.records = {step.name: read_record(self._client, str(step.run_id)) for step in done}
        return self

    def __exit__(self, *raised: object) -> None:
        for record in (self.parent, *self.records.values()):
            shutil.rmtree(record.files, ignore_errors=True)

    @property
    def _code(self) -> Record:
        """The one whose code is restored: as it was before the first step, else as the first step found it."""
        first = next(iter(self.records.values()), self.parent)
        return self.parent if self.parent.source else first

    def gaps(self) -> list[Gap]:
        """What was not recorded; the same of several steps once."""
        if not self.records:
            return [Gap("None of its steps succeeded, so there is nothing to compare.", fatal=True)]
        left = [step for step in self._steps if step.name not in self.records]
        gaps = [Gap(f"Step '{step.name}' is left out: it was {step.status}.") for step in left]
        names: dict[Gap, list[str]] = {}
        for name, record in self.records.items():
            for gap in record.gaps():
                names.setdefault(gap, []).append(name)
        for gap, whose in names.items():
            which = "" if len(whose) == len(self.records) else f"Of {', '.join(whose)}: "
            gaps.append(Gap(f"{which}{gap.what}", gap.fatal, gap.about))
        return sorted(gaps, key=lambda gap: not gap.fatal)

    def gaps_in(self, place: Path, *, ignore_data: bool) -> list[Gap]:
        """Lay the code into a folder; what is missing then of the data that no step makes."""
        restore_code(self._code, place)
        made: list[Path] = []
        gaps: dict[Gap, None] = {}
        for record in self.records.values():
            folder, places = working_folder(record, place)
            for check in check_data(record, folder, places, made=made, ignored=ignore_data):
                gap = check.gap(ignored=ignore_data)
                gaps |= {gap: None} if gap is not None else {}
            made += [folder / name for name in outputs_of(record.run)]
        return list(gaps)

    def repeat(
        self, run_id: str, place: Path, activations: dict[str, Activation], said: Callable[[str], None]
    ) -> dict[str, str]:
        """Run the steps for runs inside of one; returns the id of each."""
        client, made = self._client, {}
        steps = {step.name: _step(step, self.records) for step in self._steps if step.name in self.records}
        try:
            folder, _ = working_folder(self.parent, place)
            with ProjectOrigin(run_id, client.tracking_uri, folder), WorkflowView(client, run_id, steps) as view:
                for name, record in self.records.items():
                    tags = {MLFLOW_PARENT_RUN_ID: run_id, STEP_NAME: name}
                    made[name] = begin(client, record.run, tags)
                    view.change(name, "RUNNING", made[name])
                    try:
                        repeat(client, record, made[name], place, activations[name], said, inside=True)
                    except BaseException as exc:
                        view.change(name, "KILLED" if end_status(exc) == "KILLED" else "FAILED")
                        raise
                    view.change(name, "FINISHED")
        except BaseException as exc:
            client.set_terminated(run_id, end_status(exc))
            raise
        client.set_terminated(run_id, _FINISHED)
        return made


def _step(step: RecordedStep, records: dict[str, Record]) -> Step:
    depends_on = tuple(name for name in step.depends_on if name in records)
    return Step(step.name, step.entry_point, depends_on, outputs=tuple(outputs_of(records[step.name].run)))
