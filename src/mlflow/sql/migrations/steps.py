"""Steps of migrations that can be repeated, also where the database knows no IF NOT EXISTS for them.

Tables need none of their own: `op.create_table(…, if_not_exists=True)` works everywhere.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

__all__ = ["add_missing_column", "create_missing_index"]


def add_missing_column(table: str, column: sa.Column[Any]) -> None:
    """Add a column unless the table has one of that name."""
    if column.name not in {there["name"] for there in sa.inspect(op.get_bind()).get_columns(table)}:
        op.add_column(table, column)


def create_missing_index(name: str, table: str, columns: list[str]) -> None:
    """Create an index unless the table has one of that name."""
    if name not in {there["name"] for there in sa.inspect(op.get_bind()).get_indexes(table)}:
        op.create_index(name, table, columns)
