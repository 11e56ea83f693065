"""The end of the process that logged."""

from __future__ import annotations

import atexit
import logging
import sys
from collections.abc import Callable

from mlflow.contract.addresses import shown
from mlflow.journal.writer import Journal

__all__ = ["EXIT_SECONDS", "at_exit", "warn_of_rest"]

EXIT_SECONDS = 30.0

_logger = logging.getLogger(__name__)


def at_exit(stop: Callable[[], object]) -> None:
    """Have the interpreter's end call something; workers of multiprocessing end without `atexit`."""
    processes = sys.modules.get("multiprocessing.process")
    if processes is not None and processes.parent_process() is not None:
        from multiprocessing.util import Finalize

        Finalize(None, stop, exitpriority=0)
    else:
        atexit.unregister(stop)  # a forked child has its parent's
        atexit.register(stop)


def warn_of_rest(journal: Journal, acknowledged: int) -> None:
    """Say that something is left for the next process."""
    _logger.warning(
        "%d bytes of logged data did not reach %s. They are kept in %s: the next process or `mlflow sync` sends them.",
        journal.end_offset - acknowledged,
        shown(journal.destination),
        journal.folder,
    )
