"""The fluent API's calls about logged models."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mlflow.contract.names import check_logged_model_name
from mlflow.entities import LoggedModel, LoggedModelStatus
from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.active_model import (
    ActiveModel,
    activate,
    active_model_id,
    last_model_id,
    remember_model,
)
from mlflow.tracking.active_run import current_run
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.context.registry import resolve_tags
from mlflow.tracking.run_tags import MLFLOW_MODEL_IS_EXTERNAL
from mlflow.tracking.session_experiments import ExperimentCalls

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ModelCalls"]

_PAGE = 100
_COLUMNS = sorted(LoggedModel.__slots__)

_logger = logging.getLogger(__name__)


class ModelCalls(ExperimentCalls):
    """Logged models: made, found, labelled, and made the one that metrics are about."""

    def initialize_logged_model(
        self,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        model_type: str | None = None,
        experiment_id: str | None = None,
    ) -> LoggedModel:
        """Create a logged model in state PENDING, to be given its files and then finalized.

        Args:
            name: made up when omitted; none of `/ : . % " '`.
            source_run_id: the run that makes it; the active run when omitted.
            tags: labels; values are turned into text.
            params: values it was made with; turned into text.
            model_type: such as "Agent".
            experiment_id: where; the run's experiment, else the active one, when omitted.

        Returns:
            The model; `last_logged_model` answers it from now on.
        """
        if name is not None:
            check_logged_model_name(name)
        run = current_run()
        made_by = source_run_id or (run.run_id if run is not None else None)
        if experiment_id is None and run is not None and source_run_id in {None, run.run_id}:
            experiment_id = run.info.experiment_id
        model = MlflowClient().create_logged_model(
            experiment_id or self._experiment_id(), name, made_by, resolve_tags(tags), params, model_type
        )
        remember_model(model.model_id)
        return model

    def create_external_model(
        self,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        model_type: str | None = None,
        experiment_id: str | None = None,
    ) -> LoggedModel:
        """Create a logged model whose files are kept elsewhere, READY at once; see `initialize_logged_model`."""
        labels = {**(tags or {}), MLFLOW_MODEL_IS_EXTERNAL: "true"}
        model = self.initialize_logged_model(name, source_run_id, labels, params, model_type, experiment_id)
        client = MlflowClient()
        with temporary_folder("model") as folder:
            _write_manifest(model, folder)
            client.log_model_artifacts(model.model_id, str(folder))
        return client.finalize_logged_model(model.model_id, LoggedModelStatus.READY)

    def finalize_logged_model(
        self, model_id: str, status: Literal["READY", "FAILED"] | LoggedModelStatus
    ) -> LoggedModel:
        """Say that a model's files are all there (READY), or that they could not be uploaded (FAILED)."""
        return MlflowClient().finalize_logged_model(model_id, status)

    def get_logged_model(self, model_id: str) -> LoggedModel:
        """Return a logged model with its params, tags and metrics.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        return MlflowClient().get_logged_model(model_id)

    def last_logged_model(self) -> LoggedModel | None:
        """Return the model that this thread made last, as it is now; None when it made none."""
        model_id = last_model_id()
        return None if model_id is None else MlflowClient().get_logged_model(model_id)

    def search_logged_models(
        self,
        experiment_ids: Sequence[str] | None = None,
        filter_string: str | None = None,
        datasets: Sequence[Mapping[str, str]] | None = None,
        max_results: int | None = None,
        order_by: Sequence[Mapping[str, Any]] | None = None,
        output_format: Literal["pandas", "list"] = "pandas",
    ) -> list[LoggedModel] | pd.DataFrame:
        """Search for logged models.

        Args:
            experiment_ids: where to look; the active experiment when omitted.
            filter_string: such as `metrics.accuracy > 0.9 AND params.optimizer = 'adam'`; see docs/search.md.
            datasets: dictionaries with dataset_name and, if wanted, dataset_digest; conditions on metrics then look at
                points on these datasets only.
            max_results: how many at most; all when omitted.
            order_by: dictionaries with field_name (an attribute or `metrics.<key>`), ascending (True when omitted),
                dataset_name and dataset_digest; the newest first when omitted.
            output_format: "pandas" for a DataFrame with a column an attribute; "list" for a list of `LoggedModel`.
        """
        if output_format not in {"pandas", "list"}:
            raise MlflowException(
                f"Unsupported output format: {output_format!r}. Supported string values are 'pandas' or 'list'",
                InvalidParameterValue.code,
            )
        ids = [str(given) for given in experiment_ids] if experiment_ids else [self._experiment_id()]
        found = list(_found(ids, filter_string, datasets, max_results, order_by))
        return found if output_format == "list" else _frame(found)

    def set_logged_model_tags(self, model_id: str, tags: Mapping[str, Any]) -> None:
        """Set or overwrite tags of a logged model; values are turned into text."""
        MlflowClient().set_logged_model_tags(model_id, tags)

    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Remove a tag of a logged model.

        Raises:
            ResourceDoesNotExist: it has no such tag.
        """
        MlflowClient().delete_logged_model_tag(model_id, key)

    def log_model_params(self, params: Mapping[str, Any], model_id: str | None = None) -> None:
        """Log params of a logged model, the active one when none is named; values may not change later."""
        chosen = model_id or active_model_id()
        if not chosen:
            raise InvalidParameterValue(
                f"`model_id` must be a non-empty string, but got {model_id!r}. Name a model, or call set_active_model."
            )
        MlflowClient().log_model_params(chosen, params)

    def set_active_model(self, *, name: str | None = None, model_id: str | None = None) -> ActiveModel:
        """Make a logged model the one that metrics of this thread are about; usable in a `with` statement.

        Args:
            name: of the newest such model in the active experiment; an external model of this name is created when
                there is none.
            model_id: of a model that exists.

        Raises:
            MlflowException: neither is given, or the model of this id has another name.
            ResourceDoesNotExist: there is no model of this id.
        """
        if name is None and model_id is None:
            raise InvalidParameterValue("Either name or model_id must be provided")
        model = self._named_model(name or "") if model_id is None else self.get_logged_model(model_id)
        if name is not None and model.name != name:
            raise InvalidParameterValue(
                f"LoggedModel with model_id {model_id!r} has name {model.name!r}, which does not match the provided "
                f"name {name!r}. Leave one of the two out."
            )
        active = ActiveModel(model, set_by_user=True)
        activate(model.model_id)
        _logger.info("Active model is set to the logged model with ID: %s", model.model_id)
        return active

    def clear_active_model(self) -> None:
        """Make no logged model the active one."""
        activate(None)
        _logger.info("Active model is cleared")

    def get_active_model_id(self) -> str | None:
        """Return the id of the active model: the one set in this thread, else MLFLOW_ACTIVE_MODEL_ID; else None."""
        return active_model_id()

    def _named_model(self, name: str) -> LoggedModel:
        check_logged_model_name(name)
        found = MlflowClient().search_logged_models([self._experiment_id()], f"name = '{name}'", max_results=1)
        if found:
            return found[0]
        _logger.info("LoggedModel with name %r does not exist, creating one...", name)
        return self.create_external_model(name)


def _found(
    experiment_ids: list[str],
    filter_string: str | None,
    datasets: Sequence[Mapping[str, str]] | None,
    most: int | None,
    order_by: Sequence[Mapping[str, Any]] | None,
) -> Iterator[LoggedModel]:
    client, token, left = MlflowClient(), None, most
    while left is None or left > 0:
        size = _PAGE if left is None else min(left, _PAGE)
        page = client.search_logged_models(experiment_ids, filter_string, datasets, size, order_by, token)
        yield from page
        token, left = page.token, None if left is None else left - len(page)
        if not token:
            return


def _frame(models: Sequence[LoggedModel]) -> pd.DataFrame:
    import pandas as pd

    rows = [{name: getattr(model, name) for name in _COLUMNS} | {"status": model.status.value} for model in models]
    return pd.DataFrame(rows, columns=_COLUMNS) if rows else pd.DataFrame([])


def _write_manifest(model: LoggedModel, folder: Path) -> None:
    from mlflow.models.manifest import MLMODEL_FILE_NAME, Model

    manifest = Model(
        artifact_path=model.artifact_location, model_id=model.model_id, metadata={MLFLOW_MODEL_IS_EXTERNAL: True}
    )
    manifest.save(str(folder / MLMODEL_FILE_NAME))
