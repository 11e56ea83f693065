"""The client of a tracking store: every call says which run or experiment it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mlflow._names import LATER_METHODS
from mlflow._unavailable import Unavailable
from mlflow.contract.caller import EVERYONE
from mlflow.contract.inputs import DatasetLineage
from mlflow.contract.names import check_key, param_value, tag_value
from mlflow.contract.pages import Page
from mlflow.contract.store import TrackingStore
from mlflow.entities import (
    DatasetInput,
    Experiment,
    ExperimentTag,
    LoggedModelInput,
    LoggedModelOutput,
    Metric,
    Param,
    Run,
    RunStatus,
    RunTag,
    ViewType,
)
from mlflow.environment_variables import MLFLOW_ENABLE_ASYNC_LOGGING
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.stores import Backend
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.batches import send_batches
from mlflow.tracking.client_artifacts import ArtifactLogging
from mlflow.tracking.client_models import LoggedModelCalls
from mlflow.tracking.client_registry import RegistryCalls
from mlflow.tracking.client_webhooks import WebhookCalls
from mlflow.tracking.clock import now
from mlflow.tracking.history import metric_history
from mlflow.tracking.metric_value import checked_point
from mlflow.tracking.model_links import LINKS
from mlflow.tracking.operations import RunOperations
from mlflow.tracking.run_log import RunLog, run_log
from mlflow.tracking.run_tags import MLFLOW_PARENT_RUN_ID
from mlflow.tracking.uris import get_tracking_uri, normalized, registry_uri_of

__all__ = ["MlflowClient"]


class MlflowClient(ArtifactLogging, LoggedModelCalls, RegistryCalls, WebhookCalls):
    """Creates and manages experiments, runs, logged and registered models.

    Args:
        tracking_uri: the store's address; the process-wide one when omitted.
        registry_uri: the registry's address; the tracking address when omitted.
        workspace_store_uri: accepted for programs that pass it; workspaces are switched off.
    """

    def __init__(
        self,
        tracking_uri: str | None = None,
        registry_uri: str | None = None,
        workspace_store_uri: str | None = None,
    ) -> None:
        self._uri = normalized(tracking_uri) if tracking_uri else get_tracking_uri()
        self._registry_uri = registry_uri or registry_uri_of(self._uri)
        self._workspace_store_uri = workspace_store_uri

    @property
    def tracking_uri(self) -> str:
        """The store's address."""
        return self._uri

    @property
    def _backend(self) -> Backend:
        return tracking_backend(self._uri)

    @property
    def _log(self) -> RunLog:
        return run_log(self._uri)

    @property
    def _store(self) -> TrackingStore:
        return self._backend.store

    # Experiments

    def create_experiment(
        self, name: str, artifact_location: str | None = None, tags: Mapping[str, Any] | None = None
    ) -> str:
        """Create an experiment and return its id.

        Args:
            name: unique; 1 to 500 characters.
            artifact_location: where its runs keep files; the store's default when omitted.
            tags: labels; values are turned into text.

        Raises:
            ResourceAlreadyExists: the name is taken, also by a deleted experiment.
        """
        sent = [ExperimentTag(key, str(value)) for key, value in (tags or {}).items()]
        return self._store.experiments.create_experiment(EVERYONE, name, artifact_location or "", sent)

    def get_experiment(self, experiment_id: str) -> Experiment:
        """Return an experiment, deleted ones too."""
        return self._store.experiments.get_experiment(EVERYONE, str(experiment_id))

    def get_experiment_by_name(self, name: str) -> Experiment | None:
        """Return the experiment of that name, deleted ones too; None when there is none."""
        try:
            return self._store.experiments.get_experiment_by_name(EVERYONE, name)
        except ResourceDoesNotExist:
            return None

    def search_experiments(
        self,
        view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int | None = 1000,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Page[Experiment]:
        """Return a page of experiments, the newest first unless `order_by` says otherwise."""
        return self._store.experiments.search_experiments(
            EVERYONE,
            1000 if max_results is None else max_results,
            page_token or "",
            filter_string or "",
            order_by or [],
            ViewType.NAMES[view_type],  # type: ignore[arg-type]  # the names are the contract's literals
        )

    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Give an active experiment another name."""
        self._store.experiments.update_experiment(EVERYONE, str(experiment_id), new_name)

    def delete_experiment(self, experiment_id: str) -> None:
        """Move an experiment and its runs to the trash."""
        self._store.experiments.delete_experiment(EVERYONE, str(experiment_id))

    def restore_experiment(self, experiment_id: str) -> None:
        """Take an experiment and all its runs out of the trash."""
        self._store.experiments.restore_experiment(EVERYONE, str(experiment_id))

    def set_experiment_tag(self, experiment_id: str, key: str, value: Any) -> None:
        """Set or overwrite a tag of an experiment."""
        self._store.experiments.set_experiment_tag(EVERYONE, str(experiment_id), key, str(value))

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag of an experiment."""
        self._store.experiments.delete_experiment_tag(EVERYONE, str(experiment_id), key)

    # Runs

    def create_run(
        self,
        experiment_id: str,
        start_time: int | None = None,
        tags: Mapping[str, Any] | None = None,
        run_name: str | None = None,
    ) -> Run:
        """Create a run in state RUNNING.

        Args:
            experiment_id: where.
            start_time: UTC milliseconds; now when omitted.
            tags: labels; values are turned into text. The user is taken from `mlflow.user`.
            run_name: made up when omitted.
        """
        sent = {key: str(value) for key, value in (tags or {}).items()}
        return self._store.runs.create_run(
            EVERYONE,
            str(experiment_id),
            sent.get("mlflow.user", "unknown"),
            run_name or "",
            now() if start_time is None else start_time,
            [RunTag(key, value) for key, value in sent.items()],
        )

    def get_run(self, run_id: str) -> Run:
        """Return a run with its latest metrics, params, tags, inputs and outputs."""
        self._settle(run_id)
        return self._store.runs.get_run(EVERYONE, run_id)

    def get_parent_run(self, run_id: str) -> Run | None:
        """Return the run that this one is nested in; None when it is in none."""
        parent = self.get_run(run_id).data.tags.get(MLFLOW_PARENT_RUN_ID)
        return self.get_run(parent) if parent else None

    def update_run(self, run_id: str, status: str | None = None, name: str | None = None) -> None:
        """Change a run's state or name; what is not given stays."""
        if status is not None:
            RunStatus.from_string(status)
        self._settle(run_id)
        self._store.runs.update_run(EVERYONE, run_id, status, None, name or "")  # type: ignore[arg-type]  # just checked

    def set_terminated(self, run_id: str, status: str | None = None, end_time: int | None = None) -> None:
        """End a run, as FINISHED and now unless said otherwise."""
        ended = status or RunStatus.to_string(RunStatus.FINISHED)
        RunStatus.from_string(ended)
        self._settle(run_id)
        self._store.runs.update_run(EVERYONE, run_id, ended, end_time or now())  # type: ignore[arg-type]  # just checked

    def delete_run(self, run_id: str) -> None:
        """Move a run to the trash."""
        self._settle(run_id)
        self._store.runs.delete_run(EVERYONE, run_id)

    def restore_run(self, run_id: str) -> None:
        """Take a run out of the trash."""
        self._store.runs.restore_run(EVERYONE, run_id)

    def search_runs(
        self,
        experiment_ids: Sequence[str],
        filter_string: str = "",
        run_view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int = 1000,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Page[Run]:
        """Return a page of runs, the latest started first unless `order_by` says otherwise."""
        self._settle(None)
        ids = [experiment_ids] if isinstance(experiment_ids, str | int) else experiment_ids
        return self._store.runs.search_runs(
            EVERYONE,
            [str(experiment_id) for experiment_id in ids],
            filter_string or "",
            ViewType.NAMES[run_view_type],  # type: ignore[arg-type]  # the names are the contract's literals
            max_results,
            order_by or [],
            page_token or "",
        )

    # Logging

    def log_metric(
        self,
        run_id: str,
        key: str,
        value: float,
        timestamp: int | None = None,
        step: int | None = None,
        synchronous: bool | None = None,
        dataset_name: str | None = None,
        dataset_digest: str | None = None,
        model_id: str | None = None,
    ) -> RunOperations | None:
        """Log one point of a metric.

        Args:
            run_id: which run.
            key: the metric's name.
            value: a number, or something that converts to one: numpy scalars, tensors of one element, numeric text.
            timestamp: UTC milliseconds; now when omitted.
            step: 0 when omitted; may be negative.
            synchronous: False returns once the point is durable on this machine.
            dataset_name: the dataset the metric was taken on.
            dataset_digest: that dataset's digest.
            model_id: the logged model the metric is about.
        """
        moment = now() if timestamp is None else timestamp
        point = Metric(key, value, moment, step or 0, model_id, dataset_name, dataset_digest)
        return self.log_batch(run_id, metrics=[point], synchronous=synchronous)

    def log_param(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> Any:
        """Log a param; its value is turned into text and may not change later."""
        operations = self.log_batch(run_id, params=[Param(key, str(value))], synchronous=synchronous)
        return value if operations is None else operations

    def set_tag(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> RunOperations | None:
        """Set or overwrite a tag of a run."""
        return self.log_batch(run_id, tags=[RunTag(key, str(value))], synchronous=synchronous)

    def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag of a run."""
        self._settle(run_id)
        self._store.runs.delete_tag(EVERYONE, run_id, key)

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric] = (),
        params: Sequence[Param] = (),
        tags: Sequence[RunTag] = (),
        synchronous: bool | None = None,
    ) -> RunOperations | None:
        """Log metrics, params and tags of a run, in as many requests as their numbers need.

        Raises:
            InvalidParameterValue: a key or value is not acceptable, or a param has another value already.
        """
        if synchronous is False or (synchronous is None and MLFLOW_ENABLE_ASYNC_LOGGING.get()):
            return self._log.batch(run_id, metrics, params, tags)
        points = [checked_point(metric) for metric in metrics]
        for what, items in (("param", params), ("tag", tags)):
            for item in items:
                check_key(what, item.key)
        checked_params = [Param(param.key, param_value(param.key, str(param.value))) for param in params]
        checked_tags = [RunTag(tag.key, tag_value(tag.key, str(tag.value))) for tag in tags]
        self._settle(run_id)
        send_batches(self._store, run_id, points, checked_params, checked_tags)
        return None

    def log_inputs(
        self,
        run_id: str,
        datasets: Sequence[DatasetInput] | None = None,
        models: Sequence[LoggedModelInput] | None = None,
    ) -> None:
        """Link datasets and logged models to a run as its inputs."""
        self._store.inputs.log_inputs(EVERYONE, run_id, list(datasets or ()), list(models or ()))

    def log_outputs(self, run_id: str, models: list[LoggedModelOutput]) -> None:
        """Link logged models to a run as its outputs."""
        self._store.inputs.log_outputs(EVERYONE, run_id, models)
        LINKS.learn(run_id, models)

    def get_dataset_lineage(self, name: str, digest: str, max_results: int = 1000) -> DatasetLineage:
        """Return which runs used a dataset, which models they made, and which models were measured on it.

        Args:
            name: the dataset's.
            digest: the dataset's.
            max_results: how many runs, and how many models, at most; the newest of each.
        """
        self._settle(None)
        return self._store.inputs.get_dataset_lineage(EVERYONE, name, digest, max_results)

    def get_metric_history(self, run_id: str, key: str) -> list[Metric]:
        """Return every point of a metric, ordered by timestamp, step, value."""
        self._settle(run_id)
        if not key:
            raise InvalidParameterValue("A metric history needs the metric's key, but got ''. Name the metric.")
        return metric_history(self._backend, run_id, key)

    def _settle(self, run_id: str | None) -> None:
        """Wait until the store has what this process logged to the run, or to any run."""
        self._log.settle(run_id)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Unavailable:
            if name in LATER_METHODS:
                return Unavailable(f"MlflowClient.{name}")
            raise AttributeError(f"'MlflowClient' has no attribute '{name}'")
