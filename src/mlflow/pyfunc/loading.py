"""Load a model of any flavor as a function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from mlflow.exceptions import BadRequest, InvalidParameterValue, ResourceDoesNotExist
from mlflow.models.code_paths import import_code
from mlflow.models.manifest import Model
from mlflow.models.package import FUNCTION_FLAVOR, admit
from mlflow.models.places import model_folder
from mlflow.models.surface import Surface
from mlflow.models.yaml_files import read_mapping
from mlflow.pyfunc.dependencies import warn_of_differences
from mlflow.pyfunc.loaded_model import PyFuncModel
from mlflow.pyfunc.model import inside
from mlflow.tracking.run_tags import MLFLOW_MODEL_IS_EXTERNAL

__all__ = ["load_folder", "load_model", "load_pyfunc"]

_PICKLED = "mlflow.pyfunc.model"
_SCRIPT = "mlflow.pyfunc.loaders.code_model"
_AGENTS = frozenset(f"mlflow.pyfunc.loaders.{kind}" for kind in ("chat_agent", "chat_model", "responses_agent"))
_BY_CODE = "save it from code: pass the path of a script that calls mlflow.models.set_model as python_model"


class NoFunction(ResourceDoesNotExist):
    """A model cannot be loaded as a function: it has no entry for that."""


class ExternalModel(BadRequest):
    """A model has no files here: its record was created for one that is kept elsewhere."""


def load_model(
    model_uri: str,
    suppress_warnings: bool = False,
    dst_path: str | None = None,
    model_config: str | Path | dict[str, Any] | None = None,
) -> PyFuncModel:
    """Load a model of any flavor as a function.

    Args:
        model_uri: a path, or a `runs:`, `models:`, `s3:` … URI.
        suppress_warnings: whether to keep quiet about differences between this environment and the model's.
        dst_path: the folder to download into.
        model_config: overrides the configuration that the model was saved with; a dictionary or a YAML file.

    Raises:
        ResourceDoesNotExist: there is no model, or it cannot be loaded as a function.
        ExternalModel: its files are kept elsewhere.
        DigestMismatch: a file is not the one that was saved.
        PickleRefused: the settings forbid to load it.
        MlflowException: its framework is missing, or its own code failed.
    """
    folder = model_folder(model_uri, dst_path)
    return load_folder(folder, str(model_uri), model_config, suppress_warnings=suppress_warnings)


def load_folder(
    folder: Path,
    model_uri: str,
    model_config: str | Path | dict[str, Any] | None = None,
    *,
    suppress_warnings: bool = False,
) -> PyFuncModel:
    """Load a model that is on this machine already, by the URI that was asked for.

    Args:
        folder: the model's.
        model_uri: for messages, and for the settings that trust models by where they come from.
        model_config: as `load_model` takes it; so is the next one, and so is what raises.
        suppress_warnings: likewise.
    """
    manifest = Model.load(folder)
    config = manifest.flavors.get(FUNCTION_FLAVOR)
    if (manifest.metadata or {}).get(MLFLOW_MODEL_IS_EXTERNAL):
        raise ExternalModel(
            f"Model '{model_uri}' is external: its files are not stored here. Load it from where they are."
        )
    if config is None:
        raise NoFunction(
            f'Model "{model_uri}" does not have the "python_function" flavor. Load it by one of '
            f"{sorted(manifest.flavors)}."
        )
    if not suppress_warnings:
        warn_of_differences(folder, manifest, model_uri)
    given = _configuration(model_config)
    loaded = _implementation(folder, config, model_uri, given)
    saved = config.get("config")
    stream = "predict_stream" if config.get("streamable") and hasattr(loaded, "predict_stream") else None
    merged = {**(saved if isinstance(saved, dict) else {}), **(given or {})}
    return PyFuncModel(manifest, loaded, "predict", stream, manifest.model_id, merged, folder)


def load_pyfunc(model_uri: str, suppress_warnings: bool = False) -> PyFuncModel:
    """Load a model; an older name of `load_model`."""
    return load_model(model_uri, suppress_warnings)


def _configuration(given: str | Path | dict[str, Any] | None) -> dict[str, Any] | None:
    if given is None or isinstance(given, dict):
        return given
    return {str(key): value for key, value in read_mapping(Path(given), "model configuration").items()}


def _implementation(folder: Path, config: dict[str, Any], source: str, model_config: dict[str, Any] | None) -> Any:
    name = str(config.get("loader_module"))
    if name in _AGENTS:
        raise InvalidParameterValue(
            f"Model '{source}' belongs to MLflow's tier for generative applications, which this distribution does not "
            "have. Load it with the published mlflow package."
        )
    code = config.get("code")
    if name.startswith("mlflow."):
        loader = _loader(name, source)
        if isinstance(surface := getattr(loader, "__self__", None), Surface):
            return surface.function(folder, source, model_config)
        admit(source, folder, **_risk(name))
        import_code(folder, code)
    else:
        admit(source, folder, format="code" if code else "a format of its own")
        import_code(folder, code)
        loader = _loader(name, source)
    path = config.get("data") or config.get("model_path")
    place = str(inside(folder, str(path)) if path else folder)
    return loader(place, model_config) if _takes_config(loader) else loader(place)


def _risk(loader_module: str) -> dict[str, str]:
    if loader_module == _SCRIPT:
        return {"format": "a Python script"}
    return {"format": "cloudpickle", "alternative": _BY_CODE} if loader_module == _PICKLED else {"format": "pickle"}


def _loader(name: str, source: str) -> Callable[..., Any]:
    try:
        module = import_module(name)
    except ModuleNotFoundError as exc:
        raise InvalidParameterValue(
            f"Model '{source}' is loaded by module '{name}', which cannot be imported: {exc}. Install what brings it, "
            "or save the model with its code in code_paths."
        ) from exc
    if not hasattr(module, "_load_pyfunc"):
        raise InvalidParameterValue(f"Module '{name}' of model '{source}' has no function _load_pyfunc. Add it.")
    loader: Callable[..., Any] = module._load_pyfunc
    return loader


def _takes_config(loader: Callable[..., Any]) -> bool:
    return "model_config" in inspect.signature(loader).parameters
