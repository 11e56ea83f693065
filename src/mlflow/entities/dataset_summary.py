"""A dataset as an experiment lists it."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["DatasetSummary", "_DatasetSummary"]


class DatasetSummary(Record, frozen=True, omit_defaults=True):
    """A dataset used somewhere in an experiment, and the context it was used in (`training`, …)."""

    experiment_id: str
    name: str
    digest: str
    context: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """The attributes by name."""
        return dict(self)


_DatasetSummary = DatasetSummary
