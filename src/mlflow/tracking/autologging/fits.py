"""One run for each outermost training call; what happens inside of it logs nothing of its own."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from mlflow.tracking.active_run import ActiveRun, current_run
from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.guard import guard, logger
from mlflow.tracking.autologging.record import Record
from mlflow.tracking.autologging.settings import settings
from mlflow.tracking.run_tags import MLFLOW_AUTOLOGGING
from mlflow.tracking.session import session

__all__ = ["Fit", "Observe", "Steps", "entered", "inside", "suspended"]

Steps = Generator[None, Any, None]
"""An observer's: it yields once, and is sent what the training answered."""

_here: ContextVar[object | None] = ContextVar("mlflow_autologging_fit", default=None)
_SUSPENDED = "suspended"


def inside() -> object | None:
    """The training call that this thread and context is inside of, or what else keeps autologging quiet here."""
    return _here.get()


@contextlib.contextmanager
def entered(what: object | None) -> Iterator[None]:
    """Be inside of a training call: in a thread that works for it."""
    token = _here.set(what)
    try:
        yield
    finally:
        _here.reset(token)


def suspended() -> contextlib.AbstractContextManager[None]:
    """Log nothing by itself in this block."""
    return entered(_here.get() or _SUSPENDED)


class Fit:
    """One outermost training call, while it runs.

    Attributes:
        integration: the name of what watches it.
        settings: what its `autolog` was told.
        call: the framework's function with its arguments; changes count if the observer gets as far as its `yield`.
        run: what is logged to: the user's active run, or else one that begins and ends with the call.
        is_own: whether it is the latter.
        record: what to log with.
        has_parts: whether trainings of the same framework inside of this one are parts of it, and observed for it: an
            estimator's `fit` that calls the framework's `train`.
        whole: what this is a part of; None when it is none.
    """

    def __init__(
        self,
        integration: str,
        options: Mapping[str, Any],
        call: Call,
        run: ActiveRun,
        is_own: bool = False,
        whole: Fit | None = None,
    ) -> None:
        self.integration, self.settings, self.call = integration, options, call
        self.run, self.is_own, self.whole = run, is_own, whole
        self.has_parts = False
        self.record: Record = Record(integration, run, options) if whole is None else whole.record

    @classmethod
    def begin(cls, integration: str, call: Call) -> Fit | None:
        """Begin a training; None when it is not to be logged.

        That is: autologging is off, or keeps off the user's runs, or this is inside of another training.
        """
        options, here = settings.enabled(integration), _here.get()
        if isinstance(here, Fit) and here.has_parts and here.integration == integration:
            return cls(integration, here.settings, call, here.run, whole=here)
        if options is None or here is not None:
            return None
        run = current_run()
        if run is not None:
            forbidden = options.get("exclusive") or run.pid != os.getpid()
            return None if forbidden else cls(integration, options, call, run)
        with guard(integration, "start a run"):
            tags = {**(options.get("extra_tags") or {}), MLFLOW_AUTOLOGGING: integration}
            run = session.start_run(tags=tags)
            logger.info("This %s training is logged to run %s.", integration, run.run_id)
            return cls(integration, options, call, run, is_own=True)
        return None

    def follow(self, observe: Observe) -> Any:
        """Call the framework's function, with the observer's steps before and after it."""
        steps, plain = observe(self), Call(self.call.function, self.call.args, self.call.kwargs)
        with entered(self), self._ended():
            ready = self._before(steps)
            try:
                result = self.call() if ready else plain()
            except BaseException:
                self._step(steps.close)
                raise
            if ready:
                self._step(lambda: _send(steps, result))
            if self.whole is None:
                self._step(self.record.close)
            return result

    def _before(self, steps: Steps) -> bool:
        """Whether the observer's first half went well."""
        with guard(self.integration, "watch the training"):
            next(steps)
            return True
        return False

    def _step(self, doing: Callable[[], Any]) -> None:
        with guard(self.integration, "log the training"):
            doing()

    @contextlib.contextmanager
    def _ended(self) -> Iterator[None]:
        """End the run of our own, as the call ends."""
        try:
            yield
        except BaseException as exc:
            self._end(exc)
            raise
        self._end(None)

    def _end(self, exc: BaseException | None) -> None:
        if self.is_own:
            with guard(self.integration, "end the run"):
                self.run.__exit__(type(exc) if exc else None, exc, None)


Observe = Callable[[Fit], Steps]


def _send(steps: Steps, result: Any) -> None:
    with contextlib.suppress(StopIteration):
        steps.send(result)
        steps.close()
