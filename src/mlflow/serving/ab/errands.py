"""Calls that may wait for another server, one after the other in a thread, so that no decision waits for them.

Each tries once, since whoever gives them comes again: what waits is told soon after that server is back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue

from mlflow.remote.transport import tried_once

__all__ = ["Errands"]

_LOG = logging.getLogger(__name__)


class Errands:
    """Runs calls in the order in which they were given; one that fails is logged."""

    def __init__(self) -> None:
        self._calls: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._open = 0
        self._counting = threading.Lock()

    @property
    def is_idle(self) -> bool:
        """Whether all that was given is done."""
        return self._open == 0

    def give(self, call: Callable[[], object]) -> None:
        """Have something called."""
        with self._counting:
            self._open += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="mlflow-ab-errands", daemon=True)
                self._thread.start()
        self._calls.put(call)

    def close(self, seconds: float) -> None:
        """Wait for what was given, for so long; what waits for a server that is gone is left behind."""
        self._calls.put(None)
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                with tried_once():
                    call()
            except Exception:  # noqa: BLE001 - the next one may do better
                _LOG.exception("An errand of the A/B test failed.")
            with self._counting:
                self._open -= 1
