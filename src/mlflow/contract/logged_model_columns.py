"""Logged models as rows of a table: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Protocol

import msgspec

from mlflow.contract.access import filtered, read
from mlflow.contract.caller import Caller
from mlflow.contract.columns import ColumnKind
from mlflow.contract.logged_models import ModelOrder, OnDataset
from mlflow.contract.route import Text, route

__all__ = ["KnownModelColumn", "LoggedModelColumns", "LoggedModelTable", "ModelColumn", "RegisteredVersion"]


class ModelColumn(msgspec.Struct, frozen=True):
    """A column of logged models: `metrics.<key>`, `params.<key>` or `tags.<key>`, the key taken as it is.

    A metric is its latest value: on whichever dataset, or on the named one, where an empty name means points that name
    no dataset. Without a digest it is the latest on any dataset of that name.
    """

    name: Text
    dataset_name: str | None = None
    dataset_digest: str | None = None


class KnownModelColumn(msgspec.Struct, frozen=True):
    """A metric on a dataset, or on none, a param or a tag that logged models have.

    `models` counts those that have it, `distinct` the different values of a param or tag (of a metric: None).
    """

    kind: ColumnKind
    key: str
    models: int
    dataset_name: str = ""
    dataset_digest: str = ""
    distinct: int | None = None


class RegisteredVersion(msgspec.Struct, frozen=True):
    """A version of a registered model that was made of a logged model."""

    name: str
    version: str


class LoggedModelTable(msgspec.Struct, frozen=True):
    """Some of the logged models of a search, column by column: each list has one item a model, in the search's order.

    `total` counts the models that match. `result_id` names the order they were found in where it was kept, for pages
    further on. `source_run_ids` and `model_types` are empty where there is none, and `source_run_names` where the run
    is gone or not the caller's to read. `steps` are those at which the source runs noted the models among their
    outputs. `values` has one list for each of the `columns`: a metric's number, or NaN as text; what a param or tag
    says; None where a model lacks it. Times are UTC ms.
    """

    total: int
    model_ids: list[str]
    names: list[str]
    experiment_ids: list[str]
    statuses: list[str]
    status_messages: list[str]
    model_types: list[str]
    source_run_ids: list[str]
    source_run_names: list[str]
    steps: list[int | None]
    creation_times: list[int]
    versions: list[list[RegisteredVersion]]
    columns: list[ModelColumn]
    values: list[list[float | str | None]]
    result_id: str = ""


class LoggedModelColumns(Protocol):
    """Rows of logged models with chosen columns: as much as a screen shows, however much was measured of them."""

    @route("POST", "ext/v1/logged-models/query", access=filtered())
    def query_logged_models(
        self,
        caller: Caller,
        experiment_ids: list[str],
        columns: list[ModelColumn] = [],  # noqa: B006
        filter: str = "",
        datasets: list[OnDataset] = [],  # noqa: B006
        order_by: list[ModelOrder] = [],  # noqa: B006
        offset: int = 0,
        limit: int = 100,
        result_id: str = "",
    ) -> LoggedModelTable:
        """Answer up to 500 logged models of a search from a position on, with up to 500 columns.

        Filter, datasets and order are those of `logged-models/search`. Beyond them models are ordered by `step`, and
        an order whose `dataset_name` is empty is by points that name no dataset, as in a column. `result_id` is that of
        `runs/query`.
        """
        ...

    @route(
        "GET",
        "ext/v1/experiments/{experiment_id}/logged-model-columns",
        access=read(experiment="experiment_id"),
        envelope="columns",
    )
    def get_logged_model_columns(self, caller: Caller, experiment_id: Text) -> list[KnownModelColumn]:
        """Answer what the latest 2,000 logged models have: metrics by dataset and key, then params, then tags."""
        ...
