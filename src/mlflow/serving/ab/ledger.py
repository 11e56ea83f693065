"""Who answered which request, and what that was worth.

A reward is joined to its request here, in any process of the server. What arrives waits in a queue for the process that
decides, which counts it exactly once. The oldest requests are forgotten, so the file stays bounded.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from mlflow.serving.ab.assigned import Assigned, note_assigned
from mlflow.serving.ab.database import Database, read_mark, write_mark
from mlflow.serving.ab.intervals import Moments
from mlflow.serving.ab.tallies import Slot, Tally

__all__ = ["Answered", "Arrival", "Ledger", "Outcome", "Reward"]

_AT_ONCE = 20_000  # arrivals that are counted in one transaction
_SPARE = 1_000  # requests over the limit before the oldest are forgotten
_SETTLED = "settled"  # the last request that counts whether it has a reward or not

Outcome = Literal["counted", "repeated", "unknown"]


class Reward(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an answer turned out to be worth.

    Attributes:
        request_id: as the answer's header `X-Request-Id` told it.
        reward: how much; more is better.
    """

    request_id: str
    reward: float


class Answered(msgspec.Struct, frozen=True):
    """An answered request, on its way into the ledger.

    Attributes:
        request_id: its id.
        slot: where it counts.
        at: when it was answered, in milliseconds of UTC.
        seconds: that this took.
        failed: whether its variant is to blame.
        bad: for each guardrail, whether it counts against it.
        key: the sticky key that its variant was chosen by; empty where there was none.
    """

    request_id: str
    slot: Slot
    at: int
    seconds: float
    failed: bool
    bad: tuple[bool, ...]
    key: str = ""


class Arrival(msgspec.Struct, frozen=True):
    """A reward that waits to be counted.

    Attributes:
        slot: of its request.
        reward: how much.
        late: whether the request already counts as one that earned 0.
    """

    slot: Slot
    reward: float
    late: bool


class Ledger:
    """The requests and rewards of one server.

    Args:
        database: where they are kept.
        keep: how many requests are remembered.
    """

    def __init__(self, database: Database, keep: int) -> None:
        self._database, self._keep = database, keep

    def add(self, experiment: int, answered: Sequence[Answered]) -> None:
        """Remember answered requests; of two with the same id, the first."""
        with self._database.transaction() as connection:
            fresh: dict[int, Tally] = {}
            numbers: dict[Slot, int] = {}
            assigned: list[Assigned] = []
            for one in answered:
                number = numbers.get(one.slot) or numbers.setdefault(one.slot, _slot(connection, experiment, one.slot))
                added = connection.execute(
                    "INSERT OR IGNORE INTO requests (id, slot, at) VALUES (?, ?, ?)",
                    (_key(one.request_id), number, one.at),
                )
                if added.rowcount:
                    tally = fresh.get(number) or fresh.setdefault(number, Tally())
                    tally.count(one.seconds, one.failed, one.bad)
                    assigned.append(Assigned(number, one.at - round(one.seconds * 1000), one.key))
            for number, tally in fresh.items():
                _change(connection, number, tally)
            note_assigned(connection, experiment, assigned)
            self._forget(connection)

    def reward(self, rewards: Iterable[Reward]) -> list[Outcome]:
        """Join rewards to their requests, which take one each."""
        with self._database.transaction() as connection:
            settled = read_mark(connection, _SETTLED)
            return [_join(connection, reward, settled) for reward in rewards]

    def arrivals(self, connection: sqlite3.Connection, experiment: int) -> list[Arrival]:
        """Take rewards that have arrived out of the queue, and count them; of older experiments too, but those are
        not told. In a transaction.
        """
        rows = connection.execute(
            "SELECT arrivals.seq, slots.id, experiment, document, reward, late FROM arrivals JOIN slots "
            "ON slots.id = arrivals.slot ORDER BY arrivals.seq LIMIT ?",
            (_AT_ONCE,),
        ).fetchall()
        if rows:
            connection.execute("DELETE FROM arrivals WHERE seq <= ?", (rows[-1][0],))
        return _counted(connection, experiment, rows)

    def settle(self, connection: sqlite3.Connection, experiment: int, before: int) -> list[Arrival]:
        """Count requests that were answered before a time, and have no reward, as such that earned 0. In a transaction.

        Args:
            connection: of the transaction.
            experiment: the one that goes on.
            before: in milliseconds of UTC.
        """
        settled = read_mark(connection, _SETTLED)
        rows = connection.execute(
            "SELECT requests.seq, at, requests.reward, slots.id, experiment, document FROM requests JOIN slots "
            "ON slots.id = requests.slot WHERE requests.seq > ? ORDER BY requests.seq LIMIT ?",
            (settled, _AT_ONCE),
        ).fetchall()
        due = [row for row in rows if row[1] < before]
        if not due:
            return []
        write_mark(connection, _SETTLED, due[-1][0])
        return _counted(connection, experiment, [(*row[:1], *row[3:], 0.0, 0) for row in due if row[2] is None])

    def tallies(self, experiment: int) -> dict[Slot, Tally]:
        """All that was counted in an experiment."""
        with self._database.reading() as connection:
            asked = "SELECT document, tally FROM slots WHERE experiment = ?"
            rows = connection.execute(asked, (experiment,)).fetchall()
        return {
            msgspec.json.decode(document, type=Slot): msgspec.json.decode(tally, type=Tally) for document, tally in rows
        }

    def _forget(self, connection: sqlite3.Connection) -> None:
        first, last = connection.execute("SELECT min(seq), max(seq) FROM requests").fetchone()
        if last is not None and last - first >= self._keep + _SPARE:
            connection.execute("DELETE FROM requests WHERE seq <= ?", (last - self._keep,))


def _slot(connection: sqlite3.Connection, experiment: int, slot: Slot) -> int:
    key = (experiment, msgspec.json.encode(slot))
    connection.execute(
        "INSERT OR IGNORE INTO slots (experiment, document, tally) VALUES (?, ?, ?)",
        (*key, msgspec.json.encode(Tally())),
    )
    found = connection.execute("SELECT id FROM slots WHERE experiment = ? AND document = ?", key).fetchone()
    return int(found[0])


def _change(connection: sqlite3.Connection, number: int, more: Tally) -> None:
    found = connection.execute("SELECT tally FROM slots WHERE id = ?", (number,)).fetchone()
    tally = msgspec.json.decode(found[0], type=Tally)
    tally.add(more)
    connection.execute("UPDATE slots SET tally = ? WHERE id = ?", (msgspec.json.encode(tally), number))


def _join(connection: sqlite3.Connection, reward: Reward, settled: int) -> Outcome:
    found = connection.execute(
        "SELECT seq, slot, reward FROM requests WHERE id = ?", (_key(reward.request_id),)
    ).fetchone()
    if found is None:
        return "unknown"
    number, slot, earned = found
    if earned is not None:
        return "repeated"
    connection.execute("UPDATE requests SET reward = ? WHERE seq = ?", (reward.reward, number))
    connection.execute(
        "INSERT INTO arrivals (slot, reward, late) VALUES (?, ?, ?)", (slot, reward.reward, number <= settled)
    )
    return "counted"


def _counted(
    connection: sqlite3.Connection, experiment: int, rows: Sequence[tuple[int, int, int, bytes, float, int]]
) -> list[Arrival]:
    sums: dict[int, Moments] = {}
    found: list[Arrival] = []
    slots: dict[int, Slot] = {}
    for _, number, owner, document, reward, late in rows:
        sums[number] = sums.get(number, Moments()) + Moments(0 if late else 1, reward, reward**2)
        if owner == experiment:
            slot = slots.get(number) or slots.setdefault(number, msgspec.json.decode(document, type=Slot))
            found.append(Arrival(slot, reward, bool(late)))
    for number, moments in sums.items():
        _change(connection, number, Tally(rewards=moments))
    return found


def _key(request_id: str) -> bytes:
    """An id, shorter where it is one that the server made."""
    try:
        return bytes.fromhex(request_id) if len(request_id) == 32 and request_id.islower() else request_id.encode()
    except ValueError:
        return request_id.encode()
