"""Deleting for good the logged models that are in the trash, and all models of experiments that go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.sql.engine import Database
from mlflow.sql.logged_model_tables import (
    logged_model_params,
    logged_model_tags,
    logged_models,
    model_metrics,
    model_summaries,
)

__all__ = ["choose_models", "collect_models"]

_CHUNK = 100
_BELOW = (logged_model_params, logged_model_tags, model_metrics, model_summaries)


def choose_models(
    connection: Connection, named: Collection[str], of_experiments: Sequence[int], before: int, *, unless: bool
) -> list[Row[Any]]:
    """The models to collect: all of the experiments, those that are named, or all that are due.

    Args:
        connection: reads only.
        named: ids of models.
        of_experiments: experiments that go.
        before: UTC milliseconds; what was put into the trash later stays.
        unless: only other things are asked for.

    Raises:
        ResourceDoesNotExist: a model that is named does not exist.
        InvalidParameterValue: one that is named is not in the trash, or not for so long.
    """
    table = logged_models.c
    wanted: list[sa.ColumnElement[bool]] = [table.experiment_id.in_(of_experiments)]
    if named:
        wanted.append(table.model_id.in_(named))
    elif not unless:
        wanted.append(sa.and_(table.deleted != 0, table.deleted_time <= before))
    rows = connection.execute(sa.select(logged_models).where(sa.or_(*wanted)).order_by(table.id)).all()
    found = {row.model_id: row for row in rows}
    for model_id in named:
        _check(model_id, found.get(model_id), before)
    return list(rows)


def collect_models(
    database: Database, rows: Sequence[Row[Any]], delete_artifacts: Callable[[str, str], None]
) -> tuple[int, dict[str, str]]:
    """Delete models with their files, and answer how many, and by id why others are left."""
    cleared: list[int] = []
    left: dict[str, str] = {}
    for row in rows:
        try:
            delete_artifacts(row.model_id, row.artifact_location)
        except (FileNotFoundError, ResourceDoesNotExist):
            cleared.append(row.id)
        except Exception as error:  # noqa: BLE001 - an artifact store's; the others shall be collected all the same
            left[row.model_id] = str(error) or type(error).__name__
        else:
            cleared.append(row.id)
    for start in range(0, len(cleared), _CHUNK):
        some = cleared[start : start + _CHUNK]
        database.write(lambda connection, some=some: _delete(connection, some))  # type: ignore[misc]  # bound at once
    return len(cleared), left


def _delete(connection: Connection, numbers: Sequence[int]) -> None:
    locked = sa.select(logged_models.c.id).where(logged_models.c.id.in_(numbers))
    connection.execute(locked.order_by(logged_models.c.id).with_for_update())
    for table in _BELOW:
        connection.execute(sa.delete(table).where(table.c.model.in_(numbers)))
    connection.execute(sa.delete(logged_models).where(logged_models.c.id.in_(numbers)))


def _check(model_id: str, row: Row[Any] | None, before: int) -> None:
    if row is None:
        raise ResourceDoesNotExist(f"No logged model with id={model_id} exists. Check the id.")
    if not row.deleted:
        raise InvalidParameterValue(f"The logged model {model_id} is not in the 'deleted' state. Delete it first.")
    if (row.deleted_time or 0) > before:
        raise InvalidParameterValue(
            f"The logged model {model_id} is not in the trash for long enough. Wait, or ask for a shorter time."
        )
