"""Inserts that may find their row there already, in each database's own words."""

from __future__ import annotations

import functools
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite

from mlflow.sql.prepared import Prepared

__all__ = ["insert_missing", "insert_numbered", "insert_row", "insert_rows", "upsert", "upsert_rows"]

_SMALL = 1024  # bytes


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


def upsert_rows(connection: Connection, table: sa.Table, key: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """Execute an `upsert` of rows that have the same columns, and no two the same key."""
    if rows:
        statement = _prepared_upsert(connection.dialect.name, table, key, tuple(rows[0]))
        statement.execute(connection, rows if len(rows) > 1 else rows[0])


def insert_row(connection: Connection, table: sa.Table, row: dict[str, Any]) -> int:
    """Insert a row and answer its number."""
    if connection.dialect.name == "postgresql":
        return int(_returning(table, tuple(row)).execute(connection, row).scalar_one())
    return int(_plain(table, tuple(row)).execute(connection, row).lastrowid)


def insert_numbered(
    connection: Connection, table: sa.Table, rows: list[dict[str, Any]], *names: str
) -> list[tuple[Any, ...]]:
    """Insert rows that have the same columns; the number of each, in any order, before its values of those columns."""
    if connection.dialect.name == "postgresql" and _fit_arrays(rows):
        inserted = _from_arrays(table, tuple(rows[0]), names).execute(connection, _arrays(rows))
        return [tuple(row) for row in inserted]
    if len(rows) > 1 and connection.dialect.insert_executemany_returning:
        return [tuple(row) for row in connection.execute(_numbered(table, names), rows)]
    return [(insert_row(connection, table, row), *(row[name] for name in names)) for row in rows]


def insert_rows(connection: Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows that have the same columns."""
    if connection.dialect.name == "postgresql" and _fit_arrays(rows):
        _from_arrays(table, tuple(rows[0]), None).execute(connection, _arrays(rows))
    elif rows:
        _plain(table, tuple(rows[0])).execute(connection, rows if len(rows) > 1 else rows[0])


def _fit_arrays(rows: list[dict[str, Any]]) -> bool:
    """Whether arrays are worth it: packing large values into them costs more than they save."""
    return len(rows) > 1 and all(
        len(value) <= _SMALL for row in rows for value in row.values() if isinstance(value, bytes)
    )


def _arrays(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


@functools.cache
def _from_arrays(table: sa.Table, columns: tuple[str, ...], answered: tuple[str, ...] | None) -> Prepared:
    """An insert of any number of rows, given as an array a column: one text, which PostgreSQL plans once.

    Args:
        table: where to.
        columns: of the rows.
        answered: columns to answer after the number of each row; None to answer nothing.
    """
    arrays = [sa.bindparam(name, type_=sa.ARRAY(_plain_type(table.c[name]))) for name in columns]
    insert = sa.insert(table).from_select(columns, sa.select(*map(sa.func.unnest, arrays)), include_defaults=False)
    if answered is None:
        return Prepared(insert.inline())
    return Prepared(insert.returning(*table.primary_key.columns, *(table.c[name] for name in answered)))


def _plain_type(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    """The widest type of a column's kind, which the database narrows."""
    kinds: dict[type, sa.types.TypeEngine[Any]] = {
        int: sa.BigInteger(), float: sa.Double(), bytes: sa.LargeBinary(), str: sa.Text(),
    }  # fmt: skip
    decorated = column.type
    return kinds[getattr(decorated, "impl", decorated).python_type]


@functools.cache
def _plain(table: sa.Table, columns: tuple[str, ...]) -> Prepared:
    return Prepared(sa.insert(table).inline(), columns)


@functools.cache
def _returning(table: sa.Table, columns: tuple[str, ...]) -> Prepared:
    return Prepared(sa.insert(table).returning(*table.primary_key.columns), columns)


@functools.cache
def _numbered(table: sa.Table, names: tuple[str, ...]) -> sa.Executable:
    return sa.insert(table).returning(*table.primary_key.columns, *(table.c[name] for name in names))


@functools.cache
def _insert_missing(dialect: str, table: sa.Table) -> sa.Insert:
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import mysql

    first = next(iter(table.primary_key.columns))
    return mysql.insert(table).on_duplicate_key_update({first.name: first})


@functools.cache
def _prepared_upsert(dialect: str, table: sa.Table, key: tuple[str, ...], columns: tuple[str, ...]) -> Prepared:
    return Prepared(_upsert(dialect, table, key).inline(), columns)


@functools.cache
def _upsert(dialect: str, table: sa.Table, key: tuple[str, ...]) -> sa.Insert:
    others = [column.name for column in table.columns if column.name not in key and not column.primary_key]
    if dialect == "sqlite":
        lite = sqlite.insert(table)
        return lite.on_conflict_do_update(index_elements=key, set_={name: lite.excluded[name] for name in others})
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        post = postgresql.insert(table)
        return post.on_conflict_do_update(index_elements=key, set_={name: post.excluded[name] for name in others})
    from sqlalchemy.dialects import mysql

    my = mysql.insert(table)
    return my.on_duplicate_key_update({name: my.inserted[name] for name in others})
