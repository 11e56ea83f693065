"""Statements that are compiled once.

SQLAlchemy looks a statement up in its cache each time it is executed, which costs 15 to 20 µs; a small write is five
statements. What these return are the driver's own values, which is right for texts, numbers and bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.sql.compiler import SQLCompiler

__all__ = ["Prepared"]

Parameters = Mapping[str, Any]


class _Compiled(NamedTuple):
    text: str
    positions: tuple[str, ...] | None  # the names of parameters by position; None where they are given by name
    constants: dict[str, Any]


class Prepared:
    """A statement without lists of variable length.

    Args:
        statement: parameters are its `bindparam`s; an insert without values takes all columns named in `columns`.
        columns: of an insert.
    """

    def __init__(self, statement: sa.Executable, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = None if columns is None else list(columns)
        self._compiled: dict[str, _Compiled] = {}

    def execute(self, connection: Connection, parameters: Parameters | Sequence[Parameters]) -> sa.CursorResult[Any]:
        """Execute with the parameters of one row, or of several as a list."""
        compiled = self._compiled.get(connection.dialect.name) or self._compile(connection)
        if isinstance(parameters, Mapping):
            return connection.exec_driver_sql(compiled.text, _arguments(compiled, parameters))
        return connection.exec_driver_sql(compiled.text, [_arguments(compiled, row) for row in parameters])

    def _compile(self, connection: Connection) -> _Compiled:
        assert isinstance(self._statement, sa.ClauseElement)
        compiled = self._statement.compile(dialect=connection.dialect, column_keys=self._columns)
        assert isinstance(compiled, SQLCompiler)
        constants = {name: value for name, value in compiled.params.items() if name not in (self._columns or ())}
        positions = None if compiled.positiontup is None else tuple(compiled.positiontup)
        ready = _Compiled(compiled.string, positions, constants)
        self._compiled[connection.dialect.name] = ready
        return ready


def _arguments(compiled: _Compiled, parameters: Parameters) -> Any:
    named = {**compiled.constants, **parameters}
    return named if compiled.positions is None else tuple([named[name] for name in compiled.positions])
