"""What a reproduction found, for people and for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import msgspec

from mlflow.projects.reproduction.artifacts import ArtifactDifference
from mlflow.projects.reproduction.differences import Reason
from mlflow.projects.reproduction.metrics import MetricVerdict

__all__ = ["DIFFERENT", "EXACT", "WITHIN_TOLERANCE", "Report", "bullet"]

EXACT, WITHIN_TOLERANCE, DIFFERENT = "EXACT", "WITHIN TOLERANCE", "DIFFERENT"
_SHOWN = 20
_WIDTH = 80


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
        """The report as people read it, in 80 columns."""
        return "\n".join([f"# {self.verdict}", "", *self.body(level=2)]) + "\n"

    def body(self, level: int) -> list[str]:
        """The lines below the verdict, with headings of a level."""
        return [*self._head(), *self._metrics(), *self._artifacts(level), *self._reasons(level), *self._notes(level)]

    def counts(self) -> tuple[str, str, str]:
        """How many metrics, files and data sets are the same, of how many."""
        exact = sum(metric.verdict == EXACT for metric in self.metrics)
        same = self.artifact_count - sum(difference.what != "only in the second" for difference in self.artifacts)
        data = sum(self.datasets.values())
        pairs = ((exact, len(self.metrics)), (same, self.artifact_count), (data, len(self.datasets)))
        metrics, files, sets = (f"{count} of {all_of_them}" for count, all_of_them in pairs)
        return metrics, files, sets

    def _head(self) -> list[str]:
        metrics, files, data = self.counts()
        points = sum(metric.points for metric in self.metrics)
        return [
            f"- run:        {self.run_id}",
            f"- repetition: {self.reproduction_id}",
            f"- metrics:    {metrics} bit for bit ({points} point{'s' * (points != 1)})",
            f"- files:      {files} the same",
            f"- data sets:  {data} the same",
        ]

    def _metrics(self) -> list[str]:
        parting = self.parting
        if parting is None:
            return []
        parted = [metric for metric in self.metrics if metric.parts_at is not None]
        rows = [bullet(_told(metric)) for metric in parted[:_SHOWN]]
        return ["", f"The curves part first at step {parting.parts_at}, in '{parting.key}':", "", *rows, *_more(parted)]

    def _artifacts(self, level: int) -> list[str]:
        if not self.artifacts:
            return []
        rows = [bullet(f"`{found.path}`: {found.what}") for found in self.artifacts[:_SHOWN]]
        return ["", f"{'#' * level} Files", "", *rows, *_more(self.artifacts)]

    def _reasons(self, level: int) -> list[str]:
        if self.verdict == EXACT or not self.reasons:
            return []
        rows = [bullet(f"{r.kind}: {r.name}: {r.first or '–'} → {r.second or '–'}") for r in self.reasons[:_SHOWN]]
        heading = f"{'#' * level} What may explain it, the likeliest first"
        return ["", heading, "", *rows, *_more(self.reasons)]

    def _notes(self, level: int) -> list[str]:
        notes = [*self.gaps]
        if self.left_out:
            notes.append(f"Left out, since no repetition can equal them: {', '.join(self.left_out)}.")
        return ["", f"{'#' * level} Notes", "", *map(bullet, notes)] if notes else []


def _told(metric: MetricVerdict) -> str:
    apart = "" if metric.largest is None else f", at most {metric.largest:.3g} apart"
    values = f"{_number(metric.first)} → {_number(metric.second)}"
    return f"{metric.key}: {metric.verdict} from step {metric.parts_at}: {values}{apart}"


def _number(value: float | None) -> str:
    return "–" if value is None else repr(value)


def bullet(text: str) -> str:
    """A list's item, wrapped at 80 columns."""
    return textwrap.fill(
        text, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _more(found: Sequence[object]) -> list[str]:
    return [f"- … and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
