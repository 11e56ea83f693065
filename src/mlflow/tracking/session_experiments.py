"""The fluent API's calls about experiments."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mlflow._unavailable import NotInThisRelease
from mlflow.contract.names import check_experiment_name
from mlflow.entities import Experiment, LifecycleStage, ViewType
from mlflow.environment_variables import MLFLOW_EXPERIMENT_ID, MLFLOW_EXPERIMENT_NAME
from mlflow.exceptions import InvalidParameterValue, ResourceAlreadyExists
from mlflow.tracking import offline
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.default_experiment import DEFAULT_EXPERIMENT_ID
from mlflow.tracking.default_experiment.registry import get_experiment_id
from mlflow.tracking.run_log import run_log
from mlflow.tracking.uris import get_tracking_uri

__all__ = ["ExperimentCalls", "Target"]

_PAGE = 1000

_logger = logging.getLogger(__name__)


class Target(NamedTuple):
    """The experiment of a new run: by id, or by name where no server can be asked for the id."""

    experiment_id: str | None = None
    name: str | None = None


class ExperimentCalls:
    """Experiments, and the one that new runs of this process join."""

    def __init__(self) -> None:
        self._target: Target | None = None

    def set_experiment(
        self,
        experiment_name: str | None = None,
        experiment_id: str | None = None,
        trace_location: object = None,
    ) -> Experiment:
        """Have new runs of this process, and of those it starts, join an experiment.

        Args:
            experiment_name: its name; made if there is none, also when several processes do so at once. This or the id.
            experiment_id: its id; it must exist.
            trace_location: not available in this distribution.

        Raises:
            InvalidParameterValue: neither or both are given, or the experiment is deleted.
            ResourceDoesNotExist: there is no experiment of that id.
        """
        if (experiment_name is None) == (experiment_id is None):
            raise InvalidParameterValue("Must specify exactly one of: `experiment_id` or `experiment_name`.")
        if trace_location is not None:
            raise NotInThisRelease("mlflow.set_experiment(trace_location=…)")
        if experiment_name is not None:
            check_experiment_name(experiment_name)
        if offline.is_offline(get_tracking_uri()):
            return self._set_offline(experiment_name, experiment_id)
        client = MlflowClient()
        if experiment_name is not None:
            experiment = self._made(client, experiment_name)
        else:
            experiment = client.get_experiment(str(experiment_id))
        if experiment.lifecycle_stage != LifecycleStage.ACTIVE:
            raise InvalidParameterValue(
                f"Cannot set a deleted experiment '{experiment.name}' as the active experiment. You can restore the "
                "experiment, or permanently delete the experiment to create a new one."
            )
        self._aim(Target(experiment_id=experiment.experiment_id))
        return experiment

    def create_experiment(
        self,
        name: str,
        artifact_location: str | None = None,
        tags: Mapping[str, Any] | None = None,
        trace_location: object = None,
    ) -> str:
        """Create an experiment and return its id.

        Args:
            name: unique; 1 to 500 characters.
            artifact_location: where its runs keep files; the store's default when omitted.
            tags: labels; values are turned into text.
            trace_location: not available in this distribution.

        Raises:
            ResourceAlreadyExists: the name is taken, also by a deleted experiment.
        """
        if trace_location is not None:
            raise NotInThisRelease("mlflow.create_experiment(trace_location=…)")
        return MlflowClient().create_experiment(name, artifact_location, tags)

    def get_experiment(self, experiment_id: str) -> Experiment:
        """Return an experiment, deleted ones too."""
        return MlflowClient().get_experiment(experiment_id)

    def get_experiment_by_name(self, name: str) -> Experiment | None:
        """Return the experiment of that name, deleted ones too; None when there is none."""
        return MlflowClient().get_experiment_by_name(name)

    def search_experiments(
        self,
        view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int | None = None,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
    ) -> list[Experiment]:
        """Return experiments, the newest first unless `order_by` says otherwise.

        Args:
            view_type: of `ViewType`: active, deleted or all.
            max_results: how many at most; all when omitted.
            filter_string: such as `name LIKE 'wine%' AND tags.team = 'a'`; see docs/search.md.
            order_by: such as `["name ASC", "last_update_time DESC"]`.
        """
        return list(self._searched(view_type, max_results, filter_string, order_by))

    def delete_experiment(self, experiment_id: str) -> None:
        """Move an experiment and its runs to the trash."""
        MlflowClient().delete_experiment(experiment_id)

    def restore_experiment(self, experiment_id: str) -> None:
        """Take an experiment and all its runs out of the trash."""
        MlflowClient().restore_experiment(experiment_id)

    def set_experiment_tag(self, key: str, value: Any) -> None:
        """Set or overwrite a tag of the active experiment."""
        MlflowClient().set_experiment_tag(self._experiment_id(), key, value)

    def set_experiment_tags(self, tags: Mapping[str, Any]) -> None:
        """Set or overwrite tags of the active experiment."""
        for key, value in tags.items():
            self.set_experiment_tag(key, value)

    def delete_experiment_tag(self, key: str) -> None:
        """Remove a tag of the active experiment."""
        MlflowClient().delete_experiment_tag(self._experiment_id(), key)

    def _experiment_id(self) -> str:
        """The id of the experiment that new runs join."""
        target = self._destined()
        if target.experiment_id is None:
            return self._made(MlflowClient(), target.name or "").experiment_id
        return target.experiment_id

    def _destined(self) -> Target:
        """What was set, else what the environment says, else what a plugin says, else the default."""
        if self._target is not None:
            return self._target
        if name := MLFLOW_EXPERIMENT_NAME.get():
            return Target(name=name)
        return Target(experiment_id=MLFLOW_EXPERIMENT_ID.get() or get_experiment_id() or DEFAULT_EXPERIMENT_ID)

    def _aim(self, target: Target) -> None:
        """Use an experiment from now on, here and in processes that this one starts."""
        self._target = target
        if target.experiment_id is not None:
            MLFLOW_EXPERIMENT_NAME.unset()
            MLFLOW_EXPERIMENT_ID.set(target.experiment_id)
        else:
            MLFLOW_EXPERIMENT_ID.unset()
            MLFLOW_EXPERIMENT_NAME.set(target.name)

    def _set_offline(self, name: str | None, experiment_id: str | None) -> Experiment:
        self._aim(Target(experiment_id, name))
        if name is not None:
            offline.create_experiment(run_log(get_tracking_uri()), name)
        return Experiment(experiment_id or "", name or "")

    @staticmethod
    def _made(client: MlflowClient, name: str) -> Experiment:
        """The experiment of that name, made if need be; another process may be faster."""
        found = client.get_experiment_by_name(name)
        if found is not None:
            return found
        try:
            made = client.get_experiment(client.create_experiment(name))
        except ResourceAlreadyExists:
            found = client.get_experiment_by_name(name)
            if found is None:
                raise
            return found
        _logger.info("Created experiment '%s' with id %s.", name, made.experiment_id)
        return made

    @staticmethod
    def _searched(
        view_type: int, max_results: int | None, filter_string: str | None, order_by: list[str] | None
    ) -> Iterator[Experiment]:
        client, token, left = MlflowClient(), None, max_results
        while left is None or left > 0:
            size = _PAGE if left is None else min(left, _PAGE)
            page = client.search_experiments(view_type, size, filter_string, order_by, token)
            yield from page
            token, left = page.token, None if left is None else left - len(page)
            if not token:
                return
