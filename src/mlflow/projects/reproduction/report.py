"""What a reproduction found, for people and for programs."""

from __future__ import annotations

from typing import Any

import msgspec

from mlflow.projects.reproduction.artifacts import ArtifactDifference
from mlflow.projects.reproduction.differences import Reason
from mlflow.projects.reproduction.metrics import MetricVerdict

__all__ = ["DIFFERENT", "EXACT", "WITHIN_TOLERANCE", "Report"]

EXACT, WITHIN_TOLERANCE, DIFFERENT = "EXACT", "WITHIN TOLERANCE", "DIFFERENT"
_SHOWN = 20


class Report(msgspec.Struct, frozen=True):
    """A run and its repetition.

    Attributes:
        run_id: the run.
        reproduction_id: the run that repeated it.
        verdict: EXACT: every metric bit for bit and every file; WITHIN TOLERANCE: every metric's every point within
            it; else DIFFERENT.
        metrics: one by one, the worst first.
        artifacts: the files that differ.
        artifact_count: how many files the run has.
        reasons: what differs between the two origins, the likeliest to explain it first.
        gaps: what the run had not recorded.
        left_out: metrics that no repetition can equal.
        datasets: for each data set's name, whether its digest is the same in both runs.
    """

    run_id: str
    reproduction_id: str
    verdict: str
    metrics: list[MetricVerdict]
    artifacts: list[ArtifactDifference]
    artifact_count: int
    reasons: list[Reason]
    gaps: list[str]
    left_out: list[str]
    datasets: dict[str, bool] = {}

    @property
    def parting(self) -> MetricVerdict | None:
        """The metric whose curves part first; None when none do."""
        parted = [metric for metric in self.metrics if metric.parts_at is not None]
        return min(parted, key=lambda metric: metric.parts_at or 0) if parted else None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        parting = self.parting
        return plain | {"first_parting": None if parting is None else {"metric": parting.key, "step": parting.parts_at}}

    def to_markdown(self) -> str:
        """The report as people read it."""
        return "\n".join([*self._head(), *self._metrics(), *self._artifacts(), *self._reasons(), *self._notes()]) + "\n"

    def _head(self) -> list[str]:
        exact = sum(metric.verdict == EXACT for metric in self.metrics)
        points = sum(metric.points for metric in self.metrics)
        same = self.artifact_count - sum(difference.what != "only in the second" for difference in self.artifacts)
        return [
            f"# {self.verdict}",
            "",
            f"Run {self.run_id} was repeated by run {self.reproduction_id}.",
            "",
            f"- metrics: {exact} of {len(self.metrics)} bit for bit ({points} points)",
            f"- files: {same} of {self.artifact_count} the same",
            f"- data sets: {sum(self.datasets.values())} of {len(self.datasets)} the same",
        ]

    def _metrics(self) -> list[str]:
        parting = self.parting
        if parting is None:
            return []
        rows = [_row(metric) for metric in self.metrics if metric.parts_at is not None]
        return [
            f"- curves part first at step {parting.parts_at}, in '{parting.key}'",
            "",
            "| metric | verdict | parts at step | run | repetition | largest difference |",
            "|---|---|---|---|---|---|",
            *rows[:_SHOWN],
        ]

    def _artifacts(self) -> list[str]:
        if not self.artifacts:
            return []
        return ["", "## Files", "", *(f"- `{found.path}`: {found.what}" for found in self.artifacts[:_SHOWN])]

    def _reasons(self) -> list[str]:
        if self.verdict == EXACT or not self.reasons:
            return []
        rows = [f"- {r.kind}: {r.name}: {r.first or '–'} → {r.second or '–'}" for r in self.reasons[:_SHOWN]]
        return ["", "## What may explain it, the likeliest first", "", *rows]

    def _notes(self) -> list[str]:
        notes = [*self.gaps]
        if self.left_out:
            notes.append(f"Left out, since no repetition can equal them: {', '.join(self.left_out)}.")
        return ["", "## Notes", "", *(f"- {note}" for note in notes)] if notes else []


def _row(metric: MetricVerdict) -> str:
    numbers = " | ".join(map(_number, (metric.first, metric.second, metric.largest)))
    return f"| {metric.key} | {metric.verdict} | {metric.parts_at} | {numbers} |"


def _number(value: float | None) -> str:
    return "–" if value is None else repr(value)
