"""Where the client's journals are shipped to: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Protocol

from mlflow.contract.access import filtered
from mlflow.contract.caller import Caller
from mlflow.contract.frames import Ingested
from mlflow.contract.route import route, stream

__all__ = ["Journals"]


class Journals(Protocol):
    """Exactly-once intake of journal frames.

    The store remembers, in the transaction that applies them, the end offset of the last frame applied per journal:
    frames at or before it are skipped, so sending again is harmless.
    """

    @stream(
        "POST",
        "ext/v1/journals/{journal_id}/frames",
        access=filtered(),
        body=("start", "definitions", "frames"),
    )
    def ingest(self, caller: Caller, journal_id: str, start: int, definitions: bytes, frames: bytes) -> Ingested:
        """Apply the frames from offset `start` on, in order, one by one.

        A frame that is refused (an unknown run, a changed param) is reported with its reason and the rest go on.

        Raises:
            DataLoss: the bytes are damaged; nothing after the damage was applied.
        """
        ...

    @route("GET", "ext/v1/journals/{journal_id}", access=filtered(), envelope="applied")
    def get_applied(self, caller: Caller, journal_id: str) -> int:
        """The end offset of the last frame applied; 0 for a journal never heard of."""
        ...
