"""Inserts that may find their row there already, in each database's own words."""

from __future__ import annotations

import functools
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import mysql, postgresql, sqlite

__all__ = ["insert_missing", "insert_row", "upsert"]


def insert_missing(connection: Connection, table: sa.Table) -> sa.Insert:
    """An insert that leaves rows alone whose key is taken."""
    return _insert_missing(connection.dialect.name, table)


def upsert(connection: Connection, table: sa.Table, key: tuple[str, ...]) -> sa.Insert:
    """An insert that overwrites all other columns of a row whose key is taken.

    Args:
        connection: its kind of database decides about the words.
        table: where to.
        key: the columns of the primary key or of a unique constraint.
    """
    return _upsert(connection.dialect.name, table, key)


def insert_row(connection: Connection, table: sa.Table, row: dict[str, Any]) -> int:
    """Insert a row and answer its number."""
    inserted = connection.execute(_plain_insert(table), row).inserted_primary_key
    assert inserted is not None  # a single row always has one
    return int(inserted[0])


@functools.cache
def _plain_insert(table: sa.Table) -> sa.Insert:
    return sa.insert(table)


@functools.cache
def _insert_missing(dialect: str, table: sa.Table) -> sa.Insert:
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    first = next(iter(table.primary_key.columns))
    return mysql.insert(table).on_duplicate_key_update({first.name: first})


@functools.cache
def _upsert(dialect: str, table: sa.Table, key: tuple[str, ...]) -> sa.Insert:
    others = [column.name for column in table.columns if column.name not in key and not column.primary_key]
    if dialect == "sqlite":
        lite = sqlite.insert(table)
        return lite.on_conflict_do_update(index_elements=key, set_={name: lite.excluded[name] for name in others})
    if dialect == "postgresql":
        post = postgresql.insert(table)
        return post.on_conflict_do_update(index_elements=key, set_={name: post.excluded[name] for name in others})
    my = mysql.insert(table)
    return my.on_duplicate_key_update({name: my.inserted[name] for name in others})
