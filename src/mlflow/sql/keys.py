"""Names of metrics, params and tags, and the numbers that stand for them inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, get_args

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.statements import insert_missing
from mlflow.sql.tables import keys

if TYPE_CHECKING:
    from mlflow.sql.engine import Database

__all__ = ["KeyKind", "Keys"]

KeyKind = Literal["metric", "param", "tag"]

_MOST_CACHED = 200_000
_CHUNK = 500
_LONGEST = 500


class Keys:
    """The keys of one database, each read once. A key is never deleted and never gets another number."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids: dict[str, dict[str, int]] = {kind: {} for kind in get_args(KeyKind)}
        self._names: dict[int, str] = {}

    def ensure(self, kind: KeyKind, names: Iterable[str]) -> dict[str, int]:
        """The numbers of names, given out now where there are none.

        This is a transaction of its own, before the one that uses the numbers: so no job waits for another's new key.
        Not to be called in a job.
        """
        wanted = set(names)
        found = self._cached(kind, wanted)
        missing = sorted(wanted - found.keys())
        if missing:
            found |= self._database.read(lambda connection: self.find(connection, kind, missing))
            missing = [name for name in missing if name not in found]
        if missing:
            _check(kind, missing)
            found |= self._database.write(lambda connection: _create(connection, kind, missing))
            self._remember(kind, found)
        return found

    def known(self, kind: KeyKind) -> Mapping[str, int]:
        """The numbers that were read already, by name; it grows meanwhile."""
        return self._ids[kind]

    def find(self, connection: Connection, kind: KeyKind, names: Iterable[str]) -> dict[str, int]:
        """The numbers of those names that have one."""
        wanted = set(names)
        found = self._cached(kind, wanted)
        missing = sorted(wanted - found.keys())
        if missing:
            found |= _select(connection, kind, missing)
            self._remember(kind, found)
        return found

    def names(self, connection: Connection, ids: Iterable[int]) -> dict[int, str]:
        """Names by number; every number must have been given out."""
        wanted = set(ids)
        names = self._names
        found = {number: names[number] for number in wanted if number in names}
        missing = sorted(wanted - found.keys())
        for start in range(0, len(missing), _CHUNK):
            chosen = sa.select(keys.c.id, keys.c.kind, keys.c.name).where(
                keys.c.id.in_(missing[start : start + _CHUNK])
            )
            for row in connection.execute(chosen):
                found[row.id] = row.name
                self._remember(row.kind, {row.name: row.id})
        return found

    def _cached(self, kind: str, names: Iterable[str]) -> dict[str, int]:
        ids = self._ids[kind]
        return {name: ids[name] for name in names if name in ids}

    def _remember(self, kind: str, ids: dict[str, int]) -> None:
        if len(self._names) > _MOST_CACHED:
            self._ids, self._names = {kind: {} for kind in self._ids}, {}
        self._ids[kind].update(ids)
        self._names.update({number: name for name, number in ids.items()})


def _select(connection: Connection, kind: str, names: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(names), _CHUNK):
        chosen = keys.c.name.in_(names[start : start + _CHUNK])
        rows = connection.execute(sa.select(keys.c.name, keys.c.id).where(keys.c.kind == kind, chosen))
        found.update((row.name, row.id) for row in rows)
    return found


def _create(connection: Connection, kind: str, names: list[str]) -> dict[str, int]:
    # in order, so that two processes that create the same names wait for each other instead of deadlocking
    connection.execute(insert_missing(connection, keys), [{"kind": kind, "name": name} for name in names])
    return _select(connection, kind, names)


def _check(kind: str, names: list[str]) -> None:
    for name in names:
        if len(name) > _LONGEST:
            raise InvalidParameterValue(
                f"The {kind} key '{name[:60]}…' has {len(name)} characters; shorten it to {_LONGEST} or fewer."
            )
