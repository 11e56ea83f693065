"""The client's calls about logged models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from mlflow.artifacts.paths import ArtifactPath
from mlflow.contract.caller import EVERYONE
from mlflow.contract.logged_models import LoggedModels, ModelOrder, OnDataset
from mlflow.contract.names import check_logged_model_name
from mlflow.contract.pages import Page
from mlflow.entities import FileInfo, LoggedModel, LoggedModelParameter, LoggedModelStatus, LoggedModelTag
from mlflow.exceptions import InvalidParameterValue
from mlflow.tracking.artifact_lookup import model_artifacts
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.run_log import run_log

__all__ = ["LoggedModelCalls"]

_MOST_PARAMS = 100  # in one request
_MOST_MODELS = 100


class LoggedModelCalls:
    """Creates, finds, labels and removes logged models, and their files; paths are relative, with forward slashes."""

    _uri: str

    def create_logged_model(
        self,
        experiment_id: str,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        model_type: str | None = None,
    ) -> LoggedModel:
        """Create a logged model in state PENDING; `finalize_logged_model` says when its files are there.

        Args:
            experiment_id: where.
            name: made up when omitted; none of `/ : . % " '`.
            source_run_id: the run that makes it.
            tags: labels; values are turned into text.
            params: values it was made with; turned into text.
            model_type: such as "Agent".
        """
        if name is not None:
            check_logged_model_name(name)
        given = [LoggedModelParameter(str(key), str(value)) for key, value in (params or {}).items()]
        labels = [LoggedModelTag(str(key), str(value)) for key, value in (tags or {}).items()]
        model = self._models.create_logged_model(
            EVERYONE,
            str(experiment_id),
            name or "",
            model_type or "",
            source_run_id or "",
            given[:_MOST_PARAMS],
            labels,
        )
        self._log_model_params(model.model_id, given[_MOST_PARAMS:])
        return self.get_logged_model(model.model_id) if len(given) > _MOST_PARAMS else model

    def get_logged_model(self, model_id: str) -> LoggedModel:
        """Return a logged model with its params, tags and metrics.

        Raises:
            ResourceDoesNotExist: there is none, or it is in the trash.
        """
        run_log(self._uri).settle()
        return self._models.get_logged_model(EVERYONE, model_id)

    def finalize_logged_model(
        self, model_id: str, status: Literal["READY", "FAILED"] | LoggedModelStatus
    ) -> LoggedModel:
        """Say that a model's files are all there, or that they could not be uploaded.

        Raises:
            ValueError: the status is none of `LoggedModelStatus`.
        """
        chosen = LoggedModelStatus(status)
        if chosen is LoggedModelStatus.UNSPECIFIED:
            raise InvalidParameterValue(f"A model cannot become '{status}'; use READY or FAILED.")
        return self._models.finalize_logged_model(EVERYONE, model_id, chosen.to_wire())  # type: ignore[arg-type]  # one of the three

    def delete_logged_model(self, model_id: str) -> None:
        """Move a logged model to the trash."""
        self._models.delete_logged_model(EVERYONE, model_id)

    def log_model_params(self, model_id: str, params: Mapping[str, Any]) -> None:
        """Log params of a logged model; values are turned into text and may not change later."""
        self._log_model_params(model_id, [LoggedModelParameter(str(key), str(value)) for key, value in params.items()])

    def set_logged_model_tags(self, model_id: str, tags: Mapping[str, Any]) -> None:
        """Set or overwrite tags of a logged model; values are turned into text."""
        labels = [LoggedModelTag(str(key), str(value)) for key, value in tags.items()]
        self._models.set_logged_model_tags(EVERYONE, model_id, labels)

    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Remove a tag of a logged model.

        Raises:
            ResourceDoesNotExist: it has no such tag.
        """
        self._models.delete_logged_model_tag(EVERYONE, model_id, key)

    def search_logged_models(
        self,
        experiment_ids: Sequence[str],
        filter_string: str | None = None,
        datasets: Sequence[Mapping[str, Any]] | None = None,
        max_results: int | None = None,
        order_by: Sequence[Mapping[str, Any]] | None = None,
        page_token: str | None = None,
    ) -> Page[LoggedModel]:
        """Return a page of logged models, the newest first unless `order_by` says otherwise.

        Args:
            experiment_ids: where to look.
            filter_string: such as `metrics.accuracy > 0.9 AND params.optimizer = 'adam'`.
            datasets: dictionaries with dataset_name and, if wanted, dataset_digest; conditions on metrics then look at
                points on these datasets only.
            max_results: 100 when omitted.
            order_by: dictionaries with field_name (an attribute or `metrics.<key>`), ascending (True when omitted),
                dataset_name and dataset_digest.
            page_token: the `token` of the page before.
        """
        run_log(self._uri).settle()
        return self._models.search_logged_models(
            EVERYONE,
            [str(experiment_id) for experiment_id in experiment_ids],
            filter_string or "",
            [_read(OnDataset, dataset, "datasets") for dataset in datasets or ()],
            max_results or _MOST_MODELS,
            [_read(ModelOrder, key, "order_by") for key in order_by or ()],
            page_token or "",
        )

    def log_model_artifact(self, model_id: str, local_path: str, artifact_path: str | None = None) -> None:
        """Add a local file, or a folder under its name, to a logged model.

        Args:
            model_id: which model.
            local_path: the file or folder.
            artifact_path: the folder in the model to put it in; its root when omitted.
        """
        local = Path(local_path)
        path = ArtifactPath.parse(artifact_path) / ArtifactPath.parse_file(local.absolute().name)
        store = model_artifacts(self._uri, model_id)
        if local.is_dir():
            store.upload_directory(local, path)
        else:
            local.stat()
            store.upload_file(local, path)

    def log_model_artifacts(self, model_id: str, local_dir: str, artifact_path: str | None = None) -> None:
        """Add what a local folder holds, with the folders in it, to a logged model.

        Args:
            model_id: which model.
            local_dir: the folder.
            artifact_path: the folder in the model to put it in; its root when omitted.
        """
        model_artifacts(self._uri, model_id).upload_directory(Path(local_dir), ArtifactPath.parse(artifact_path))

    def list_logged_model_artifacts(self, model_id: str, path: str | None = None) -> list[FileInfo]:
        """Return what a folder of a logged model holds, sorted by path; nothing for a file or an absent path."""
        return model_artifacts(self._uri, model_id).list(ArtifactPath.parse(path))

    @property
    def _models(self) -> LoggedModels:
        return tracking_backend(self._uri).store.logged_models

    def _log_model_params(self, model_id: str, params: list[LoggedModelParameter]) -> None:
        for start in range(0, len(params), _MOST_PARAMS):
            self._models.log_logged_model_params(EVERYONE, model_id, params[start : start + _MOST_PARAMS])


def _read(kind: Any, given: Mapping[str, Any], argument: str) -> Any:
    unknown = sorted(set(given) - set(kind.__struct_fields__))
    if unknown:
        raise InvalidParameterValue(
            f"Unknown key '{unknown[0]}' in `{argument}`; use {', '.join(kind.__struct_fields__)}."
        )
    return kind(**given)
