"""How many runs match a search: counted once until something changes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from mlflow.contract.search import Comparison, Kind, Node, Not
from mlflow.sql.kept_answers import KeptAnswers
from mlflow.sql.keys import Keys
from mlflow.sql.run_plans import Census
from mlflow.sql.runs_search import RunQuery, count_runs

__all__ = ["RunCounts"]


class RunCounts:
    """Counts runs.

    Args:
        keys: the numbers of keys.
        census: about how many runs experiments have.
    """

    def __init__(self, keys: Keys, census: Census) -> None:
        self.census = census
        self._keys = keys
        self._answers = KeptAnswers()

    def count(self, connection: Connection, query: RunQuery) -> int:
        """How many runs match; metrics are up to date."""

        def counted() -> int:
            return count_runs(connection, self._keys, self.census, query)

        kinds = set(_kinds(query.filter))
        if query.view_type != "ACTIVE_ONLY" or Kind.DATASET in kinds:
            return counted()  # nobody notes datasets, nor what leaves the trash for good
        question, of_metrics = query._replace(order=()).digest(), Kind.METRIC in kinds
        return self._answers.of(connection, query.experiment_ids, question, counted, of_metrics=of_metrics)


def _kinds(node: Node | None) -> Iterator[Kind]:
    """Where what a filter asks about lives."""
    if isinstance(node, Comparison):
        yield node.field.kind
    elif node is not None:
        for item in (node.item,) if isinstance(node, Not) else node.items:
            yield from _kinds(item)
