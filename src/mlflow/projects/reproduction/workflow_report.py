"""What the reproduction of a workflow found: a table of its steps, and each step's own report."""

from __future__ import annotations

from typing import Any

import msgspec

from mlflow.projects.reproduction.report import DIFFERENT, EXACT, WITHIN_TOLERANCE, Report, bullet

__all__ = ["WorkflowReport"]

_WORST_FIRST = (DIFFERENT, WITHIN_TOLERANCE, EXACT)


class WorkflowReport(msgspec.Struct, frozen=True):
    """A workflow's run and its repetition.

    Attributes:
        run_id: the workflow's run.
        reproduction_id: the run that repeated it.
        steps: the report of each step by its name, in their order.
        gaps: what was not recorded.
    """

    run_id: str
    reproduction_id: str
    steps: dict[str, Report]
    gaps: list[str]

    @property
    def verdict(self) -> str:
        """The worst of the steps."""
        found = {report.verdict for report in self.steps.values()}
        return next(verdict for verdict in _WORST_FIRST if verdict in found)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        steps = [{"step": name, **report.to_dict()} for name, report in self.steps.items()]
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain | {"verdict": self.verdict, "steps": steps}

    def to_markdown(self) -> str:
        """The report as people read it."""
        parts = [
            f"# {self.verdict}",
            "",
            f"- workflow:   {self.run_id}",
            f"- repetition: {self.reproduction_id}",
            "",
            *self._table(),
        ]
        for name, report in self.steps.items():
            if report.verdict != EXACT:
                parts += ["", f"## Step '{name}'", "", *report.body(level=3)]
        notes = ["", "## Notes", "", *map(bullet, self.gaps)] if self.gaps else []
        return "\n".join([*parts, *notes]) + "\n"

    def _table(self) -> list[str]:
        head = ("step", "verdict", "metrics", "files", "data")
        rows = [(name, report.verdict, *report.counts()) for name, report in self.steps.items()]
        widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
        lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in (head, *rows)]
        return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]
