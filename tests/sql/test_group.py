import threading
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.exceptions import InvalidParameterValue, TemporarilyUnavailable
from mlflow.sql.engine import Database
from mlflow.sql.group import Group, Ticket
from mlflow.sql.statements import insert_rows
from mlflow.sql.store import SqlStore
from mlflow.sql.tables import keys

WAIT = 30


class Name(Ticket):
    def __init__(self, name: str, *, refused: bool = False) -> None:
        super().__init__()
        self.name, self.refused = name, refused


class Writing:
    """A job that waits in its first group until the rest has come, and keeps what the groups were."""

    def __init__(self) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()
        self.groups: list[list[str]] = []

    def __call__(self, connection: Connection, tickets: Sequence[Name]) -> None:
        self.groups.append([ticket.name for ticket in tickets])
        self.began.set()
        assert self.go_on.wait(WAIT)
        for ticket in tickets:
            ticket.error = InvalidParameterValue("no") if ticket.refused else None
        rows = [{"kind": "group", "name": ticket.name} for ticket in tickets if not ticket.refused]
        insert_rows(connection, keys, rows)


def join_all(group: Group[Name], writing: Writing, first: Name, others: Sequence[Name]) -> None:
    """Have the first ticket written alone, and the others wait meanwhile."""
    threads = [threading.Thread(target=join, args=(group, ticket)) for ticket in (first, *others)]
    threads[0].start()
    assert writing.began.wait(WAIT)
    for thread in threads[1:]:
        thread.start()
    while len(group._waiting) < len(others):
        threading.Event().wait(0.001)
    writing.go_on.set()
    for thread in threads:
        thread.join(WAIT)


def join(group: Group[Name], ticket: Name) -> None:
    try:
        group.join(ticket)
    except Exception as error:  # noqa: BLE001 - the test looks at it
        ticket.error = error


def stored(database: Database, names: Sequence[Name]) -> set[str]:
    chosen = sa.select(keys.c.name).where(keys.c.kind == "group", keys.c.name.in_([ticket.name for ticket in names]))
    return set(database.read(lambda connection: connection.scalars(chosen).all()))


def test_callers_that_wait_are_written_in_one_transaction(sql_store: SqlStore) -> None:
    writing, names = Writing(), [Name(f"together {number}") for number in range(6)]
    join_all(Group(sql_store.database, writing), writing, names[0], names[1:])
    assert [len(group) for group in writing.groups] == [1, 5]
    assert stored(sql_store.database, names) == {ticket.name for ticket in names}


def test_a_refused_caller_takes_nobody_with_it(sql_store: SqlStore) -> None:
    writing, names = Writing(), [Name(f"refused {number}", refused=number == 3) for number in range(6)]
    join_all(Group(sql_store.database, writing), writing, names[0], names[1:])
    assert [ticket.name for ticket in names if ticket.error] == ["refused 3"]
    assert stored(sql_store.database, names) == {ticket.name for ticket in names if not ticket.refused}


def test_what_the_database_refuses_takes_nobody_with_it(sql_store: SqlStore) -> None:
    writing, names = Writing(), [Name(f"alone {number}") for number in range(4)]
    twice = Name("alone 0")
    join_all(Group(sql_store.database, writing), writing, names[0], [*names[1:], twice])
    assert isinstance(twice.error, sa.exc.IntegrityError)
    assert [ticket.error for ticket in names] == [None] * 4
    assert stored(sql_store.database, names) == {ticket.name for ticket in names}


def test_a_database_that_is_away_is_told_to_everyone_who_waits(sql_store: SqlStore) -> None:
    def fail(connection: Connection, tickets: Sequence[Name]) -> None:
        raise TemporarilyUnavailable("away")

    group: Group[Name] = Group(sql_store.database, fail)
    for _ in range(2):  # and whoever comes later is not kept waiting
        with pytest.raises(TemporarilyUnavailable, match="away"):
            group.join(Name("away"))


def test_tickets_of_one_caller_are_written_in_turn_with_those_of_others(sql_store: SqlStore) -> None:
    writing, many = Writing(), [Name(f"many {number}") for number in range(600)]
    group: Group[Name] = Group(sql_store.database, writing)
    others = [Name(f"other {number}") for number in range(4)]
    threads = [threading.Thread(target=group.join_all, args=(many,))]
    threads += [threading.Thread(target=join, args=(group, other)) for other in others]
    for thread in threads:
        thread.start()
    writing.go_on.set()
    for thread in threads:
        thread.join(WAIT)
        assert not thread.is_alive()
    assert stored(sql_store.database, [*many, *others]) == {ticket.name for ticket in (*many, *others)}


def test_no_tickets_are_written_at_once(sql_store: SqlStore) -> None:
    writing = Writing()
    group: Group[Name] = Group(sql_store.database, writing)
    thread = threading.Thread(target=group.join_all, args=([],))
    thread.start()
    thread.join(WAIT)
    assert writing.groups == []
