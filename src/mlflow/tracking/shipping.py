"""How a journal of this process reaches its destination, and those that earlier processes left."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from mlflow.exceptions import MlflowException
from mlflow.journal.destination import Destination
from mlflow.journal.orphans import ship_orphans
from mlflow.journal.shipper import Shipper
from mlflow.journal.writer import Journal
from mlflow.stores import is_database
from mlflow.tracking.database_shipper import DatabaseShipper
from mlflow.tracking.destinations import destination_for

__all__ = ["Shipping", "recover", "start_shipping"]

_logger = logging.getLogger(__name__)


class Shipping(Protocol):
    """What sends a journal on."""

    @property
    def failing(self) -> bool:
        """Whether the last attempt failed."""
        ...

    def failed_after(self, moment: float) -> bool:
        """Whether the last attempt began after a moment of `time.monotonic()` and failed."""
        ...

    def start(self) -> None:
        """Begin."""
        ...

    def wait_for(self, offset: int, timeout: float | None = None) -> bool:
        """Wait until all before an offset is applied; False if `timeout` seconds were not enough."""
        ...

    def stop(self, timeout: float = 30.0) -> bool:
        """Flush and close the journal; False if something is left for the next process."""
        ...


def start_shipping(journal: Journal, on_start: Callable[[], None]) -> Shipping:
    """Begin to ship a journal: from a thread to a server, by a child process to a database.

    Args:
        journal: of this process.
        on_start: called after something was registered to be called at the interpreter's exit.
    """
    if is_database(journal.destination):
        shipping: Shipping = DatabaseShipper(journal, on_start)
        shipping.start()
        return shipping
    shipper = Shipper(journal, destination_for(journal.destination))

    def start() -> None:
        shipper.start()
        on_start()

    journal.on_open = start
    start()
    return shipper


def recover(journal: Journal) -> threading.Thread:
    """Ship what earlier processes left for the same destination, in a thread."""
    thread = threading.Thread(target=_recover, args=(journal,), name="mlflow-journal-recovery", daemon=True)
    thread.start()
    return thread


def _recover(journal: Journal) -> None:
    def destination(uri: str) -> Destination | None:
        return destination_for(uri) if uri == journal.destination else None

    try:
        for found in ship_orphans(journal.directory, destination):
            if found.error is None and found.bytes:
                _logger.info("An earlier process had left %d bytes of logged data; they are sent now.", found.bytes)
    except (MlflowException, OSError) as exc:
        _logger.info("What earlier processes left could not be sent: %s. `mlflow sync` tries again.", exc)
