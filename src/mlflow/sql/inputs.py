"""Inputs and outputs of runs in a SQL database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.inputs import DatasetLineage, Inputs
from mlflow.contract.limits import (
    MAX_DATASET_DIGEST,
    MAX_DATASET_NAME,
    MAX_DATASET_PROFILE,
    MAX_DATASET_SCHEMA,
    MAX_DATASET_SOURCE,
    MAX_DATASETS_PER_BATCH,
    MAX_INPUT_TAG_KEY,
    MAX_INPUT_TAG_VALUE,
)
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.dataset_summary import DatasetSummary
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.dataset_lineage import read_lineage
from mlflow.sql.engine import Database
from mlflow.sql.ids import to_ids
from mlflow.sql.run_rows import RunRow, lock_active_run, touch_run
from mlflow.sql.statements import insert_missing, insert_row, upsert_rows
from mlflow.sql.tables import datasets, experiments, input_tags, inputs, model_inputs, outputs

__all__ = ["SqlInputs", "check_datasets", "write_inputs"]

_CONTEXT_TAG = "mlflow.data.context"
_MOST_EXPERIMENTS = 20
_MOST_SUMMARIES = 1000
_LIMITS = {
    "name": MAX_DATASET_NAME,
    "digest": MAX_DATASET_DIGEST,
    "source": MAX_DATASET_SOURCE,
    "schema": MAX_DATASET_SCHEMA,
    "profile": MAX_DATASET_PROFILE,
}


class SqlInputs(Inputs):
    """Inputs and outputs of runs in a SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def log_inputs(
        self,
        caller: Caller,
        run_id: str,
        datasets: Sequence[DatasetInput] = (),
        models: Sequence[LoggedModelInput] = (),
    ) -> None:
        check_datasets(datasets)

        def log(connection: Connection) -> None:
            run = lock_active_run(connection, caller, run_id)
            write_inputs(connection, run, datasets, models)
            touch_run(connection, run.id)

        self._database.write(log)

    def log_outputs(self, caller: Caller, run_id: str, models: Sequence[LoggedModelOutput]) -> None:
        if not models:
            raise InvalidParameterValue("Missing value for required parameter 'models'. Name at least one model.")

        def log(connection: Connection) -> None:
            run = lock_active_run(connection, caller, run_id)
            rows = {model.model_id: {"run": run.id, "model_id": model.model_id, "step": model.step} for model in models}
            upsert_rows(connection, outputs, ("run", "model_id"), list(rows.values()))
            touch_run(connection, run.id)

        self._database.write(log)

    def search_datasets(self, caller: Caller, experiment_ids: Sequence[str]) -> list[DatasetSummary]:
        if not 1 <= len(experiment_ids) <= _MOST_EXPERIMENTS:
            raise InvalidParameterValue(
                f"Got {len(experiment_ids)} experiment ids; name 1 to {_MOST_EXPERIMENTS} of them in 'experiment_ids'."
            )
        given = to_ids(experiment_ids)
        readable = [number for number in given if caller.may(Permission.READ, "experiment", str(number))]
        return self._database.read(lambda connection: _summaries(connection, caller.workspace, readable))

    def get_dataset_lineage(self, caller: Caller, name: str, digest: str, max_results: int = 1000) -> DatasetLineage:
        return self._database.read(
            lambda connection: read_lineage(connection, self._database.keys, caller, name, digest, max_results)
        )


def check_datasets(given: Sequence[DatasetInput]) -> None:
    """Raise when there are too many datasets, or one of their members is too long."""
    if len(given) > MAX_DATASETS_PER_BATCH:
        raise InvalidParameterValue(f"Got {len(given)} datasets; log at most {MAX_DATASETS_PER_BATCH} a request.")
    for use in given:
        for member, limit in _LIMITS.items():
            _check_length(f"dataset {member}", getattr(use.dataset, member) or "", limit)
        for tag in use.tags:
            _check_length("input tag key", tag.key, MAX_INPUT_TAG_KEY)
            _check_length("input tag value", tag.value, MAX_INPUT_TAG_VALUE)


def write_inputs(
    connection: Connection, run: RunRow, used: Sequence[DatasetInput], models: Sequence[LoggedModelInput]
) -> None:
    """Link datasets and models to a locked run; the caller says `touch_run` afterwards.

    The first record of a (name, digest) in the experiment stays, and so do the tags of a run's first link to it.
    """
    for use in used:
        row = {name: getattr(use.dataset, name) for name in use.dataset.__struct_fields__}
        connection.execute(insert_missing(connection, datasets), row | {"experiment_id": run.experiment_id})
        _link(connection, run, use)
    rows = [{"run": run.id, "model_id": model.model_id} for model in models]
    if rows:
        connection.execute(insert_missing(connection, model_inputs), rows)


def _link(connection: Connection, run: RunRow, use: DatasetInput) -> None:
    same = (datasets.c.name == use.dataset.name) & (datasets.c.digest == use.dataset.digest)
    chosen = sa.select(datasets.c.id).where(datasets.c.experiment_id == run.experiment_id, same)
    dataset = connection.scalar(chosen)
    linked = sa.select(inputs.c.id).where(inputs.c.run == run.id, inputs.c.dataset == dataset)
    if connection.scalar(linked) is not None:
        return
    link = insert_row(connection, inputs, {"run": run.id, "dataset": dataset})
    tags = {tag.key: tag.value for tag in use.tags}
    rows = [{"input": link, "name": key, "value": value} for key, value in tags.items()]
    if rows:
        connection.execute(sa.insert(input_tags), rows)


def _summaries(connection: Connection, workspace: str, experiment_ids: Iterable[int]) -> list[DatasetSummary]:
    context = (input_tags.c.input == inputs.c.id) & (input_tags.c.name == _CONTEXT_TAG)
    used = datasets.join(experiments, experiments.c.id == datasets.c.experiment_id)
    used = used.join(inputs, inputs.c.dataset == datasets.c.id).outerjoin(input_tags, context)
    columns = (datasets.c.experiment_id, datasets.c.name, datasets.c.digest, input_tags.c.value)
    chosen = sa.select(*columns).distinct().select_from(used).order_by(*columns[1:3], input_tags.c.value)
    chosen = chosen.where(datasets.c.experiment_id.in_(list(experiment_ids)), experiments.c.workspace == workspace)
    return [_summary(*row) for row in connection.execute(chosen.limit(_MOST_SUMMARIES))]


def _summary(experiment_id: int, name: str, digest: str, context: str | None) -> DatasetSummary:
    return DatasetSummary(str(experiment_id), name, digest, context)


def _check_length(what: str, value: Any, limit: int) -> None:
    if len(value) > limit:
        raise InvalidParameterValue(f"The {what} '{value[:60]}…' has {len(value)} characters; shorten it to {limit}.")
