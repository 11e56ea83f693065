"""A file on its way into a run's artifacts."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

__all__ = ["ArtifactFile"]


class ArtifactFile(NamedTuple):
    """Where in the run's artifacts a file belongs, and what it holds.

    Attributes:
        path: relative, with forward slashes.
        content: the bytes themselves, or a local file that holds them; whoever made the object owns that file.
    """

    path: str
    content: bytes | Path

    def read_bytes(self) -> bytes:
        """The bytes, wherever they are."""
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()
