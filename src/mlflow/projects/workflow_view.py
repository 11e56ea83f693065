"""What a workflow shows of itself: a graph with its parent run, and progress while it runs."""

from __future__ import annotations

import logging
import sys
import threading
import time
from typing import Any, Literal, Self

import msgspec

from mlflow.projects.steps import Step
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.run_tags import MLFLOW_RUN_NOTE

__all__ = ["StepState", "WorkflowView"]

_logger = logging.getLogger(__name__)
State = Literal["WAITING", "RUNNING", "FINISHED", "CACHED", "FAILED", "KILLED", "SKIPPED"]
_STYLES = {"RUNNING": "cyan", "FINISHED": "green", "CACHED": "blue", "FAILED": "red", "KILLED": "red"}


class StepState(msgspec.Struct):
    """How far a step is.

    Attributes:
        name: of the step.
        entry_point: that it runs.
        depends_on: steps before it.
        status: WAITING, RUNNING, FINISHED, CACHED (an earlier run answers it), FAILED, KILLED or SKIPPED.
        run_id: its run, or the earlier one.
        seconds: that it took.
    """

    name: str
    entry_point: str
    depends_on: tuple[str, ...]
    status: State = "WAITING"
    run_id: str | None = None
    seconds: float | None = None


class WorkflowView:
    """The states of all steps, kept in the parent run as `workflow.json`, as its description, and on the terminal.

    Args:
        client: of the store.
        run_id: the parent run.
        steps: in order.
    """

    def __init__(self, client: MlflowClient, run_id: str, steps: dict[str, Step]) -> None:
        self._client, self._run_id = client, run_id
        self.states = {s.name: StepState(s.name, s.entry_point, s.depends_on) for s in steps.values()}
        self._began: dict[str, float] = {}
        self._lock = threading.Lock()
        self._live: Any = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.live import Live

            self._live = Live(get_renderable=self._table, console=Console(stderr=True), refresh_per_second=4)
            self._live.__enter__()
        self._publish()
        return self

    def __exit__(self, *raised: object) -> None:
        self._publish()
        if self._live is not None:
            self._live.__exit__(None, None, None)

    def change(self, name: str, status: State, run_id: str | None = None) -> None:
        """A step has a new state."""
        with self._lock:
            state = self.states[name]
            state.status, state.run_id = status, run_id or state.run_id
            if status == "RUNNING":
                self._began[name] = time.monotonic()
            elif name in self._began:
                state.seconds = round(time.monotonic() - self._began[name], 3)
            took = f" in {state.seconds:.1f} s" if state.seconds is not None else ""
            if self._live is None:
                run = f" (run '{state.run_id}')" if state.run_id else ""
                _logger.info("=== Step '%s' %s%s%s ===", name, status, took, run)
            self._publish()

    def _publish(self) -> None:
        states = [msgspec.to_builtins(state) for state in self.states.values()]
        self._client.log_dict(self._run_id, {"steps": states}, "workflow.json")
        self._client.set_tag(self._run_id, MLFLOW_RUN_NOTE, self._markdown())

    def _markdown(self) -> str:
        rows = [
            f"| {s.name} | {', '.join(s.depends_on)} | {s.status} | {s.run_id or ''} |" for s in self.states.values()
        ]
        arrows = [f"  {before} --> {s.name}" for s in self.states.values() for before in s.depends_on]
        graph = ["```mermaid", "graph LR", *(f"  {name}" for name in self.states), *arrows, "```"]
        return "\n".join(["| step | after | state | run |", "|---|---|---|---|", *rows, "", *graph])

    def _table(self) -> Any:
        from rich.table import Table

        table = Table("Step", "State", "Time", "Run", box=None)
        for s in self.states.values():
            running = time.monotonic() - self._began[s.name] if s.status == "RUNNING" else s.seconds
            shown = "" if running is None else f"{running:.1f} s"
            table.add_row(s.name, s.status, shown, s.run_id or "", style=_STYLES.get(s.status, "dim"))
        return table
