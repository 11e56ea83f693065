"""Filters of logged models as conditions on the table `logged_models`.

A condition on a metric asks whether any point of the model, of whichever run, fulfils it; ranges are answered by the
smallest and the greatest value in `model_summaries`, without a look at the points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.logged_models import OnDataset
from mlflow.contract.search import And, Comparison, Kind, Node, Not, Operator, Or
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.comparisons import compare
from mlflow.sql.keys import Keys
from mlflow.sql.logged_model_tables import (
    logged_model_params,
    logged_model_tags,
    logged_models,
    metric_datasets,
    model_metrics,
    model_summaries,
)

__all__ = ["ATTRIBUTES", "ModelFilters", "dataset_numbers", "names_metric"]

_RANGED = {
    Operator.GT: model_summaries.c.max_value,
    Operator.GE: model_summaries.c.max_value,
    Operator.LT: model_summaries.c.min_value,
    Operator.LE: model_summaries.c.min_value,
}
_NULLS = (Operator.IS_NULL, Operator.IS_NOT_NULL)
_TABLES = {Kind.PARAM: logged_model_params, Kind.TAG: logged_model_tags}
_STATUS = sa.case(
    *((logged_models.c.status == status.to_int(), status.value) for status in LoggedModelStatus), else_=""
)

ATTRIBUTES: dict[str, sa.ColumnElement[Any]] = {
    "name": logged_models.c.name,
    "model_id": logged_models.c.model_id,
    "model_type": logged_models.c.model_type,
    "source_run_id": logged_models.c.source_run_id,
    "experiment_id": sa.cast(logged_models.c.experiment_id, sa.String(20)),
    "artifact_location": logged_models.c.artifact_location,
    "status": _STATUS,
    "status_message": sa.func.coalesce(logged_models.c.status_message, ""),
    "lifecycle_stage": sa.case((logged_models.c.deleted == 0, "active"), else_="deleted"),
    "creation_timestamp": logged_models.c.creation_timestamp,
    "last_updated_timestamp": logged_models.c.last_updated_timestamp,
}


class ModelFilters:
    """Translates filters for one connection.

    Args:
        connection: reads the numbers of keys.
        keys: of the database.
        datasets: the numbers of those that metrics are restricted to; None when they are not.
    """

    def __init__(self, connection: Connection, keys: Keys, datasets: Sequence[int] | None = None) -> None:
        self._connection = connection
        self._keys = keys
        self._datasets = datasets
        self._dialect = connection.dialect.name

    @property
    def restricted(self) -> bool:
        """Whether metrics are restricted to datasets."""
        return self._datasets is not None

    def condition(self, node: Node) -> sa.ColumnElement[bool]:
        """The condition that a row of `logged_models` matches, never NULL."""
        if isinstance(node, And):
            return sa.and_(*(self.condition(item) for item in node.items))
        if isinstance(node, Or):
            return sa.or_(*(self.condition(item) for item in node.items))
        if isinstance(node, Not):
            return sa.not_(self.condition(node.item))
        if node.field.kind is Kind.ATTRIBUTE:
            return self._attribute(node)
        return self._metric(node) if node.field.kind is Kind.METRIC else self._text(node)

    def measured_on_datasets(self) -> sa.ColumnElement[bool]:
        """The condition that a model has points on one of the datasets."""
        return self._of_model(model_summaries).exists()

    def key_id(self, key: str) -> int | None:
        """The number of a metric's key; None when nobody has it."""
        return self._keys.find(self._connection, "metric", [key]).get(key)

    def _attribute(self, comparison: Comparison) -> sa.ColumnElement[bool]:
        column = ATTRIBUTES[comparison.field.key]
        if comparison.operator in _NULLS:  # what a model lacks is stored as an empty text
            return column == "" if comparison.operator is Operator.IS_NULL else column != ""
        if comparison.field.key == "status":
            comparison = Comparison(comparison.field, comparison.operator, _statuses(comparison.value))
        return compare(column, comparison, self._dialect)

    def _text(self, comparison: Comparison) -> sa.ColumnElement[bool]:
        table = _TABLES[comparison.field.kind].c
        rows = sa.select(table.model).where(table.model == logged_models.c.id, table.name == comparison.field.key)
        if comparison.operator is Operator.IS_NULL:
            return ~rows.exists()
        return rows.where(compare(table.value, comparison, self._dialect)).exists()

    def _metric(self, comparison: Comparison) -> sa.ColumnElement[bool]:
        operator, key = comparison.operator, self.key_id(comparison.field.key)
        if key is None:
            return sa.true() if operator is Operator.IS_NULL else sa.false()
        summaries = self._of_model(model_summaries).where(model_summaries.c.key_id == key)
        if operator in _NULLS:
            return ~summaries.exists() if operator is Operator.IS_NULL else summaries.exists()
        if operator in _RANGED:
            return summaries.where(compare(_RANGED[operator], comparison, self._dialect, nullable=True)).exists()
        points = self._of_model(model_metrics).where(model_metrics.c.key_id == key)
        number = compare(model_metrics.c.value, comparison, self._dialect)
        if operator in (Operator.NE, Operator.NOT_IN):
            return points.where(sa.or_(model_metrics.c.is_nan == 1, number)).exists()
        return points.where(model_metrics.c.is_nan == 0, number).exists()

    def _of_model(self, table: sa.Table) -> sa.Select[Any]:
        rows = sa.select(table.c.model).where(table.c.model == logged_models.c.id)
        return rows if self._datasets is None else rows.where(table.c.dataset.in_(self._datasets))


def names_metric(node: Node | None) -> bool:
    """Whether a filter has a clause about a metric."""
    if node is None or isinstance(node, Comparison):
        return node is not None and node.field.kind is Kind.METRIC
    return names_metric(node.item) if isinstance(node, Not) else any(map(names_metric, node.items))


def dataset_numbers(connection: Connection, datasets: Sequence[OnDataset]) -> list[int]:
    """The numbers of datasets that points name; without a digest all of that name.

    Raises:
        InvalidParameterValue: one has no name.
    """
    numbers: list[int] = []
    for dataset in datasets:
        if not dataset.dataset_name:
            raise InvalidParameterValue("`dataset_name` in the `datasets` clause must be specified. Name the dataset.")
        chosen = sa.select(metric_datasets.c.id).where(metric_datasets.c.name == dataset.dataset_name)
        if dataset.dataset_digest:
            chosen = chosen.where(metric_datasets.c.digest == dataset.dataset_digest)
        numbers += connection.scalars(chosen)
    return numbers


def _statuses(value: Any) -> Any:
    """States by any name: READY, LOGGED_MODEL_READY or 2."""
    if isinstance(value, tuple):
        return tuple(map(_statuses, value))
    text = str(value)
    if text.isdecimal() and int(text) < len(LoggedModelStatus):
        return LoggedModelStatus.from_int(int(text)).value
    known = {status.to_wire(): status.value for status in LoggedModelStatus}
    return known.get(text.upper(), text)
