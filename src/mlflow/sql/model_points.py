"""Points that belong to a logged model as well as to their run."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import Connection

from mlflow.entities.metric import Metric
from mlflow.exceptions import BadRequest
from mlflow.sql.series.points import LARGEST
from mlflow.sql.statements import insert_missing
from mlflow.sql.tables import model_metrics

__all__ = ["FindModels", "add_model_points", "find_models"]

FindModels = Callable[[Connection, str, Collection[str]], Collection[str]]
"""Answers which of some ids are those of logged models in a workspace."""


def find_models(connection: Connection, workspace: str, model_ids: Collection[str]) -> Collection[str]:
    """Those of the ids that name a logged model: none, because this version of the schema keeps no logged models."""
    return ()


def add_model_points(
    connection: Connection,
    workspace: str,
    run: int,
    key_ids: Mapping[str, int],
    points: Sequence[Metric],
    find: FindModels,
) -> None:
    """Note points, all of which name a logged model, for that model too.

    Raises:
        BadRequest: a model does not exist.
    """
    wanted = {point.model_id or "" for point in points}
    unknown = wanted - set(find(connection, workspace, wanted))
    if unknown:
        raise BadRequest(f"There is no logged model '{min(unknown)}'. Log the metric without model_id, or correct it.")
    rows = [_row(run, key_ids, point) for point in points]
    connection.execute(insert_missing(connection, model_metrics), rows)


def _row(run: int, key_ids: Mapping[str, int], point: Metric) -> dict[str, object]:
    missing = math.isnan(point.value)
    return {
        "model_id": point.model_id,
        "run": run,
        "key_id": key_ids[point.key],
        "step": point.step,
        "timestamp": point.timestamp,
        "value": 0.0 if missing else min(max(point.value, -LARGEST), LARGEST),
        "is_nan": int(missing),
        "dataset_name": point.dataset_name or None,
        "dataset_digest": point.dataset_digest or None,
    }
