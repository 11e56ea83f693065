"""The classes that plugins written for MLflow subclass; older paths in `_aliases` lead here."""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mlflow.contract.pages import Page
from mlflow.entities import (
    DatasetInput,
    Experiment,
    ExperimentTag,
    FileInfo,
    LoggedModelInput,
    LoggedModelOutput,
    Metric,
    Param,
    Run,
    RunInfo,
    RunTag,
)
from mlflow.exceptions import NotImplementedByStore

__all__ = ["AbstractStore", "ArtifactRepository"]


class AbstractStore(ABC):
    """A tracking store of a plugin (entry-point group `mlflow.tracking_store`); `plugin_store.adapt` calls it."""

    @abstractmethod
    def search_experiments(
        self,
        view_type: int = 1,
        max_results: int = 1000,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Page[Experiment]:
        """A page of experiments."""

    @abstractmethod
    def create_experiment(self, name: str, artifact_location: str | None, tags: list[ExperimentTag] | None) -> str:
        """Create an experiment and answer its id."""

    @abstractmethod
    def get_experiment(self, experiment_id: str) -> Experiment:
        """One experiment."""

    def get_experiment_by_name(self, experiment_name: str) -> Experiment | None:
        """The experiment of that name, looked for among all pages; None when there is none."""
        token: str | None = None
        while True:
            page = self.search_experiments(view_type=3, page_token=token)
            for experiment in page:
                if experiment.name == experiment_name:
                    return experiment
            token = page.token
            if not token:
                return None

    @abstractmethod
    def delete_experiment(self, experiment_id: str) -> None:
        """Move an experiment to the trash."""

    @abstractmethod
    def restore_experiment(self, experiment_id: str) -> None:
        """Take an experiment out of the trash."""

    @abstractmethod
    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Rename an experiment."""

    @abstractmethod
    def get_run(self, run_id: str) -> Run:
        """One run."""

    @abstractmethod
    def update_run_info(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> RunInfo:
        """Change state, end time and name."""

    @abstractmethod
    def create_run(
        self, experiment_id: str, user_id: str, start_time: int, tags: list[RunTag], run_name: str | None
    ) -> Run:
        """Create a run."""

    @abstractmethod
    def delete_run(self, run_id: str) -> None:
        """Move a run to the trash."""

    @abstractmethod
    def restore_run(self, run_id: str) -> None:
        """Take a run out of the trash."""

    @abstractmethod
    def get_metric_history(
        self, run_id: str, metric_key: str, max_results: int | None = None, page_token: str | None = None
    ) -> Page[Metric]:
        """A page of a metric's points."""

    @abstractmethod
    def log_batch(self, run_id: str, metrics: list[Metric], params: list[Param], tags: list[RunTag]) -> None:
        """Log metrics, params and tags."""

    @abstractmethod
    def log_inputs(
        self,
        run_id: str,
        datasets: list[DatasetInput] | None = None,
        models: list[LoggedModelInput] | None = None,
    ) -> None:
        """Link datasets and models to a run as inputs."""

    def log_outputs(self, run_id: str, models: list[LoggedModelOutput]) -> None:
        """Link models to a run as outputs."""
        raise NotImplementedByStore(f"{type(self).__name__} keeps no outputs of runs. Leave `log_outputs` out.")

    def log_metric(self, run_id: str, metric: Metric) -> None:
        """Log one point."""
        self.log_batch(run_id, metrics=[metric], params=[], tags=[])

    def log_param(self, run_id: str, param: Param) -> None:
        """Log one param."""
        self.log_batch(run_id, metrics=[], params=[param], tags=[])

    def set_tag(self, run_id: str, tag: RunTag) -> None:
        """Set one tag."""
        self.log_batch(run_id, metrics=[], params=[], tags=[tag])

    def set_experiment_tag(self, experiment_id: str, tag: ExperimentTag) -> None:
        """Set a tag of an experiment."""
        raise NotImplementedByStore(f"{type(self).__name__} keeps no tags of experiments. Leave them out.")

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag of an experiment."""
        raise NotImplementedByStore(f"{type(self).__name__} keeps no tags of experiments. Leave them out.")

    def search_runs(
        self,
        experiment_ids: Sequence[str],
        filter_string: str | None,
        run_view_type: int,
        max_results: int = 1000,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Page[Run]:
        """A page of runs; `_search_runs`, which answers runs and a token, does the work."""
        runs, token = self._search_runs(experiment_ids, filter_string, run_view_type, max_results, order_by, page_token)
        return Page(runs, token)

    def _search_runs(self, *query: Any) -> tuple[list[Run], str | None]:
        raise NotImplementedByStore(f"{type(self).__name__} cannot search runs. Get them by id.")


class ArtifactRepository(ABC):
    """An artifact store of a plugin (entry-point group `mlflow.artifact_repository`).

    Args:
        artifact_uri: its root.
        tracking_uri: the tracking store in use.
        registry_uri: the model registry in use.
    """

    def __init__(self, artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None) -> None:
        self.artifact_uri = artifact_uri
        self.tracking_uri = tracking_uri
        self.registry_uri = registry_uri

    @abstractmethod
    def log_artifact(self, local_file: str, artifact_path: str | None = None) -> None:
        """Keep a local file below the folder `artifact_path`."""

    @abstractmethod
    def log_artifacts(self, local_dir: str, artifact_path: str | None = None) -> None:
        """Keep what a local folder holds below the folder `artifact_path`."""

    @abstractmethod
    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        """What a folder holds, with paths from the root."""

    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        """Remove a file, or a folder with all below it."""
        raise NotImplementedByStore(f"{type(self).__name__} cannot delete '{artifact_path or ''}'.")

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        raise NotImplementedByStore(f"{type(self).__name__} cannot download '{remote_file_path}'.")

    def download_artifacts(self, artifact_path: str, dst_path: str | None = None) -> str:
        """Copy a file or folder into a local folder; answers its local path."""
        folder = Path(dst_path or tempfile.mkdtemp(prefix="mlflow-"))
        entries = self.list_artifacts(artifact_path)
        if not entries and artifact_path:
            return self._downloaded_file(artifact_path, folder)
        for entry in entries:
            if entry.is_dir:
                self.download_artifacts(entry.path, str(folder))
            else:
                self._downloaded_file(entry.path, folder)
        return str(folder / artifact_path)

    def _downloaded_file(self, path: str, folder: Path) -> str:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self._download_file(path, str(target))
        return str(target)
