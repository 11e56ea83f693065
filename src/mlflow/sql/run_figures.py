"""The keys that some runs have, and what is known of their values, read off these runs' rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.key_figures import KeyFigures
from mlflow.sql.keys import Keys
from mlflow.sql.tables import summaries

__all__ = ["figures_of"]


def figures_of(connection: Connection, keys: Keys, table: sa.Table, numbers: Sequence[int]) -> list[KeyFigures]:
    """The figures of each metric, param or tag.

    Args:
        connection: to read with.
        keys: of the database.
        table: summaries, params or tags.
        numbers: of the runs, at most 500.
    """
    if not numbers:
        return []
    here, key_id = table.c.run.in_(numbers), table.c.key_id
    number = table.c.latest_value if table is summaries else table.c.number
    points = sa.func.max(table.c.count) if table is summaries else sa.null()
    figures = sa.func.count(), sa.func.count(number), sa.func.min(number), sa.func.max(number), points
    rows = connection.execute(sa.select(key_id, *figures).where(here).group_by(key_id)).all()
    heads: dict[int, set[str]] = defaultdict(set)
    if table is not summaries:
        for key, head in connection.execute(sa.select(key_id, table.c.head).where(here).distinct()):
            heads[key].add(head)
    names = keys.names(connection, [row[0] for row in rows]) if rows else {}
    return [
        KeyFigures(names[key], count, table is summaries or numbered == count, low, high, frozenset(heads[key]), most)
        for key, count, numbered, low, high, most in rows
    ]
