"""Save and log Python code as a model: a class, a function, a script, or a loader module with its data."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from mlflow.artifacts.whole_folders import stage
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.code_paths import copy_code
from mlflow.models.code_paths import infer_code_paths as own_code
from mlflow.models.environment import Environment
from mlflow.models.manifest import Model
from mlflow.models.model_info import ModelInfo
from mlflow.models.module_requirements import pins, source_modules
from mlflow.models.package import (
    FUNCTION_FLAVOR,
    SaveOptions,
    describe,
    function_entry,
    inferred_requirements,
    seal,
)
from mlflow.models.requirements import pin
from mlflow.models.training_profile import write_training_profile
from mlflow.models.uv_project import UvProject
from mlflow.models.yaml_files import read_mapping
from mlflow.pyfunc.python_package import PythonPackage

__all__ = ["add_to_model", "get_default_conda_env", "get_default_pip_requirements", "log_model", "save_model"]

_LOG = logging.getLogger(__name__)


class NothingToSave(InvalidParameterValue):
    """Neither a Python model nor a loader module was given, or both."""


def save_model(
    path: str | Path,
    loader_module: str | None = None,
    data_path: str | Path | None = None,
    code_paths: list[str] | None = None,
    infer_code_paths: bool = False,
    conda_env: dict[str, Any] | str | None = None,
    mlflow_model: Model | None = None,
    python_model: Any = None,
    artifacts: dict[str, str] | None = None,
    signature: Any = None,
    input_example: Any = None,
    pip_requirements: list[str] | str | None = None,
    extra_pip_requirements: list[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
    model_config: str | Path | dict[str, Any] | None = None,
    streamable: bool | None = None,
    resources: Any = None,
    auth_policy: Any = None,
    uv_project_path: str | Path | None = None,
    uv_groups: list[str] | None = None,
    uv_extras: list[str] | None = None,
    **kwargs: Any,
) -> None:
    """Save Python code as a model to a new folder: a `python_model`, or a `loader_module` with its data.

    Args:
        path: the folder; it must not exist, or be empty.
        loader_module: a module with a function `_load_pyfunc(path)`, which returns an object with `predict`.
        data_path: the file or folder that it gets.
        code_paths: files and folders of code that the model needs.
        infer_code_paths: whether to find the user's own modules that the model needs.
        conda_env: the whole environment: a dictionary as conda has it, or the path of its YAML file.
        mlflow_model: the manifest to fill in; a new one when omitted.
        python_model: a `PythonModel`, a function of one argument, or the path of a script that calls
            `mlflow.models.set_model`.
        artifacts: name -> path or URI of files that `load_context` finds in `context.artifacts`.
        signature: what the model takes and gives; from type hints or the example when omitted.
        input_example: data to call the model with, or a pair of data and parameters.
        pip_requirements: all requirements, as a list or the path of a file.
        extra_pip_requirements: requirements beside the inferred ones.
        metadata: anything that YAML can hold.
        model_config: what `context.model_config` answers; a dictionary or a YAML file.
        streamable: whether it has `predict_stream`; told from the class when omitted.
        resources: what it may reach when it is served.
        auth_policy: whose rights it acts with when it is served.
        uv_project_path: a folder with uv.lock and pyproject.toml, which are kept with the model and say what it needs;
            the working folder when omitted, if it is such a one.
        uv_groups: dependency groups of that project that the model needs.
        uv_extras: optional dependencies of that project that the model needs.
        **kwargs: none; kept so that callers of older versions get a message.

    Raises:
        NothingToSave: neither, or both, of loader_module and python_model were given.
        ResourceAlreadyExists: the folder holds something.
        InvalidParameterValue: an option is broken; nothing is left behind.
    """
    _check(kwargs, (loader_module, data_path), (python_model, artifacts))
    project = UvProject.find(uv_project_path, uv_groups, uv_extras)
    manifest = mlflow_model if mlflow_model is not None else Model()
    options = SaveOptions(
        conda_env=conda_env,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        signature=signature,
        input_example=input_example,
        metadata=metadata,
    )
    if resources is not None:
        manifest.resources = resources
    if auth_policy is not None:
        manifest.auth_policy = auth_policy
    config = _configuration(model_config)
    with stage(Path(path)) as folder:
        needs = _code_of(python_model, loader_module) if infer_code_paths else []
        code = copy_code([*(code_paths or ()), *needs], folder) if code_paths or needs else None
        if loader_module is not None:
            entry = {"streamable": bool(streamable)} | _data(data_path, folder) | ({"config": config} if config else {})
            manifest.add_flavor(FUNCTION_FLAVOR, **function_entry(loader_module, code, **entry))
            describe(manifest, folder, options, None)
            modules: set[str] = set()
        else:
            package = PythonPackage(python_model, folder, config or {}, artifacts or {})
            entry = function_entry(package.loader_module, None) | {"code": code} | package.entry(streamable)
            manifest.add_flavor(FUNCTION_FLAVOR, **entry)
            options = package.with_signature(options, manifest)
            describe(manifest, folder, options, package.call)
            modules = package.modules()
        write_training_profile(folder, options.input_example, None)
        if code is not None:
            modules |= source_modules(folder / code)
        if project is not None:
            project.keep(folder)
        named = get_default_pip_requirements() if loader_module is None else []
        inferred = [*named, *pins(modules - _own_modules(folder, code))]
        seal(manifest, folder, _environment(inferred_requirements(options, inferred, project), options))


def log_model(
    artifact_path: str | None = None,
    loader_module: str | None = None,
    data_path: str | Path | None = None,
    code_paths: list[str] | None = None,
    infer_code_paths: bool = False,
    conda_env: dict[str, Any] | str | None = None,
    python_model: Any = None,
    artifacts: dict[str, str] | None = None,
    registered_model_name: str | None = None,
    signature: Any = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: list[str] | str | None = None,
    extra_pip_requirements: list[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
    model_config: str | Path | dict[str, Any] | None = None,
    streamable: bool | None = None,
    resources: Any = None,
    auth_policy: Any = None,
    uv_project_path: str | Path | None = None,
    uv_groups: list[str] | None = None,
    uv_extras: list[str] | None = None,
    prompts: list[Any] | None = None,
    name: str | None = None,
    params: dict[str, Any] | None = None,
    tags: dict[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
) -> ModelInfo:
    """Log Python code as a model to the active run, and return what is known of it.

    What it is made of is said as to `save_model`; the rest as to the `log_model` of every flavor: `name` (and its older
    word `artifact_path`), `params`, `tags`, `model_type`, `step`, `model_id` of a logged model made before,
    `registered_model_name` to register it, and `await_registration_for` so many seconds.
    """
    return Model.log(flavor=import_module("mlflow.pyfunc"), **locals())


def add_to_model(
    model: Model,
    loader_module: str,
    data: str | None = None,
    code: str | None = None,
    conda_env: str | None = None,
    python_env: str | None = None,
    model_config: Any = None,
    model_code_path: str | None = None,
    **kwargs: Any,
) -> Model:
    """Say in a manifest how its model is loaded as a function.

    Args:
        model: the manifest.
        loader_module: the module whose `_load_pyfunc` loads it.
        data: the path that it gets, relative to the model's folder.
        code: the folder of code, relative to the model's folder.
        conda_env: the file of the conda environment.
        python_env: the file of the Python environment.
        model_config: the model's configuration.
        model_code_path: the model's script.
        **kwargs: further keys of the entry.
    """
    entry = function_entry(loader_module, code)
    given = {"conda": conda_env, "virtualenv": python_env}
    entry["env"] = {kind: file for kind, file in given.items() if file}
    optional = {"data": data, "config": model_config, "model_code_path": model_code_path}
    entry |= {key: value for key, value in optional.items() if value is not None}
    return model.add_flavor(FUNCTION_FLAVOR, **(entry | kwargs))


def get_default_pip_requirements() -> list[str]:
    """The requirements that every Python model has."""
    return [pin("cloudpickle")]


def get_default_conda_env() -> dict[str, Any]:
    """The conda environment with those requirements."""
    return Environment.of(get_default_pip_requirements()).to_conda()


def _check(unknown: dict[str, Any], loader: tuple[Any, Any], python: tuple[Any, Any]) -> None:
    if unknown:
        raise InvalidParameterValue(f"save_model has no parameters {sorted(unknown)}. Check their spelling.")
    if loader[0] is None and python[0] is None:
        raise NothingToSave(
            "Either `loader_module` or `python_model` must be specified. A `loader_module` is the name of a Python "
            "module, a `python_model` an instance of a subclass of PythonModel, a function, or the path of a script."
        )
    if any(one is not None for one in loader) and any(one is not None for one in python):
        raise NothingToSave(
            "`loader_module` and `data_path` cannot be specified together with `python_model` and `artifacts`. Leave "
            "out one pair."
        )


def _configuration(given: Any) -> dict[str, Any] | None:
    if given is None or isinstance(given, dict):
        return given
    if not isinstance(given, (str, Path)) or not Path(given).is_file():
        raise InvalidParameterValue(f"An invalid `model_config` was passed: '{given}' is no dictionary and no file.")
    return {str(key): value for key, value in read_mapping(Path(given), "model configuration").items()}


def _data(data_path: str | Path | None, folder: Path) -> dict[str, str]:
    if data_path is None:
        return {}
    source = Path(data_path)
    if not source.exists():
        raise InvalidParameterValue(f"Data path '{data_path}' is not there. Check the path.")
    target = folder / "data" / source.resolve().name
    target.parent.mkdir()
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)
    return {"data": target.relative_to(folder).as_posix()}


def _code_of(python_model: Any, loader_module: str | None) -> list[Path]:
    if loader_module is not None:
        return own_code(import_module(loader_module))
    return own_code(python_model) if not isinstance(python_model, (str, Path)) else []


def _own_modules(folder: Path, code: str | None) -> set[str]:
    """Names of modules that the model brings itself: no distribution of the same name is meant."""
    return {path.stem for path in (folder / code).iterdir()} if code else set()


def _environment(inferred: Iterable[str], options: SaveOptions) -> Environment:
    return Environment.of(
        inferred,
        conda_env=options.conda_env,
        pip_requirements=options.pip_requirements,
        extra_pip_requirements=options.extra_pip_requirements,
    )
