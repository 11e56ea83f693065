"""Requests by when they were assigned, until all that were assigned with them are answered.

Answers alone would mislead: at any moment more of a slow variant's are still missing. So requests wait here until every
one of their time has been answered, or has failed by taking too long.

The requests of a sticky key all go one way, so each key counts once; of very many keys, a part chosen by their hash.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b

import msgspec

from mlflow.serving.ab.database import read_mark, write_mark
from mlflow.serving.ab.tallies import Slot

__all__ = ["Assigned", "note_assigned", "take_assigned"]

_STRETCH = 1_000  # milliseconds that are counted together
_MOST_KEYS = 500_000
_HASHES = 1 << 63


class Assigned(msgspec.Struct, frozen=True):
    """A request, as it was assigned.

    Attributes:
        slot: the number of its slot.
        at: when, in milliseconds of UTC.
        key: the sticky key that decided; empty where the request had none.
    """

    slot: int
    at: int
    key: str


def note_assigned(
    connection: sqlite3.Connection, experiment: int, requests: Iterable[Assigned], most_keys: int = _MOST_KEYS
) -> None:
    """Keep requests until they are due. In a transaction.

    Args:
        connection: of the transaction.
        experiment: that they belong to.
        requests: that were answered.
        most_keys: that are remembered; when there are more, every other one does not count from then on.
    """
    level, fresh = read_mark(connection, "key_level"), 0
    for one in requests:
        if one.key:
            if not _is_first(connection, experiment, one.key, _HASHES >> level):
                continue
            fresh += 1
        connection.execute(
            "INSERT INTO assigned (slot, stretch, requests) VALUES (?, ?, 1) "
            "ON CONFLICT DO UPDATE SET requests = requests + 1",
            (one.slot, one.at // _STRETCH),
        )
    if not fresh:
        return
    known = read_mark(connection, "keys") + fresh
    if known > most_keys:
        level += 1
        connection.execute("DELETE FROM keys WHERE experiment <> ? OR id >= ?", (experiment, _HASHES >> level))
        known = int(connection.execute("SELECT count(*) FROM keys").fetchone()[0])
        write_mark(connection, "key_level", level)
    write_mark(connection, "keys", known)


def take_assigned(connection: sqlite3.Connection, experiment: int, since: int, before: int) -> dict[Slot, int]:
    """Take what was assigned before a time, in whole seconds, and drop what was before another. In a transaction.

    Args:
        connection: of the transaction.
        experiment: what belongs to others is dropped too.
        since: in milliseconds of UTC.
        before: likewise.
    """
    rows = connection.execute(
        "SELECT stretch, experiment, document, requests FROM assigned JOIN slots ON slots.id = assigned.slot "
        "WHERE stretch < ?",
        (before // _STRETCH,),
    ).fetchall()
    if rows:
        connection.execute("DELETE FROM assigned WHERE stretch < ?", (before // _STRETCH,))
    found: dict[Slot, int] = {}
    for stretch, owner, document, requests in rows:
        if owner == experiment and stretch * _STRETCH >= since:
            slot = msgspec.json.decode(document, type=Slot)
            found[slot] = found.get(slot, 0) + requests
    return found


def _is_first(connection: sqlite3.Connection, experiment: int, key: str, limit: int) -> bool:
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8, person=b"first").digest()
    number = int.from_bytes(digest) >> 1
    if number >= limit:
        return False
    added = connection.execute("INSERT OR IGNORE INTO keys (experiment, id) VALUES (?, ?)", (experiment, number))
    return added.rowcount == 1
