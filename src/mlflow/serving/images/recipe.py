"""What an image holds, taken from the model and what the user asks for.

Nothing of the model's own words gets into the Dockerfile but the two numbers of its Python: requirements travel in
files that pip and conda read.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import yaml

from mlflow.environments.specification import PythonSpecification
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.manifest import Model
from mlflow.pyfunc.environment import what_conda_installs, what_pip_installs

__all__ = ["ENV_MANAGERS", "MODEL_FOLDER", "Recipe", "recipe_of"]

MODEL_FOLDER = "/opt/ml/model"
"""Where the model is inside of the image, as MLflow has it."""

ENV_MANAGERS = ("local", "virtualenv", "uv", "conda")

_CONDA_BASE, _CONDA_RUNS_ON = "condaforge/miniforge3", "debian:12-slim"
_IMAGE = re.compile(
    r"(?=.{1,400}$)[a-zA-Z0-9][a-zA-Z0-9._-]*(:\d+)?(/[a-z0-9._-]+)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?",
    re.ASCII,
)
_PYTHON = re.compile(r"3\.\d{1,2}(?:\.\d{1,3})?")
_LIBRARIES = {"lightgbm": ("libgomp1",), "paddle": ("libgomp1",)}  # shared objects that these wheels do not carry
_JAVA = "default-jre-headless"
_OF_JAVA = {"spark", "h2o"}


class Recipe(msgspec.Struct, frozen=True):
    """What an image holds.

    Attributes:
        base: the image in which it is built; it has Python, or conda.
        runs_on: the image that it is made from.
        model: the folder of the model; None when it is mounted at run time.
        requirements: lines for pip, beside the running distribution.
        constraints: likewise, for what the requirements bring along.
        conda: the content of a conda.yaml, which takes the place of the requirements.
        packages: of Debian, for running.
        at_start: the model's environment is built when a container starts, not with the image.
        carries: requirements lie in the model's folder.
    """

    base: str
    runs_on: str
    model: Path | None = None
    requirements: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    conda: str | None = None
    packages: tuple[str, ...] = ()
    at_start: bool = False
    carries: bool = False

    @property
    def needs_git(self) -> bool:
        """A requirement is a repository, which pip clones."""
        return any("git+" in line for line in (*self.requirements, *self.constraints)) or "git+" in (self.conda or "")


def recipe_of(
    folder: Path | None,
    model_uri: str | None,
    env_manager: str,
    *,
    install_java: bool | None = None,
    base_image: str | None = None,
) -> Recipe:
    """What the image of a model holds.

    Args:
        folder: the model's; None for an image whose model is mounted when it runs.
        model_uri: what the user calls it.
        env_manager: one of ENV_MANAGERS. All but conda give a virtual environment.
        install_java: whether Java is there; None for the models that need it.
        base_image: in place of `python:X.Y-slim`.

    Raises:
        InvalidParameterValue: the model does not say what it needs, or a requirement is only on this machine.
    """
    if env_manager not in ENV_MANAGERS:
        raise InvalidParameterValue(f"'{env_manager}' builds no images. Choose one of {', '.join(ENV_MANAGERS)}.")
    base = check_image(base_image) if base_image is not None else None
    if folder is None or model_uri is None:
        if env_manager == "conda":
            raise InvalidParameterValue(
                "An image without a model cannot have a conda environment. Give --model-uri, or --env-manager "
                "virtualenv."
            )
        java = (_JAVA,) if install_java else ()
        base, later = base or _slim(_own_python()), env_manager != "local"
        return Recipe(base, base, requirements=("uv",) if later else (), packages=java, at_start=later)
    flavors = set(Model.load(folder).flavors)
    if "python_function" not in flavors:
        raise InvalidParameterValue(
            f"Model '{model_uri}' has no flavor 'python_function', so it cannot be served. Save it by a flavor that "
            "has one."
        )
    packages = _packages(flavors, install_java)
    if env_manager == "conda":
        content = _conda(folder, model_uri)
        runs_on = base or _CONDA_RUNS_ON
        carries = MODEL_FOLDER in content
        return Recipe(base or _CONDA_BASE, runs_on, folder, conda=content, packages=packages, carries=carries)
    found = what_pip_installs(folder, model_uri)
    requirements, constraints = _inside(found.requirements, folder), _inside(found.constraints, folder)
    carries = any(MODEL_FOLDER in line for line in (*requirements, *constraints))
    base = base or _slim(_python(found, model_uri))
    return Recipe(base, base, folder, requirements, constraints, packages=packages, carries=carries)


def check_image(name: str) -> str:
    """An image's name, unless it is none.

    Raises:
        InvalidParameterValue: it is none.
    """
    if not _IMAGE.fullmatch(name):
        raise InvalidParameterValue(
            f"'{name}' is not the name of an image. Give one like 'registry.example/team/churn:1', with the path in "
            "lower case."
        )
    return name


def _own_python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


def _slim(python: str) -> str:
    return f"python:{python}-slim"


def _python(specification: PythonSpecification, model_uri: str) -> str:
    version = specification.python or _own_python()
    if not _PYTHON.fullmatch(version):
        raise InvalidParameterValue(
            f"Model '{model_uri}' asks for Python '{version}', which is no version. Correct its python_env.yaml, or "
            "give --base-image."
        )
    return ".".join(version.split(".")[:2])


def _packages(flavors: set[str], install_java: bool | None) -> tuple[str, ...]:
    found = {package for flavor in flavors for package in _LIBRARIES.get(flavor, ())}
    if install_java or (install_java is None and flavors & _OF_JAVA):
        found.add(_JAVA)
    return tuple(sorted(found))


def _conda(folder: Path, model_uri: str) -> str:
    content: dict[str, Any] = dict(what_conda_installs(folder, model_uri).content)
    content.pop("name", None)
    content["dependencies"] = [
        {"pip": list(_inside(entry["pip"], folder))} if isinstance(entry, dict) and "pip" in entry else entry
        for entry in content["dependencies"]
    ]
    return yaml.safe_dump(content, sort_keys=False)


def _inside(lines: Iterable[str], folder: Path) -> tuple[str, ...]:
    """Requirements as they are inside of the image: paths below the model's folder lead to where it is there."""
    return tuple(_placed(line, folder) for line in lines)


def _placed(line: str, folder: Path) -> str:
    editable, path = ("-e ", line[3:].strip()) if line.startswith("-e ") else ("", line)
    if path.startswith("-") or not (path.startswith("/") or "file:" in path):
        return line
    own = f"{folder.resolve()}/"
    if path.startswith(own) and ".." not in path:
        return f"{editable}{MODEL_FOLDER}/{path.removeprefix(own)}"
    raise InvalidParameterValue(
        f"The model's requirement '{line}' is a path of this machine, which an image does not have. Put the package "
        "on an index, keep it in the model's folder, or add its code by code_paths."
    )
