"""Deleting the rows of runs and experiments, in pieces that no other writer has to wait for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.engine import Database
from mlflow.sql.figure_tables import kept_figures
from mlflow.sql.logged_model_tables import logged_models
from mlflow.sql.model_points import delete_model_points
from mlflow.sql.tables import (
    blocks,
    datasets,
    experiment_tags,
    experiments,
    input_tags,
    inputs,
    model_inputs,
    outputs,
    params,
    run_docs,
    runs,
    segments,
    summaries,
    tags,
)
from mlflow.sql.view_tables import views

__all__ = ["delete_experiment", "delete_orphans", "delete_runs"]

_PIECE = 1000  # rows with bytes of points in one transaction
_BELOW_RUNS = (run_docs, params, tags, summaries, segments, blocks, model_inputs, outputs)
_NUMBERS: sa.BindParameter[list[int]] = sa.bindparam("numbers", expanding=True)
_LOCK = sa.select(runs.c.id).where(runs.c.id.in_(_NUMBERS), runs.c.deleted != 0).order_by(runs.c.id).with_for_update()
_INPUT_TAGS = sa.delete(input_tags).where(
    input_tags.c.input.in_(sa.select(inputs.c.id).where(inputs.c.run.in_(_NUMBERS)))
)
_BELOW = [sa.delete(table).where(table.c.run.in_(_NUMBERS)) for table in (*_BELOW_RUNS, inputs)]
_RUNS = sa.delete(runs).where(runs.c.id.in_(_NUMBERS))
_SEGMENTS = sa.select(segments.c.run, segments.c.key_id, segments.c.ordinal).where(segments.c.run.in_(_NUMBERS))
_SEGMENTS = _SEGMENTS.order_by(segments.c.run, segments.c.key_id, segments.c.ordinal).limit(_PIECE)
_BLOCKS = sa.select(blocks.c.id).where(blocks.c.run.in_(_NUMBERS)).limit(_PIECE)
_ORPHANS = (
    sa.select(blocks.c.id)
    .outerjoin(runs, runs.c.id == blocks.c.run)
    .where(runs.c.id.is_(None))
    .order_by(blocks.c.id)
    .limit(_PIECE)
)
_PLACES = sa.tuple_(segments.c.run, segments.c.key_id, segments.c.ordinal).in_(sa.bindparam("places", expanding=True))


def delete_runs(database: Database, numbers: Sequence[int]) -> int:
    """Delete runs that are in the trash, with all below them; answer how many there were."""
    while database.write(lambda connection: _delete_segments(connection, numbers)):
        pass
    while database.write(lambda connection: _delete_blocks(connection, _BLOCKS, numbers)):
        pass
    return database.write(lambda connection: _delete_rest(connection, numbers))


def delete_experiment(connection: Connection, number: int) -> bool:
    """Delete an experiment that is in the trash, unless it still has runs or models; answer whether it is gone."""
    own = experiments.c.id == number
    row = connection.execute(sa.select(experiments.c.deleted).where(own).with_for_update()).first()
    if row is None or not row.deleted:
        return False
    for table in (runs, logged_models):
        if connection.scalar(sa.select(table.c.id).where(table.c.experiment_id == number).limit(1)) is not None:
            return False
    connection.execute(sa.delete(experiment_tags).where(experiment_tags.c.experiment_id == number))
    connection.execute(sa.delete(datasets).where(datasets.c.experiment_id == number))
    connection.execute(sa.delete(kept_figures).where(kept_figures.c.experiment_id == number))
    connection.execute(sa.delete(views).where(views.c.experiment_id == number))
    connection.execute(sa.delete(experiments).where(own))
    return True


def delete_orphans(database: Database) -> None:
    """Delete blocks whose run is gone: a request that was under way when the run was deleted may leave one."""
    while database.write(lambda connection: _delete_blocks(connection, _ORPHANS, ())):
        pass


def _locked(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Those of the runs that are in the trash still; locked, so that nobody takes them out meanwhile."""
    return list(connection.scalars(_LOCK, {"numbers": numbers}))


def _delete_segments(connection: Connection, numbers: Sequence[int]) -> bool:
    places = [tuple(row) for row in connection.execute(_SEGMENTS, {"numbers": _locked(connection, numbers)})]
    if len(places) == _PIECE:
        connection.execute(sa.delete(segments).where(_PLACES), {"places": places})
    return len(places) == _PIECE  # fewer are deleted with the rest


def _delete_blocks(connection: Connection, chosen: sa.Select[Any], numbers: Sequence[int]) -> bool:
    values = {"numbers": _locked(connection, numbers)} if numbers else {}
    found = list(connection.scalars(chosen, values))
    if found:
        connection.execute(sa.delete(blocks).where(blocks.c.id.in_(found)))
    return len(found) == _PIECE


def _delete_rest(connection: Connection, numbers: Sequence[int]) -> int:
    values = {"numbers": _locked(connection, numbers)}
    delete_model_points(connection, values["numbers"])
    for statement in (_INPUT_TAGS, *_BELOW, _RUNS):
        connection.execute(statement, values)
    return len(values["numbers"])
