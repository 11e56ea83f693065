"""Points that belong to a logged model as well as to their run, and what is known of them without reading them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.entities.metric import Metric
from mlflow.exceptions import BadRequest
from mlflow.sql.logged_model_rows import lock_models
from mlflow.sql.logged_model_tables import NO_DATASET, metric_datasets, model_metrics, model_summaries
from mlflow.sql.series.points import LARGEST
from mlflow.sql.statements import insert_missing, upsert_rows

__all__ = ["add_model_points", "delete_model_points", "write_model_points"]

_KEY = ("model", "key_id", "dataset")
_NUMBERS: sa.BindParameter[list[int]] = sa.bindparam("numbers", expanding=True)
_TOUCHED = sa.select(*(model_metrics.c[name] for name in _KEY)).distinct().where(model_metrics.c.run.in_(_NUMBERS))
_DELETE = sa.delete(model_metrics).where(model_metrics.c.run.in_(_NUMBERS))

Row = dict[str, Any]
Place = tuple[int, int, int]  # model, key, dataset


def add_model_points(
    connection: Connection, workspace: str, run: int, key_ids: Mapping[str, int], points: Sequence[Metric]
) -> None:
    """Note points, all of which name a logged model, for that model too; repeated ones change nothing.

    Raises:
        BadRequest: a model does not exist.
    """
    models = lock_models(connection, workspace, (point.model_id or "" for point in points))
    for point in points:
        if point.model_id not in models:
            raise BadRequest(
                f"There is no logged model '{point.model_id}'. Log the metric without model_id, or correct it."
            )
    datasets = _dataset_numbers(connection, points)
    write_model_points(connection, [_row(run, key_ids, models, datasets, point) for point in points])


def write_model_points(connection: Connection, rows: list[Row]) -> None:
    """Write rows of `model_metrics`, whose models are locked, and bring the summaries up to date."""
    connection.execute(insert_missing(connection, model_metrics), rows)
    by_place: dict[Place, list[Row]] = {}
    for row in rows:
        by_place.setdefault(_place(row), []).append(row)
    merged = {place: _summary(place, some) for place, some in by_place.items()}
    for stored in _stored(connection, {place[0] for place in by_place}):
        place = (stored.model, stored.key_id, stored.dataset)
        if place in merged:
            merged[place] = _merged(dict(stored._mapping), merged[place])
    upsert_rows(connection, model_summaries, _KEY, list(merged.values()))


def delete_model_points(connection: Connection, runs: Sequence[int]) -> None:
    """Delete the points that runs logged about models, and sum up anew what is left."""
    touched = [tuple(row) for row in connection.execute(_TOUCHED, {"numbers": runs})]
    if not touched:
        return
    connection.execute(_DELETE, {"numbers": runs})
    for model, key, dataset in sorted(touched):
        own = {"model": model, "key_id": key, "dataset": dataset}
        left = sa.select(model_metrics).where(*(model_metrics.c[name] == value for name, value in own.items()))
        rows = [dict(row._mapping) for row in connection.execute(left)]
        if rows:
            upsert_rows(connection, model_summaries, _KEY, [_summary((model, key, dataset), rows)])
        else:
            gone = (model_summaries.c[name] == value for name, value in own.items())
            connection.execute(sa.delete(model_summaries).where(*gone))


def _row(
    run: int,
    key_ids: Mapping[str, int],
    models: Mapping[str, int],
    datasets: Mapping[tuple[str, str], int],
    point: Metric,
) -> Row:
    missing = math.isnan(point.value)
    return {
        "model": models[point.model_id or ""],
        "key_id": key_ids[point.key],
        "dataset": datasets[_dataset(point)],
        "timestamp": point.timestamp,
        "step": point.step,
        "run": run,
        "value": 0.0 if missing else min(max(point.value, -LARGEST), LARGEST),
        "is_nan": int(missing),
    }


def _dataset(point: Metric) -> tuple[str, str]:
    return point.dataset_name or "", point.dataset_digest or ""


def _dataset_numbers(connection: Connection, points: Iterable[Metric]) -> dict[tuple[str, str], int]:
    """The numbers of the datasets that points name, given out now where there are none."""
    found = {("", ""): NO_DATASET}
    for name, digest in sorted({_dataset(point) for point in points} - found.keys()):
        row = {"name": name, "digest": digest}
        connection.execute(insert_missing(connection, metric_datasets), row)
        own = (metric_datasets.c.name == name) & (metric_datasets.c.digest == digest)
        number = connection.scalar(sa.select(metric_datasets.c.id).where(own))
        assert number is not None
        found[name, digest] = number
    return found


def _place(row: Row) -> Place:
    return row["model"], row["key_id"], row["dataset"]


def _summary(place: Place, rows: Sequence[Row]) -> Row:
    values = [row["value"] for row in rows if not row["is_nan"]]
    latest = max(rows, key=lambda row: (row["timestamp"], row["step"], row["run"], not row["is_nan"], row["value"]))
    return {
        **dict(zip(_KEY, place, strict=True)),
        "min_value": min(values, default=None),
        "max_value": max(values, default=None),
        "has_nan": int(len(values) < len(rows)),
        "latest_timestamp": latest["timestamp"],
        "latest_step": latest["step"],
        "latest_run": latest["run"],
        "latest_value": None if latest["is_nan"] else latest["value"],
    }


def _stored(connection: Connection, models: set[int]) -> Sequence[sa.Row[Any]]:
    return connection.execute(sa.select(model_summaries).where(model_summaries.c.model.in_(models))).all()


def _merged(stored: Row, new: Row) -> Row:
    """A summary of the points of both."""
    lows = [summary["min_value"] for summary in (stored, new) if summary["min_value"] is not None]
    highs = [summary["max_value"] for summary in (stored, new) if summary["max_value"] is not None]
    latest = stored if _age(stored) > _age(new) else new
    return {
        **latest,
        "min_value": min(lows, default=None),
        "max_value": max(highs, default=None),
        "has_nan": stored["has_nan"] or new["has_nan"],
    }


def _age(summary: Row) -> tuple[Any, ...]:
    value = summary["latest_value"]
    place = (summary["latest_timestamp"], summary["latest_step"], summary["latest_run"])
    return (*place, value is not None, value or 0.0)
