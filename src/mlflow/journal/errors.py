"""Why a journal cannot take a record."""

from __future__ import annotations

from mlflow.exceptions import InvalidState, TemporarilyUnavailable

__all__ = ["JournalClosed", "JournalUnavailable"]


class JournalUnavailable(TemporarilyUnavailable):
    """The disk is full or the folder cannot be written: send the record directly, or count it as lost."""


class JournalClosed(InvalidState):
    """The journal was closed; open another."""
