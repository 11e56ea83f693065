"""Where a journal is shipped: a server's ingest endpoint, a SQL store, or a server that knows log-batch only."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from mlflow.contract.frames import Ingested

__all__ = ["Destination"]


class Destination(Protocol):
    """What a shipper calls, from one thread at a time.

    After a fork the child's shipper goes on with its copy of the destination, so connections must not be shared
    between processes.
    """

    def ingest(self, journal_id: str, start: int, definitions: bytes, frames: memoryview) -> Ingested:
        """Apply frames in order, skipping those at or before the highest applied one of this journal.

        A slice may come again when its answer was lost, then the answer must name the same rejected frames again.

        Args:
            journal_id: 32 hexadecimal digits.
            start: the offset of the first frame.
            definitions: RUN and KEYS frames that the slice may lean on.
            frames: whole frames, valid during the call.

        Raises:
            Exception: whatever keeps it from answering; the slice is sent again later.
        """
        ...

    def upload(self, run_id: str, path: str, file: Path, sha256: str) -> None:
        """Upload a spooled file as a run's artifact, replacing what an interrupted upload left.

        Raises:
            MlflowException: when it can never succeed, by its error code; the file is set aside then.
            Exception: whatever may be gone later; the upload is tried again.
        """
        ...
