"""The environment that a model asks for, and commands that go on inside of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import msgspec
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from mlflow.environments.built import Activation
from mlflow.environments.conda_environment import conda_environment
from mlflow.environments.failures import run_tool
from mlflow.environments.python_environment import local_activation, python_environment
from mlflow.environments.specification import (
    CondaSpecification,
    PythonSpecification,
    own_lines_removed,
    read_conda_env,
    read_python_env,
)
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.environment import CONDA_FILE, PYTHON_ENV_FILE
from mlflow.models.places import model_folder

__all__ = [
    "activate",
    "activate_for",
    "go_on_inside",
    "inside",
    "run_inside",
    "what_conda_installs",
    "what_pip_installs",
]


def activate(model_uri: str, env_manager: str, overriding: Sequence[str] = ()) -> Activation:
    """The environment of a model, made unless it is there.

    Args:
        model_uri: the model.
        env_manager: local, virtualenv, uv or conda.
        overriding: requirements that take the place of the model's own for the same packages, or join them.

    Raises:
        EnvironmentFailed: it cannot be made.
        InvalidParameterValue: the model does not say what it needs.
    """
    return activate_for([model_uri], env_manager, overriding)


def activate_for(model_uris: Sequence[str], env_manager: str, overriding: Sequence[str] = ()) -> Activation:
    """The environment of models that are to run in one process.

    Raises:
        EnvironmentFailed: it cannot be made.
        InvalidParameterValue: a model does not say what it needs, or they need different things.
    """
    if env_manager == "local":
        return local_activation()
    first, *others = [(uri, _specification(uri, env_manager, overriding)) for uri in model_uris]
    for uri, specification in others:
        if specification != first[1]:
            raise InvalidParameterValue(
                f"Models '{first[0]}' and '{uri}' ask for different environments, so they cannot run in one process. "
                "Save them with the same requirements, or choose --env-manager local and have here what both need."
            )
    found = first[1]
    return conda_environment(found) if isinstance(found, CondaSpecification) else python_environment(found, env_manager)


def _specification(
    model_uri: str, env_manager: str, overriding: Sequence[str]
) -> CondaSpecification | PythonSpecification:
    folder = model_folder(model_uri)
    if env_manager == "conda":
        return _of_conda(what_conda_installs(folder, model_uri), overriding)
    return _overridden(what_pip_installs(folder, model_uri), overriding)


def what_pip_installs(folder: Path, model_uri: str) -> PythonSpecification:
    """The Python that a model in a folder asks for, and its packages.

    Raises:
        InvalidParameterValue: the model does not say what it needs, or it is more than pip can install.
    """
    if (folder / PYTHON_ENV_FILE).is_file():
        return read_python_env(folder / PYTHON_ENV_FILE)
    conda = what_conda_installs(folder, model_uri)  # models of old
    if conda.python is None:
        raise InvalidParameterValue(
            f"Model '{model_uri}' asks for {', '.join(conda.needs_conda)}, which only conda has. Choose "
            "--env-manager conda."
        )
    return conda.python


def what_conda_installs(folder: Path, model_uri: str) -> CondaSpecification:
    """The conda environment that a model in a folder asks for.

    Raises:
        InvalidParameterValue: the model does not say what it needs.
    """
    return read_conda_env(_file(folder, model_uri, CONDA_FILE))


def go_on_inside(activation: Activation, arguments: Sequence[str], variables: Mapping[str, str]) -> NoReturn:
    """Have mlflow's command line go on in an environment, in place of this process.

    Args:
        activation: of the environment.
        arguments: of the `mlflow` command.
        variables: further variables of the environment.
    """
    command, environment = _command(activation, arguments), _environment(activation, variables)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":  # there, exec returns to the shell at once
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)  # noqa: S603 - an argument list
    os.execvpe(command[0], command, environment)  # noqa: S606 - an argument list; no shell


def run_inside(activation: Activation, arguments: Sequence[str], variables: Mapping[str, str]) -> None:
    """Have a command of mlflow's run to its end in an environment.

    Raises:
        EnvironmentFailed: it failed; with its own words.
    """
    run_tool(
        _command(activation, arguments), f"`mlflow {arguments[0]} {arguments[1]}`", _environment(activation, variables)
    )


def inside(
    activation: Activation, words: Sequence[str], variables: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """A command of an environment's Python, and the variables that it is to be run with."""
    return _python_command(activation, words), _environment(activation, variables)


def _command(activation: Activation, arguments: Sequence[str]) -> list[str]:
    return _python_command(activation, ["-m", "mlflow.cli", *arguments])


def _python_command(activation: Activation, words: Sequence[str]) -> list[str]:
    python = sys.executable if activation.kind == "local" else "python"
    if activation.folder is not None and activation.kind != "conda":  # found before this process' own PATH is asked
        python = shutil.which("python", path=str(activation.variables.get("PATH"))) or python
    return [*activation.prefix, python, *words]


def _environment(activation: Activation, variables: Mapping[str, str]) -> dict[str, str]:
    environment = {**os.environ, **variables}
    for name, value in activation.variables.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
    return environment


def _file(folder: Path, model_uri: str, name: str) -> Path:
    if not (folder / name).is_file():
        raise InvalidParameterValue(
            f"Model '{model_uri}' does not say what it needs: it has no file '{name}'. Choose --env-manager local, and "
            "have here what the model needs."
        )
    return folder / name


def _of_conda(found: CondaSpecification, overriding: Sequence[str]) -> CondaSpecification:
    if not overriding:
        return found
    raise InvalidParameterValue(
        f"Requirements {', '.join(overriding)} cannot override those of a conda environment. Choose --env-manager uv "
        "or virtualenv."
    )


def _overridden(specification: PythonSpecification, overriding: Sequence[str]) -> PythonSpecification:
    names = {_name(line) for line in overriding}
    kept = [line for line in specification.requirements if _name(line) not in names]
    return msgspec.structs.replace(specification, requirements=(*kept, *own_lines_removed(list(overriding))))


def _name(line: str) -> str:
    try:
        return canonicalize_name(Requirement(line).name)
    except InvalidRequirement:
        return line  # an option of pip, or a path
