"""The way around a journal that cannot be written: each record is sent at once, or counted as lost."""

from __future__ import annotations

import logging

from mlflow.contract.frames_operations import Operation
from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.batches import Batches

__all__ = ["Direct"]

_logger = logging.getLogger(__name__)


class Direct:
    """Tells a store what the journal did not take.

    Attributes:
        lost: how many records reached neither the journal nor the store.
    """

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.lost = 0
        self._batches: Batches | None = None
        self._warned = False

    def apply(self, operation: Operation, reason: Exception) -> None:
        """Send a record; training goes on when that fails too.

        Args:
            operation: what the journal did not take.
            reason: why.

        Raises:
            InvalidParameterValue: the store refuses the record.
        """
        if not self._warned:
            self._warned = True
            _logger.warning("%s Until then every log call waits for the tracking store.", reason)
        try:
            if self._batches is None:
                self._batches = Batches(tracking_backend(self.uri).store)
            self._batches.apply(operation)
        except InvalidParameterValue:
            raise
        except MlflowException as exc:
            self._count(exc)

    def _count(self, exc: MlflowException) -> None:
        self.lost += 1
        if self.lost & (self.lost - 1) == 0:  # the 1st, 2nd, 4th, 8th …
            _logger.warning("%d logged records are lost: no journal, and the store says: %s", self.lost, exc)
