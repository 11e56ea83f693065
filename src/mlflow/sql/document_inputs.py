"""What runs used and made, as it stands in their documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.tables import datasets, input_tags, inputs, model_inputs, outputs

__all__ = ["read_inputs", "read_outputs"]

_NUMBERS: sa.BindParameter[list[int]] = sa.bindparam("numbers", expanding=True)
_MODELS = sa.select(model_inputs.c.run, model_inputs.c.model_id).where(model_inputs.c.run.in_(_NUMBERS))
_OUTPUTS = sa.select(outputs.c.run, outputs.c.model_id, outputs.c.step).where(outputs.c.run.in_(_NUMBERS))
_DATASETS = (
    sa.select(inputs.c.id, inputs.c.run, datasets)
    .join(datasets, datasets.c.id == inputs.c.dataset)
    .where(inputs.c.run.in_(_NUMBERS))
    .order_by(inputs.c.id)
)
_TAGS = (
    sa.select(input_tags)
    .join(inputs, inputs.c.id == input_tags.c.input)
    .where(inputs.c.run.in_(_NUMBERS))
    .order_by(input_tags.c.input, input_tags.c.name)
)


def read_inputs(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """The member `inputs` of each run that has any, in the order they were logged."""
    found: dict[int, dict[str, list[dict[str, Any]]]] = {}
    uses = connection.execute(_DATASETS, {"numbers": numbers}).all()
    tagged = _tags(connection, numbers) if uses else {}
    for row in uses:
        use: dict[str, Any] = {"dataset": _dataset(row)} | tagged.get(row[0], {})
        found.setdefault(row.run, {}).setdefault("dataset_inputs", []).append(use)
    for run, model in connection.execute(_MODELS.order_by(model_inputs.c.id), {"numbers": numbers}):
        found.setdefault(run, {}).setdefault("model_inputs", []).append({"model_id": model})
    return found


def read_outputs(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """The member `outputs` of each run that has any, in the order they were logged."""
    found: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for run, model, step in connection.execute(_OUTPUTS.order_by(outputs.c.id), {"numbers": numbers}):
        found.setdefault(run, {"model_outputs": []})["model_outputs"].append({"model_id": model, "step": step})
    return found


def _dataset(row: sa.Row[Any]) -> dict[str, Any]:
    columns = {name: getattr(row, name) for name in ("name", "digest", "source_type", "source", "schema", "profile")}
    return {name: value for name, value in columns.items() if value is not None}


def _tags(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, list[dict[str, str]]]]:
    tagged: dict[int, dict[str, list[dict[str, str]]]] = {}
    for row in connection.execute(_TAGS, {"numbers": numbers}):
        tagged.setdefault(row.input, {"tags": []})["tags"].append({"key": row.name, "value": row.value})
    return tagged
