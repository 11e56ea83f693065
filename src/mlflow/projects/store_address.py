"""The store's address as a command in another folder needs it."""

from __future__ import annotations

from pathlib import Path

__all__ = ["absolute_address"]


def absolute_address(uri: str) -> str:
    """The address of a SQLite database with its path made absolute; others as they are."""
    scheme, mark, path = uri.partition(":///")
    if not scheme.startswith("sqlite") or not mark or not path or path.startswith(("/", ":", "file:")):
        return uri
    return f"{scheme}:///{Path(path).absolute()}"
