"""A dataset as runs record it."""

from __future__ import annotations

from typing import Any

from mlflow.entities._record import Record

__all__ = ["Dataset"]


class Dataset(Record, frozen=True, omit_defaults=True):
    """What data a run used: `source`, `schema` and `profile` are JSON texts; (name, digest) identifies it."""

    name: str = ""
    digest: str = ""
    source_type: str = ""
    source: str = ""
    schema: str | None = None
    profile: str | None = None

    def to_dictionary(self) -> dict[str, Any]:
        """The attributes by name, those too that are unknown."""
        return dict(self)
