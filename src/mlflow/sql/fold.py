"""Moving points from `blocks` to segments and summaries, before what they change is read."""

from __future__ import annotations

from collections.abc import Collection

from mlflow.sql.engine import Database

__all__ = ["Fold"]


class Fold:
    """Brings summaries up to date."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def settle(self, experiment_ids: Collection[int] | None = None, run_pks: Collection[int] | None = None) -> None:
        """Return once every point that was durable before the call is in the summaries of these experiments or runs.

        Neither argument means all. Not to be called in a job.
        """
