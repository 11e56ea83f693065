"""The runs a program has open, and which of them is the active one here.

The stack of active runs is one contextvar, so threads and tasks have their own. A context whose stack is empty looks at
what the thread's last context left behind, unless the task that left it still runs: so a run that one notebook cell
starts, in a task of its own, is active in the next.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mlflow.entities import Run, RunStatus

if TYPE_CHECKING:
    from mlflow.tracking.run_log import RunLog

__all__ = ["ActiveRun", "active_runs", "current_run", "pop_run", "push_run"]

_FINISHED, _FAILED = RunStatus.to_string(RunStatus.FINISHED), RunStatus.to_string(RunStatus.FAILED)


class ActiveRun(Run):
    """A run this process logs to; leaving its `with` block ends it: FAILED when an exception leaves, else FINISHED.

    What it shows is the run as it was when it started; `mlflow.get_run` shows what was logged since.
    """

    __slots__ = ("ended", "ended_at", "joined", "log", "on_end", "pid", "run_id", "synchronous")

    log: RunLog

    def __init__(self, run: Run, on_end: Callable[[ActiveRun, str], None] | None = None) -> None:
        super().__init__(run.info, run.data, run.inputs, run.outputs)
        self.run_id = run.info.run_id
        self.on_end = on_end
        self.pid = os.getpid()
        self.ended = False
        self.ended_at: int | None = None  # milliseconds since 1970
        self.joined = False  # another process, a lower rank, says how the run ends
        self.synchronous = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.on_end is not None and not self.ended:
            self.on_end(self, _FINISHED if exc_type is None else _FAILED)

    @classmethod
    def _names(cls) -> tuple[str, ...]:
        return Run._names()


_stack: ContextVar[tuple[ActiveRun, ...]] = ContextVar("mlflow_active_runs", default=())


class _Left(threading.local):
    """What the last context of a thread that started or ended a run left behind, and its task, if it was one."""

    runs: tuple[ActiveRun, ...] = ()
    task: Callable[[], Any] | None = None


_left = _Left()


def current_run() -> ActiveRun | None:
    """The run that log calls of this thread and context go to."""
    runs = _stack.get()
    if runs and not runs[-1].ended:
        return runs[-1]
    found = active_runs()
    return found[-1] if found else None


def active_runs() -> tuple[ActiveRun, ...]:
    """The open runs of this thread and context, the active one last."""
    return _open(_stack.get()) or (_open(_left.runs) if _left_over() else ())


def push_run(run: ActiveRun) -> None:
    """Make a run the active one."""
    _set((*active_runs(), run))


def pop_run(run: ActiveRun) -> tuple[ActiveRun, ...]:
    """Take a run and those nested in it from the stack; answers them, the innermost first."""
    runs = active_runs()
    for at, found in enumerate(runs):
        if found is run:
            _set(runs[:at])
            return runs[at:][::-1]
    return (run,)


def _set(runs: tuple[ActiveRun, ...]) -> None:
    _stack.set(runs)
    task = _task()
    _left.runs, _left.task = runs, None if task is None else weakref.ref(task)


def _open(runs: tuple[ActiveRun, ...]) -> tuple[ActiveRun, ...]:
    return tuple(run for run in runs if not run.ended)


def _left_over() -> bool:
    """Whether what the thread's last context left is anybody's now: its task is over, or it was none."""
    task = _left.task and _left.task()
    return task is None or task.done()


def _task() -> Any:
    """The asyncio task that runs here, if any."""
    current_task = getattr(sys.modules.get("asyncio"), "current_task", None)
    if current_task is None:  # never imported, or just being imported by another thread: no task has begun
        return None
    try:
        return current_task()
    except RuntimeError:  # no loop runs in this thread
        return None
