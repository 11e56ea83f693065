"""Versions of registered models that have their libraries with them."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

from mlflow.artifacts import download_artifacts
from mlflow.models.manifest import MLMODEL_FILE_NAME, Model
from mlflow.models.model_info import ModelInfo
from mlflow.models.wheels import add_wheels
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.model_log import log_model
from mlflow.tracking.model_lookup import get_model_version_from_model_uri

__all__ = ["add_libraries_to_model"]

_TAKEN = (
    *("flavors", "signature", "saved_input_example_info", "metadata"),
    *("resources", "auth_policy", "env_vars", "prompts"),
)


def add_libraries_to_model(
    model_uri: str, run_id: str | None = None, registered_model_name: str | None = None
) -> ModelInfo:
    """Register a version's model anew with the wheels of all its libraries, so that no index is needed to run it.

    The wheels are those for this Python and this platform.

    Args:
        model_uri: a version of a registered model: `models:/<name>/<version>`, `/<stage>` or `@<alias>`.
        run_id: the run to log it to; the one of the version when omitted.
        registered_model_name: the model whose new version it becomes; the same when omitted.

    Raises:
        InvalidParameterValue: the URI names no version.
        ResourceDoesNotExist: there is no such version.
        WheelsThereAlready: it has its libraries.
        EnvironmentFailed: pip cannot get them.
    """
    version = get_model_version_from_model_uri(model_uri)
    with temporary_folder("wheels") as parent:
        folder = Path(
            download_artifacts(artifact_uri=f"models:/{version.name}/{version.version}", dst_path=str(parent))
        )
        add_wheels(folder)
        return log_model(
            Model,
            flavor=_Stored(folder),
            name=version.name,
            run_id=run_id or version.run_id or None,
            registered_model_name=registered_model_name or version.name,
        )


class _Stored:
    """Stands for a flavor whose model is a folder already."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save_model(self, path: str, mlflow_model: Model) -> None:
        stored = Model.load(self._folder)
        taken = {name: getattr(stored, name) for name in _TAKEN} | {"wheels": {"platform": platform.platform()}}
        for name, value in taken.items():
            setattr(mlflow_model, name, value)
        files = [file for file in self._folder.rglob("*") if file.is_file() and file.name != MLMODEL_FILE_NAME]
        mlflow_model.model_size_bytes = sum(file.stat().st_size for file in files)
        shutil.move(self._folder, path)
        mlflow_model.save(Path(path, MLMODEL_FILE_NAME))
