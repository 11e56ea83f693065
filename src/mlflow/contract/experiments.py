"""Experiments: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Protocol

import msgspec

from mlflow.contract.access import create, edit, filtered, manage, read
from mlflow.contract.caller import Caller
from mlflow.contract.pages import Page
from mlflow.contract.route import Text, ViewTypeName, route
from mlflow.entities.experiment import Experiment
from mlflow.entities.experiment_tag import ExperimentTag

__all__ = ["Activity", "Experiments"]


class Activity(msgspec.Struct, frozen=True):
    """What goes on in an experiment.

    `runs` and `running` count its runs. `last` is when one of them started or ended last (UTC ms). `days` counts those
    that started in each of the latest 14 times 24 hours, the oldest first. `users` started them, who started one last
    comes first, at most 20.
    """

    experiment_id: str
    runs: int
    running: int
    last: int | None
    days: list[int]
    users: list[str]


class Experiments(Protocol):
    """Named collections of runs. Ids are decimal numbers as text; "0" is "Default" and exists from the start."""

    @route("POST", "2.0/mlflow/experiments/create", access=create(), envelope="experiment_id")
    def create_experiment(
        self,
        caller: Caller,
        name: Text,
        artifact_location: str = "",
        tags: list[ExperimentTag] = [],  # noqa: B006
    ) -> str:
        """Create an experiment and answer its id.

        Raises:
            ResourceAlreadyExists: the name is taken, also by a deleted experiment.
            InvalidParameterValue: the name, a tag or the artifact location is not acceptable.
        """
        ...

    @route("GET", "2.0/mlflow/experiments/get", access=read(experiment="experiment_id"), envelope="experiment")
    def get_experiment(self, caller: Caller, experiment_id: Text) -> Experiment:
        """Answer one experiment, deleted ones too."""
        ...

    @route("GET", "2.0/mlflow/experiments/get-by-name", access=filtered(), envelope="experiment")
    def get_experiment_by_name(self, caller: Caller, experiment_name: Text) -> Experiment:
        """Answer the experiment of that name, deleted ones too."""
        ...

    @route("POST GET", "2.0/mlflow/experiments/search", access=filtered(), envelope="experiments")
    def search_experiments(
        self,
        caller: Caller,
        max_results: int,
        page_token: str = "",
        filter: str = "",
        order_by: list[str] = [],  # noqa: B006
        view_type: ViewTypeName = "ACTIVE_ONLY",
    ) -> Page[Experiment]:
        """Answer a page of experiments, the newest first unless `order_by` says otherwise."""
        ...

    @route("POST", "2.0/mlflow/experiments/update", access=edit(experiment="experiment_id"))
    def update_experiment(self, caller: Caller, experiment_id: Text, new_name: Text) -> None:
        """Rename an active experiment."""
        ...

    @route("POST", "2.0/mlflow/experiments/delete", access=manage(experiment="experiment_id"))
    def delete_experiment(self, caller: Caller, experiment_id: Text) -> None:
        """Move an experiment and its runs to the trash."""
        ...

    @route("POST", "2.0/mlflow/experiments/restore", access=manage(experiment="experiment_id"))
    def restore_experiment(self, caller: Caller, experiment_id: Text) -> None:
        """Take an experiment and all its runs out of the trash."""
        ...

    @route("POST", "2.0/mlflow/experiments/set-experiment-tag", access=edit(experiment="experiment_id"))
    def set_experiment_tag(self, caller: Caller, experiment_id: Text, key: Text, value: str = "") -> None:
        """Set or overwrite a tag."""
        ...

    @route("POST", "2.0/mlflow/experiments/delete-experiment-tag", access=edit(experiment="experiment_id"))
    def delete_experiment_tag(self, caller: Caller, experiment_id: Text, key: Text) -> None:
        """Remove a tag; `ResourceDoesNotExist` when there is none of that key."""
        ...

    @route("POST", "ext/v1/experiments/activity", access=filtered(), envelope="activity")
    def get_activity(
        self, caller: Caller, experiment_ids: list[str], run_view_type: ViewTypeName = "ACTIVE_ONLY"
    ) -> list[Activity]:
        """Answer what goes on in up to 1,000 experiments, in the order given; those that are not there are left out."""
        ...
