"""Runs, their params and tags: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Protocol

import msgspec

from mlflow.contract.access import edit, filtered, manage, read
from mlflow.contract.caller import Caller
from mlflow.contract.pages import Page
from mlflow.contract.route import RunStatusName, Text, ViewTypeName, route
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run import Run
from mlflow.entities.run_info import RunInfo
from mlflow.entities.run_tag import RunTag

__all__ = ["BulkResult", "Liveness", "Refusal", "Runs"]


class Refusal(msgspec.Struct, frozen=True):
    """One run of a bulk edit that was left as it was, and why."""

    run_id: str
    error_code: str
    message: str


class BulkResult(msgspec.Struct, frozen=True):
    """How many runs a bulk edit changed, and those it did not."""

    changed: int
    refused: list[Refusal] = []


class Liveness(msgspec.Struct, frozen=True):
    """When a run's process was last heard of (UTC ms), and whether it is overdue although the run is not over."""

    run_id: str
    status: str
    last_heartbeat: int | None
    stale: bool


class Runs(Protocol):
    """Executions of training code. Ids are 32 hexadecimal digits."""

    @route("POST", "2.0/mlflow/runs/create", access=edit(experiment="experiment_id"), envelope="run")
    def create_run(
        self,
        caller: Caller,
        experiment_id: str = "",
        user_id: str = "",
        run_name: str = "",
        start_time: int = 0,
        tags: list[RunTag] = [],  # noqa: B006
        run_id: str = "",
    ) -> Run:
        """Create a run in state RUNNING; a name is made up when neither `run_name` nor its tag gives one.

        A client may make the `run_id`, 32 hexadecimal digits. It makes the request repeatable: where a run of this id
        with the same experiment and start time exists, that run is answered. Published servers ignore it.

        Raises:
            ResourceAlreadyExists: the id is another run's.
        """
        ...

    @route("GET", "2.0/mlflow/runs/get", access=read(run="run_id"), envelope="run")
    def get_run(self, caller: Caller, run_id: Text) -> Run:
        """Answer one run, deleted ones too."""
        ...

    @route("POST", "2.0/mlflow/runs/update", access=edit(run="run_id"), envelope="run_info")
    def update_run(
        self,
        caller: Caller,
        run_id: Text,
        status: RunStatusName | None = None,
        end_time: int | None = None,
        run_name: str = "",
    ) -> RunInfo:
        """Change state, end time and name; what is not given stays."""
        ...

    @route("POST", "2.0/mlflow/runs/delete", access=manage(run="run_id"))
    def delete_run(self, caller: Caller, run_id: Text) -> None:
        """Move a run to the trash; doing it twice is fine."""
        ...

    @route("POST", "2.0/mlflow/runs/restore", access=manage(run="run_id"))
    def restore_run(self, caller: Caller, run_id: Text) -> None:
        """Take a run out of the trash; doing it twice is fine."""
        ...

    @route("POST", "2.0/mlflow/runs/log-parameter", access=edit(run="run_id"))
    def log_parameter(self, caller: Caller, run_id: Text, key: Text, value: str = "") -> None:
        """Write a param once; the same value again is fine, another is `InvalidParameterValue`."""
        ...

    @route("POST", "2.0/mlflow/runs/set-tag", access=edit(run="run_id"))
    def set_tag(self, caller: Caller, run_id: Text, key: Text, value: str = "") -> None:
        """Set or overwrite a tag; `mlflow.runName` renames the run."""
        ...

    @route("POST", "2.0/mlflow/runs/delete-tag", access=edit(run="run_id"))
    def delete_tag(self, caller: Caller, run_id: Text, key: Text) -> None:
        """Remove a tag; `ResourceDoesNotExist` when there is none of that key."""
        ...

    @route("POST", "2.0/mlflow/runs/log-batch", access=edit(run="run_id"))
    def log_batch(
        self,
        caller: Caller,
        run_id: Text,
        metrics: list[Metric] = [],  # noqa: B006
        params: list[Param] = [],  # noqa: B006
        tags: list[RunTag] = [],  # noqa: B006
    ) -> None:
        """Log metrics, params and tags, all or nothing; at most 1,000 in all, 100 params and 100 tags."""
        ...

    @route("POST", "2.0/mlflow/runs/log-model", access=edit(run="run_id"))
    def log_model(self, caller: Caller, run_id: Text, model_json: Text) -> None:
        """Note a model of the older kind, as JSON, in the run's tag `mlflow.log-model.history`."""
        ...

    @route("POST", "2.0/mlflow/runs/search", access=filtered(), envelope="runs")
    def search_runs(
        self,
        caller: Caller,
        experiment_ids: list[str] = [],  # noqa: B006
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
        max_results: int = 1000,
        order_by: list[str] = [],  # noqa: B006
        page_token: str = "",
    ) -> Page[Run]:
        """Answer a page of runs, the latest started first unless `order_by` says otherwise."""
        ...

    @route("POST", "ext/v1/runs/count", access=filtered(), envelope="count")
    def count_runs(
        self,
        caller: Caller,
        experiment_ids: list[str],
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
    ) -> int:
        """How many runs match."""
        ...

    @route("POST", "ext/v1/runs/liveness", access=filtered(), envelope="runs")
    def get_liveness(self, caller: Caller, run_ids: list[str]) -> list[Liveness]:
        """When each run's process was last heard of; runs that do not exist are left out."""
        ...

    @route("POST", "ext/v1/runs/get", access=filtered(), envelope="runs")
    def get_runs(self, caller: Caller, run_ids: list[str]) -> list[Run]:
        """Answer up to 500 runs in the order of their ids, deleted ones too, without those the caller may not read."""
        ...

    @route("POST", "ext/v1/runs/tag", access=filtered())
    def tag_runs(
        self,
        caller: Caller,
        run_ids: list[str],
        set: dict[str, str] = {},  # noqa: B006
        remove: list[str] = [],  # noqa: B006
    ) -> BulkResult:
        """Set and remove tags on many runs; each run succeeds or is refused by itself."""
        ...

    @route("POST", "ext/v1/runs/delete", access=filtered())
    def delete_runs(self, caller: Caller, run_ids: list[str]) -> BulkResult:
        """Move many runs to the trash."""
        ...

    @route("POST", "ext/v1/runs/restore", access=filtered())
    def restore_runs(self, caller: Caller, run_ids: list[str]) -> BulkResult:
        """Take many runs out of the trash."""
        ...
