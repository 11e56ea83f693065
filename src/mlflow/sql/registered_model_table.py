"""Registered models as rows of a table, with a number of queries that does not grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller
from mlflow.contract.registered_model_table import (
    LATEST,
    MetricTrend,
    RegisteredModelTable,
    StagedVersion,
    frequent,
)
from mlflow.contract.search import Node, OrderBy
from mlflow.entities.model_registry.model_version_stages import STAGE_NONE
from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias
from mlflow.sql.keys import Keys
from mlflow.sql.keyset import ordering
from mlflow.sql.readable_runs import readable_runs
from mlflow.sql.registered_models_search import matching, sorts_of
from mlflow.sql.registry_rows import model_aliases, model_tags
from mlflow.sql.registry_tables import model_versions, registered_models
from mlflow.sql.tables import summaries

__all__ = ["RegistryPage", "read_page", "read_table"]

_AT_ONCE = 500  # numbers of one IN list


class RegistryPage(NamedTuple):
    """What the registry itself tells of a page of models.

    Attributes:
        total: how many models match.
        rows: those of the page.
        newest: of each model the newest versions, the newest first.
        runs: the numbers of the runs that versions were made of, by id, as far as the caller may read them.
    """

    total: int
    rows: list[Row[Any]]
    newest: dict[int, list[Any]]
    runs: dict[str, int]


def read_page(
    connection: Connection, caller: Caller, tree: Node | None, order: Sequence[OrderBy], offset: int, limit: int
) -> RegistryPage:
    """The models of a search from a position on, and which runs they lead to."""
    conditions = matching(caller, tree, connection.dialect.name)
    total = connection.scalar(sa.select(sa.func.count()).select_from(registered_models).where(*conditions)) or 0
    chosen = sa.select(registered_models).where(*conditions).order_by(*ordering(sorts_of(order)))
    rows = list(connection.execute(chosen.limit(limit).offset(offset)))
    newest = _newest(connection, [row.id for row in rows])
    run_ids = [one.run_id for versions in newest.values() for one in versions if one.run_id]
    runs = readable_runs(connection, caller, run_ids)
    return RegistryPage(total, rows, newest, {run_id: run.id for run_id, run in runs.items()})


def read_table(connection: Connection, keys: Keys, page: RegistryPage, metric: str) -> RegisteredModelTable:
    """The page as columns; with trends of a metric, or of the one that most models have."""
    ids = [row.id for row in page.rows]
    tags, aliases = model_tags(connection, ids), model_aliases(connection, ids)
    counts, stages = _counts(connection, ids)
    made = {number: _made(page, number) for number in ids}
    known = _keys_of(connection, keys, [runs[-1][1] for runs in made.values() if runs])
    metric = metric or next(iter(known), "")
    values = _values(connection, keys, [run for runs in made.values() for _, run in runs], metric)
    latest = [next(iter(page.newest.get(number, ())), None) for number in ids]
    return RegisteredModelTable(
        total=page.total,
        names=[row.name for row in page.rows],
        creation_times=[row.creation_time for row in page.rows],
        last_updated_times=[row.last_updated_time for row in page.rows],
        descriptions=[row.description or "" for row in page.rows],
        users=["" if one is None else one.user_id or "" for one in latest],
        latest=[None if one is None else str(one.version) for one in latest],
        version_counts=[counts.get(number, 0) for number in ids],
        stages=[stages[number] for number in ids],
        aliases=[[RegisteredModelAlias(one.alias, str(one.version)) for one in aliases[number]] for number in ids],
        tags=[tags[number] for number in ids],
        metrics=known,
        metric=metric,
        trends=[_trend(made[number], values) for number in ids],
    )


def _newest(connection: Connection, models: Sequence[int]) -> dict[int, list[Any]]:
    """The newest versions of each model; which these are is told by an index alone."""
    found: dict[int, list[Any]] = defaultdict(list)
    table = model_versions.c
    place = sa.func.row_number().over(partition_by=table.model, order_by=table.version.desc()).label("place")
    for some in _parts(models):
        ranked = sa.select(table.id, place).where(table.model.in_(some)).subquery("ranked")
        chosen = sa.select(table.model, table.version, table.run_id, table.user_id).join_from(
            ranked, model_versions, table.id == ranked.c.id
        )
        for row in connection.execute(chosen.where(ranked.c.place <= LATEST)):
            found[row.model].append(row)
    for versions in found.values():
        versions.sort(key=lambda row: -row.version)
    return found


def _made(page: RegistryPage, model: int) -> list[tuple[int, int]]:
    """Version and number of its run, the oldest first, of those made of a run that the caller may read."""
    versions = page.newest.get(model, ())
    return [(row.version, page.runs[row.run_id]) for row in reversed(versions) if row.run_id in page.runs]


def _counts(connection: Connection, models: Sequence[int]) -> tuple[dict[int, int], dict[int, list[StagedVersion]]]:
    counts: dict[int, int] = defaultdict(int)
    stages: dict[int, list[StagedVersion]] = defaultdict(list)
    table = model_versions.c
    for some in _parts(models):
        chosen = sa.select(table.model, table.stage, sa.func.count(), sa.func.max(table.version))
        grouped = chosen.where(table.model.in_(some)).group_by(table.model, table.stage)
        for model, stage, count, version in connection.execute(grouped.order_by(table.model, table.stage)):
            counts[model] += count
            if stage != STAGE_NONE:
                stages[model].append(StagedVersion(stage, str(version)))
    return counts, stages


def _keys_of(connection: Connection, keys: Keys, runs: Sequence[int]) -> list[str]:
    found: list[int] = []
    for some in _parts(list(dict.fromkeys(runs))):
        found += connection.scalars(sa.select(summaries.c.key_id).where(summaries.c.run.in_(some)))
    names = keys.names(connection, set(found)) if found else {}
    return frequent(names[number] for number in found)


def _values(connection: Connection, keys: Keys, runs: Sequence[int], metric: str) -> dict[int, float]:
    """The last value of a metric by run; what is NaN is left out."""
    key_id = keys.find(connection, "metric", [metric]).get(metric) if metric else None
    found: dict[int, float] = {}
    for some in _parts([] if key_id is None else list(dict.fromkeys(runs))):
        chosen = sa.select(summaries.c.run, summaries.c.latest_value)
        own = (summaries.c.run.in_(some), summaries.c.key_id == key_id, summaries.c.latest_value.is_not(None))
        found.update((run, value) for run, value in connection.execute(chosen.where(*own)))
    return found


def _trend(made: Sequence[tuple[int, int]], values: dict[int, float]) -> MetricTrend:
    known = [(str(version), values[run]) for version, run in made if run in values]
    return MetricTrend([version for version, _ in known], [value for _, value in known])


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE))
