"""Searching runs: which ones, in which order, from where to where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.pages import Cursor, Offset, decode_token, encode_token, query_digest
from mlflow.contract.search import RUNS, Node, OrderBy, parse_filter, parse_order_by
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.experiments_search import deleted_stages
from mlflow.sql.ids import to_ids
from mlflow.sql.keys import Keys
from mlflow.sql.keyset import check_page_size
from mlflow.sql.run_filters import Filters, one_of
from mlflow.sql.run_orders import Phase, phases
from mlflow.sql.run_plans import Census, plan
from mlflow.sql.run_statements import numbers_of, statement
from mlflow.sql.tables import experiments, runs

__all__ = ["RunPage", "RunQuery", "count_runs", "found_runs", "matching_runs", "search_runs"]

_ALL = 2**62
_MOST_APART = 64  # experiments; SQLite joins at most 500 queries by UNION


class RunQuery(NamedTuple):
    """What is asked: experiments the caller may read, a filter, an order."""

    workspace: str
    experiment_ids: tuple[int, ...]
    filter: Node | None
    view_type: str
    order: tuple[OrderBy, ...] = ()

    @classmethod
    def of(
        cls, caller: Caller, experiment_ids: Iterable[str], filter: str, view_type: str, order_by: Sequence[str] = ()
    ) -> RunQuery:
        """Read the texts of a request; experiments that the caller may not read are left out."""
        given = to_ids(experiment_ids)
        readable = [number for number in given if caller.may(Permission.READ, "experiment", str(number))]
        tree, order = parse_filter(filter, RUNS), parse_order_by(order_by, RUNS)
        return cls(caller.workspace, tuple(readable), tree, view_type, order)

    def digest(self) -> bytes:
        """What tells this query's page tokens from those of others."""
        return query_digest("runs", *self)


class RunPage(NamedTuple):
    """The numbers of the runs of a page, and the token of the next one."""

    numbers: list[int]
    token: str | None


def search_runs(
    connection: Connection, keys: Keys, census: Census, query: RunQuery, max_results: int, page_token: str
) -> RunPage:
    """A page of runs."""
    check_page_size(max_results)
    digest = query.digest()
    position = decode_token(page_token, digest)
    if not query.experiment_ids:
        return RunPage([], None)
    offset = position.offset if isinstance(position, Offset) else 0
    wanted = offset + max_results + 1
    groups = _groups(connection, Filters(connection, keys), census, query, wanted)
    apart = _reads_apart(connection, census, query, wanted)
    rows = _rows(connection, groups, query, position, wanted, apart)[offset:]
    token = _token(*rows[max_results - 1], digest) if len(rows) > max_results else None
    return RunPage([row.id for _, row in rows[:max_results]], token)


def found_runs(
    connection: Connection, keys: Keys, census: Census, query: RunQuery, offset: int = 0, limit: int = _ALL
) -> list[int]:
    """The numbers of the runs from a position on, of all without a limit."""
    query = _narrowed(connection, query)
    if not query.experiment_ids:
        return []
    wanted = min(offset + limit, _ALL)
    apart = _reads_apart(connection, census, query, wanted)
    numbers: list[int] = []
    for group in _groups(connection, Filters(connection, keys), census, query, wanted, narrowed=True):
        left = wanted - len(numbers)
        if left:
            chosen = statement(group, query.experiment_ids, (), left, apart=apart, bare=True)
            numbers += numbers_of(connection, chosen, left)
    return numbers[offset:]


def matching_runs(connection: Connection, keys: Keys, census: Census, query: RunQuery) -> sa.Select[tuple[int]]:
    """A statement for the numbers of the runs that match, in no order."""
    query = _narrowed(connection, query._replace(order=()))
    if not query.experiment_ids:
        return sa.select(runs.c.id).where(sa.false())
    (group,) = _groups(connection, Filters(connection, keys), census, query, _ALL, narrowed=True)
    here = one_of(group.experiment_id, query.experiment_ids)
    return sa.select(runs.c.id).select_from(group.source).where(here, *group.conditions)


def count_runs(connection: Connection, keys: Keys, census: Census, query: RunQuery) -> int:
    """How many runs match."""
    matching = matching_runs(connection, keys, census, query)
    return connection.scalar(matching.with_only_columns(sa.func.count(), maintain_column_froms=True)) or 0


def _narrowed(connection: Connection, query: RunQuery) -> RunQuery:
    """The same of those experiments that are in the workspace: then no run needs to be asked, only an index."""
    here = sa.select(experiments.c.id).where(one_of(experiments.c.id, query.experiment_ids))
    found = set(connection.scalars(here.where(experiments.c.workspace == query.workspace)))
    return query._replace(experiment_ids=tuple(number for number in query.experiment_ids if number in found))


def _groups(
    connection: Connection, filters: Filters, census: Census, query: RunQuery, wanted: int, narrowed: bool = False
) -> list[Phase]:
    """The groups of the result, each with all conditions but the one on the experiment."""
    groups = phases(query.order, filters)
    conditions = [one_of(runs.c.deleted, deleted_stages(query.view_type))]
    if not narrowed:
        conditions.append(runs.c.workspace == query.workspace)
    node = query.filter
    run: sa.ColumnElement[int] = runs.c.id
    if node is not None:
        chosen = plan(connection, filters, node, query.experiment_ids, census, wanted)
        node = chosen.rest
        if chosen.starts:
            groups = [group.started_from(chosen.starts, query.experiment_ids) for group in groups]
            run = chosen.starts[0].table.c.run
    if node is not None:
        conditions.append(filters.condition(node, run))
    return [group._replace(conditions=(*group.conditions, *conditions)) for group in groups]


def _rows(
    connection: Connection,
    groups: Sequence[Phase],
    query: RunQuery,
    position: Cursor | Offset | None,
    wanted: int,
    apart: bool,
) -> list[tuple[int, Row[Any]]]:
    """At most `wanted` rows after the position, each with the number of its phase."""
    first, values = _start(position, groups)
    rows: list[tuple[int, Row[Any]]] = []
    for number, group in enumerate(groups[first:], first):
        limit, after_values = wanted - len(rows), values if number == first else ()
        chosen = statement(group, query.experiment_ids, after_values, limit, apart=apart)
        rows += [(number, row) for row in connection.execute(chosen)]
        if len(rows) >= wanted:
            break
    return rows


def _reads_apart(connection: Connection, census: Census, query: RunQuery, wanted: int) -> bool:
    """Whether the first rows of each experiment are few against all their runs, which would have to be sorted."""
    count = len(query.experiment_ids)
    return 1 < count <= _MOST_APART and 4 * count * wanted < census.count(connection, query.experiment_ids)


def _start(position: Cursor | Offset | None, groups: Sequence[Phase]) -> tuple[int, tuple[Any, ...]]:
    """The phase to begin with, and the sort values to go on after; none for its beginning."""
    if not isinstance(position, Cursor):
        return 0, ()
    number, values = position.values[0] if position.values else None, position.values[1:]
    if not isinstance(number, int) or not 0 <= number < len(groups) or len(values) != len(groups[number].sorts) - 1:
        raise InvalidParameterValue("The page token names no position in this order. Start from the first page.")
    return number, (*values, position.id)


def _token(phase: int, row: Row[Any], digest: bytes) -> str:
    values = tuple(row)[1:]
    return encode_token([phase, *values[:-1]], values[-1], digest)
