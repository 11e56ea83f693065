"""How many runs match a search: counted once until something changes."""

from __future__ import annotations

from sqlalchemy import Connection

from mlflow.contract.search import Comparison, Kind, Node, Not
from mlflow.sql.kept_answers import KeptAnswers
from mlflow.sql.keys import Keys
from mlflow.sql.run_plans import Census
from mlflow.sql.runs_search import RunQuery, count_runs

__all__ = ["RunCounts"]

# Points are noted before they are folded, and datasets, like what is collected of the trash, not at all.
_NOTED = {Kind.PARAM, Kind.TAG, Kind.ATTRIBUTE}


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

        if query.view_type != "ACTIVE_ONLY" or not (query.filter is None or _is_noted(query.filter)):
            return counted()
        return self._answers.of(connection, query.experiment_ids, query._replace(order=()).digest(), counted)


def _is_noted(node: Node) -> bool:
    """Whether every change of what a filter asks is in the change log as soon as it is seen."""
    if isinstance(node, Comparison):
        return node.field.kind in _NOTED
    return _is_noted(node.item) if isinstance(node, Not) else all(map(_is_noted, node.items))
