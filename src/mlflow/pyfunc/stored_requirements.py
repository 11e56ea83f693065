"""Which requirements a stored model has, told by loading it here."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from mlflow.environment_variables import MLFLOW_REQUIREMENTS_INFERENCE_RAISE_ERRORS
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.manifest import Model
from mlflow.models.module_requirements import code_modules, pins, source_modules
from mlflow.models.package import FUNCTION_FLAVOR, stored_requirements
from mlflow.models.places import model_folder
from mlflow.models.surface import Surface
from mlflow.models.uv_project import UvProject
from mlflow.pyfunc.loading import load_model
from mlflow.pyfunc.model import inside

__all__ = ["infer_pip_requirements"]

_LOG = logging.getLogger(__name__)


def infer_pip_requirements(
    model_uri: str,
    flavor: str,
    fallback: list[str] | None = None,
    timeout: float | None = None,
    extra_env_vars: Mapping[str, str] | None = None,
    uv_project_dir: str | Path | None = None,
    uv_groups: list[str] | None = None,
    uv_extras: list[str] | None = None,
) -> list[str]:
    """The requirements of a stored model, pinned to what is installed here; without mlflow itself.

    Args:
        model_uri: a path, or a `runs:`, `models:`, `s3:` … URI.
        flavor: the entry of its manifest to load it by.
        fallback: what to answer where it cannot be loaded; without it, or with
            MLFLOW_REQUIREMENTS_INFERENCE_RAISE_ERRORS, the failure is raised.
        timeout: of no effect; nothing is waited for.
        extra_env_vars: environment variables to set while it is loaded.
        uv_project_dir: a folder with uv.lock and pyproject.toml; what is locked there is the answer. The working
            folder when omitted, if it is such a one.
        uv_groups: dependency groups of that project to take too.
        uv_extras: optional dependencies of that project to take too.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: it is none of this flavor.
        MlflowException: it cannot be loaded.
    """
    project = UvProject.find(uv_project_dir, uv_groups, uv_extras)
    locked = project.requirements() if project is not None else None
    if locked is not None:
        return locked
    try:
        with _set(extra_env_vars or {}):
            return _inferred(model_uri, flavor)
    except Exception as exc:
        if fallback is None or MLFLOW_REQUIREMENTS_INFERENCE_RAISE_ERRORS.get():
            raise
        _LOG.warning("Requirements of model '%s' cannot be inferred, so %s are taken: %s", model_uri, fallback, exc)
        return fallback


@contextlib.contextmanager
def _set(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _inferred(model_uri: str, flavor: str) -> list[str]:
    folder = model_folder(model_uri)
    config = Model.load(folder).flavors.get(flavor)
    if config is None:
        named = sorted(Model.load(folder).flavors)
        raise InvalidParameterValue(f"Model '{model_uri}' has no flavor '{flavor}'. Name one of {named}.")
    surface = _surface(str(config.get("loader_module") or f"mlflow.{flavor}"))
    if surface is not None:
        return stored_requirements(surface.flavor, folder)
    if flavor != FUNCTION_FLAVOR:
        raise InvalidParameterValue(f"Models of flavor '{flavor}' are not loaded here. Name '{FUNCTION_FLAVOR}'.")
    return pins(_modules(folder, config))


def _surface(module: str) -> Surface | None:
    """The functions of a flavor's module; None for other modules."""
    if not module.startswith("mlflow."):
        return None
    surface = getattr(getattr(import_module(module), "_load_pyfunc", None), "__self__", None)
    return surface if isinstance(surface, Surface) else None


def _modules(folder: Path, config: Mapping[str, Any]) -> set[str]:
    """The modules that Python code needs which is a model."""
    code = inside(folder, str(config["code"])) if config.get("code") else None
    found = source_modules(code) if code is not None else set()
    loader = str(config["loader_module"])
    if config.get("model_code_path"):
        found |= source_modules(folder / Path(str(config["model_code_path"])).name)
    elif loader.startswith("mlflow."):
        model = load_model(str(folder), suppress_warnings=True).unwrap_python_model()
        found |= code_modules(model, getattr(model, "func", None))
    else:
        found.add(loader)
    return found - ({path.stem for path in code.iterdir()} if code is not None else set())
