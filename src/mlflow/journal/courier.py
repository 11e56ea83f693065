"""Shipping that does not give up: failures of the destination become pauses."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable

from mlflow.contract.addresses import shown
from mlflow.journal.delivery import SLICE_BYTES, Delivery

__all__ = ["Courier"]

_random = random.SystemRandom()  # drawing from the program's own stream would change its results

_logger = logging.getLogger(__name__)

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0


class Courier:
    """Ships what waits in a journal and never raises; warns once when the destination fails, until it recovers.

    Args:
        make_delivery: called before the first attempt, and again while it fails.
        name: what warnings call the destination.
        kept: where they say that the data is.
    """

    def __init__(
        self, make_delivery: Callable[[], Delivery], name: str, kept: object, slice_bytes: int = SLICE_BYTES
    ) -> None:
        self._make_delivery = make_delivery
        self._name, self._kept, self._slice_bytes = shown(name), kept, slice_bytes
        self._delivery: Delivery | None = None
        self._failures = 0
        self.failing_since: float | None = None
        """`time.monotonic()` of the first failure since the last success."""
        self.failed_attempt: float | None = None
        """`time.monotonic()` when the last attempt began, if it failed."""

    def step(self) -> float | None:
        """Ship a slice; answer the seconds until the next step: 0 for at once, None when nothing waits."""
        began = time.monotonic()
        try:
            if self._delivery is None:
                self._delivery = self._make_delivery()
            shipped = self._delivery.step(self._slice_bytes)
        except Exception as exc:  # noqa: BLE001 - training must not die of the tracking system
            return self._failed(exc, began)
        if shipped:
            self._recovered()
        return 0.0 if shipped else None

    def _recovered(self) -> None:
        if self.failing_since is not None:
            _logger.info("%s can be reached again.", self._name)
        self._failures, self.failing_since, self.failed_attempt = 0, None, None

    def _failed(self, exc: Exception, began: float) -> float:
        self.failed_attempt = began
        if self.failing_since is None:
            self.failing_since = time.monotonic()
            _logger.warning(
                "Cannot send logged data to %s: %s. It is kept in %s and sent later.", self._name, exc, self._kept
            )
        ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._failures, 16))
        self._failures += 1
        return ceiling * _random.uniform(0.5, 1.0)
