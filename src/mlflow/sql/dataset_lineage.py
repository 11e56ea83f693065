"""Which runs used a dataset, which models they made, and which models were measured on it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller
from mlflow.contract.inputs import DatasetLineage, DatasetUse, MeasuredModel
from mlflow.contract.limits import MAX_PAGE
from mlflow.entities.dataset import Dataset
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.access import visible
from mlflow.sql.keys import Keys
from mlflow.sql.logged_model_tables import logged_models, metric_datasets, model_summaries
from mlflow.sql.tables import datasets, experiments, input_tags, inputs, outputs, runs

__all__ = ["read_lineage"]

_CONTEXT_TAG = "mlflow.data.context"


def read_lineage(
    connection: Connection, keys: Keys, caller: Caller, name: str, digest: str, max_results: int
) -> DatasetLineage:
    """What is known of a dataset in the experiments that the caller may read."""
    if not 1 <= max_results <= MAX_PAGE:
        raise InvalidParameterValue(
            f"Invalid value '{max_results}' for parameter 'max_results'; ask for 1 to {MAX_PAGE}."
        )
    records = _records(connection, caller, name, digest)
    numbers = list(records)
    used = _used(connection, caller, numbers, max_results)
    return DatasetLineage(
        dict(records.values()),
        [use for _, use in used],
        _measured(connection, keys, caller, name, digest, max_results),
        _made(connection, [run for run, _ in used]),
    )


def _records(connection: Connection, caller: Caller, name: str, digest: str) -> dict[int, tuple[str, Dataset]]:
    chosen = sa.select(datasets).join(experiments, experiments.c.id == datasets.c.experiment_id)
    chosen = chosen.where(
        datasets.c.name == name, datasets.c.digest == digest, experiments.c.workspace == caller.workspace
    )
    rows = connection.execute(chosen.where(visible(caller, datasets.c.experiment_id)).order_by(datasets.c.id))
    return {
        row.id: (
            str(row.experiment_id),
            Dataset(row.name, row.digest, row.source_type, row.source, row.schema, row.profile),
        )
        for row in rows
    }


def _used(connection: Connection, caller: Caller, numbers: list[int], most: int) -> list[tuple[int, DatasetUse]]:
    context = (input_tags.c.input == inputs.c.id) & (input_tags.c.name == _CONTEXT_TAG)
    chosen = (
        sa.select(runs.c.id, runs.c.experiment_id, runs.c.run_id, input_tags.c.value)
        .select_from(inputs.join(runs, runs.c.id == inputs.c.run).outerjoin(input_tags, context))
        .where(inputs.c.dataset.in_(numbers), runs.c.deleted == 0, runs.c.workspace == caller.workspace)
        .order_by(runs.c.start_time.desc(), runs.c.run_id)
        .limit(most)
    )
    rows = connection.execute(chosen).all() if numbers else []
    return [(row.id, DatasetUse(str(row.experiment_id), row.run_id, row.value)) for row in rows]


def _measured(
    connection: Connection, keys: Keys, caller: Caller, name: str, digest: str, most: int
) -> list[MeasuredModel]:
    dataset = (metric_datasets.c.name == name) & (metric_datasets.c.digest == digest)
    number = connection.scalar(sa.select(metric_datasets.c.id).where(dataset))
    if number is None:
        return []
    table = logged_models.c
    on_it = sa.select(model_summaries.c.model).where(model_summaries.c.dataset == number)
    chosen = sa.select(table.id, table.experiment_id, table.model_id, table.name).where(
        table.id.in_(on_it),
        table.deleted == 0,
        table.workspace == caller.workspace,
        visible(caller, table.experiment_id),
    )
    models = connection.execute(chosen.order_by(table.creation_timestamp.desc(), table.model_id).limit(most)).all()
    latest = sa.select(model_summaries.c.model, model_summaries.c.key_id, model_summaries.c.latest_value).where(
        model_summaries.c.dataset == number, model_summaries.c.model.in_([model.id for model in models])
    )
    values = connection.execute(latest).all()
    names = keys.names(connection, {row.key_id for row in values})
    metrics: dict[int, dict[str, float]] = {}
    for row in values:
        value = float("nan") if row.latest_value is None else row.latest_value
        metrics.setdefault(row.model, {})[names[row.key_id]] = value
    return [
        MeasuredModel(str(model.experiment_id), model.model_id, model.name, metrics.get(model.id, {}))
        for model in models
    ]


def _made(connection: Connection, numbers: list[int]) -> list[str]:
    chosen = sa.select(outputs.c.model_id).distinct().where(outputs.c.run.in_(numbers)).order_by(outputs.c.model_id)
    return list(connection.scalars(chosen)) if numbers else []
