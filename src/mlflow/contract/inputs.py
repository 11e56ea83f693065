"""What runs used and made: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Protocol

import msgspec

from mlflow.contract.access import edit, filtered
from mlflow.contract.caller import Caller
from mlflow.contract.route import Text, route
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.dataset_summary import DatasetSummary
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput

__all__ = ["DatasetLineage", "DatasetUse", "Inputs", "MeasuredModel"]


class DatasetUse(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run that used a dataset, and what for (`training`, …)."""

    experiment_id: str
    run_id: str
    context: str | None = None


class MeasuredModel(msgspec.Struct, frozen=True):
    """A logged model with the latest value of each metric that was taken on a dataset; NaN is a text."""

    experiment_id: str
    model_id: str
    name: str
    metrics: dict[str, float]


class DatasetLineage(msgspec.Struct, frozen=True):
    """Which runs used a dataset, and which models were measured on it.

    `datasets` has its record in each experiment, with source, schema and profile; `made` are the models that its runs
    made, by id.
    """

    datasets: dict[str, Dataset] = {}
    runs: list[DatasetUse] = []
    models: list[MeasuredModel] = []
    made: list[str] = []


class Inputs(Protocol):
    """Datasets and logged models that runs used or made."""

    @route("POST", "2.0/mlflow/runs/log-inputs", access=edit(run="run_id"))
    def log_inputs(
        self,
        caller: Caller,
        run_id: Text,
        datasets: list[DatasetInput] = [],  # noqa: B006
        models: list[LoggedModelInput] = [],  # noqa: B006
    ) -> None:
        """Link datasets and logged models to a run as its inputs; the first record of a (name, digest) stays."""
        ...

    @route("POST", "2.0/mlflow/runs/outputs", access=edit(run="run_id"))
    def log_outputs(self, caller: Caller, run_id: Text, models: list[LoggedModelOutput]) -> None:
        """Link logged models to a run as its outputs."""
        ...

    @route(
        "POST",
        "/ajax-api/2.0/mlflow/experiments/search-datasets",
        "/api/2.0/mlflow/experiments/search-datasets",
        access=filtered(),
        envelope="dataset_summaries",
    )
    def search_datasets(self, caller: Caller, experiment_ids: list[str]) -> list[DatasetSummary]:
        """Answer the datasets used in up to 20 experiments, ordered by name, at most 1,000."""
        ...

    @route("GET", "ext/v1/datasets/lineage", access=filtered())
    def get_dataset_lineage(self, caller: Caller, name: Text, digest: Text, max_results: int = 1000) -> DatasetLineage:
        """Answer which runs used a dataset and which models were measured on it, the newest of each first."""
        ...
