"""Copies of requests for models whose answers nobody sees, compared with the answers that callers got."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import Full, Queue

from mlflow.exceptions import MlflowException
from mlflow.serving.traffic.comparison import SAME_WITHIN, difference
from mlflow.serving.wire import Form

__all__ = ["Shadows", "Tell"]

_LOG = logging.getLogger(__name__)
_MOST_WAITING = 100

Answer = Callable[[Form, bytes], bytes]
Tell = Callable[[str, float], None]
"""Told an outcome (same, different, failed or dropped) and the largest difference of a number."""


class Shadows:
    """Asks one shadow after another in a thread of their own; copies that would have to wait long are dropped.

    Nothing here can delay or change an answer, but for the time of the processor that it takes.
    """

    def __init__(self) -> None:
        self._queue: Queue[tuple[Answer, Tell, Form, bytes, bytes] | None] = Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None

    def mirror(self, answer: Answer, tell: Tell, form: Form, body: bytes, given: bytes) -> None:
        """Ask a shadow what a caller asked.

        Args:
            answer: of the shadow.
            tell: told how its answer compares.
            form: how the request is written.
            body: of the request.
            given: the answer that the caller got.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="mlflow-shadows", daemon=True)
            self._thread.start()
        try:
            self._queue.put_nowait((answer, tell, form, body, given))
        except Full:
            tell("dropped", 0.0)

    def close(self, seconds: float) -> None:
        """Let those that wait be asked, for so long."""
        if self._thread is not None:
            try:
                self._queue.put(None, timeout=seconds)
            except Full:
                return
            self._thread.join(seconds)

    def _work(self) -> None:
        while (copy := self._queue.get()) is not None:
            answer, tell, form, body, given = copy
            try:
                tell(*_outcome(answer, form, body, given))
            except Exception:  # noqa: BLE001 - the next copy is to be asked all the same
                _LOG.exception("A shadow could not be compared.")
            del copy, answer, tell, form, body, given


def _outcome(answer: Answer, form: Form, body: bytes, given: bytes) -> tuple[str, float]:
    try:
        own = answer(form, body)
    except MlflowException:
        return "failed", 0.0
    found = 0.0 if own == given else difference(form.predictions(given), form.predictions(own))
    return ("same" if found <= SAME_WITHIN else "different"), found
