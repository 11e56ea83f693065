"""What the indices of a part's METRICS frames stand for, with packers ready for calls seen before."""

from __future__ import annotations

from collections.abc import Callable

from mlflow.contract.frames import keys_frame, metrics_body, run_frame
from mlflow.journal.part import Part

__all__ = ["Dictionary", "Entry"]

MOST_ENTRIES = 2**16

Keys = tuple[str, ...]
Entry = tuple[Callable[..., bytes], int, int, int]
"""The packer of a METRICS body, its size, the run's index and that of the keys."""


class Dictionary:
    """The definitions of one part; the next part starts with an empty one."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, Keys], Entry] = {}
        self._runs: dict[str, int] = {}
        self._keys: dict[Keys, int] = {}

    @staticmethod
    def room(run_id: str, keys: Keys) -> int:
        """How many bytes defining a run and its keys takes at most."""
        return len(run_frame(0, run_id)) + len(keys_frame(0, keys))

    def define(self, part: Part, run_id: str, keys: Keys) -> Entry:
        """The entry of a run and its keys, whose definitions are written to the part if they are not there."""
        if run_id not in self._runs:
            self._write(part, run_frame(len(self._runs), run_id))
            self._runs[run_id] = len(self._runs)
        if keys not in self._keys:
            self._write(part, keys_frame(len(self._keys), keys))
            self._keys[keys] = len(self._keys)
        if len(self.entries) >= MOST_ENTRIES:
            self.entries.clear()
        body = metrics_body(len(keys))
        entry = body.pack, body.size, self._runs[run_id], self._keys[keys]
        self.entries[run_id, keys] = entry
        return entry

    @staticmethod
    def _write(part: Part, definition: bytes) -> None:
        part.write(definition)
        part.definitions += definition
