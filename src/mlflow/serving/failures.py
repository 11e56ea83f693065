"""Failures of code that is not ours, told in a line."""

from __future__ import annotations

__all__ = ["in_words"]

_MOST = 500  # characters


def in_words(error: BaseException) -> str:
    """What an exception says, in one line; its kind where it says nothing."""
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - a model's own exception may fail in this too
        said = ""
    return " ".join(said.split()).rstrip(".")[:_MOST] or type(error).__name__
