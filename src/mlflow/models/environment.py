"""The environment a model needs: requirements.txt, constraints.txt, conda.yaml and python_env.yaml."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from mlflow.environment_variables import MLFLOW_LOCK_MODEL_DEPENDENCIES
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.requirements import CONSTRAINTS_FILE, MissingRequirements, Requirements, pin
from mlflow.models.transitive import transitive_pins
from mlflow.models.yaml_files import dump_yaml, read_mapping, write_text

__all__ = [
    "CONDA_FILE",
    "ENVIRONMENT_FILES",
    "PYTHON_ENV_FILE",
    "REQUIREMENTS_FILE",
    "AmbiguousEnvironment",
    "Environment",
]

CONDA_FILE = "conda.yaml"
PYTHON_ENV_FILE = "python_env.yaml"
REQUIREMENTS_FILE = "requirements.txt"
ENVIRONMENT_FILES = (REQUIREMENTS_FILE, CONSTRAINTS_FILE, CONDA_FILE, PYTHON_ENV_FILE)
_BUILD = ("pip", "setuptools", "wheel")


class AmbiguousEnvironment(InvalidParameterValue, ValueError):
    """More than one of the three ways to give an environment was used."""


class InvalidCondaEnvironment(InvalidParameterValue, TypeError):
    """A conda environment is neither a dictionary nor the path of a YAML file, or has no dependencies."""


class Environment(msgspec.Struct, frozen=True):
    """What a model's environment holds.

    Args:
        requirements: what pip installs.
        conda: the conda environment a user gave, with those requirements in it; None for the usual one.
        python: the version of Python.
    """

    requirements: Requirements
    conda: dict[str, Any] | None = None
    python: str = platform.python_version()

    @classmethod
    def of(
        cls,
        inferred: Iterable[str],
        *,
        conda_env: dict[str, Any] | str | Path | None = None,
        pip_requirements: str | Path | Iterable[str] | None = None,
        extra_pip_requirements: str | Path | Iterable[str] | None = None,
    ) -> Environment:
        """The environment of a model.

        Args:
            inferred: requirements of the model as far as its flavor knows; used unless all are given.
            conda_env: a conda environment, or the path of its YAML file.
            pip_requirements: all requirements, as a list or the path of a file.
            extra_pip_requirements: requirements beside the inferred ones.

        Raises:
            AmbiguousEnvironment: more than one of the three was given; a ValueError too.
            InvalidParameterValue: one of them is broken, or requirements contradict each other.
        """
        if sum(given is not None for given in (conda_env, pip_requirements, extra_pip_requirements)) > 1:
            raise AmbiguousEnvironment(
                "Only one of conda_env, pip_requirements and extra_pip_requirements can be given. Leave out the others."
            )
        if conda_env is not None:
            return _of_conda(conda_env)
        if pip_requirements is not None:
            return cls(_locked(Requirements.read(pip_requirements).with_mlflow()))
        extra = Requirements.read(extra_pip_requirements, "extra_pip_requirements")
        return cls(_locked(Requirements.read(list(inferred)).with_mlflow().plus(extra)))

    @classmethod
    def read(cls, folder: Path) -> Environment:
        """The environment of a model's folder.

        Raises:
            ResourceDoesNotExist: it has no requirements.
        """
        conda = read_mapping(folder / CONDA_FILE, "conda environment") if (folder / CONDA_FILE).exists() else None
        return cls(Requirements.read(folder / REQUIREMENTS_FILE), conda, _python_of(folder))

    def save(self, folder: Path) -> None:
        """Write the four files; constraints only where there are any."""
        requirements = self.requirements
        write_text(folder / REQUIREMENTS_FILE, "\n".join(requirements.file_lines()))
        if requirements.constraints:
            write_text(folder / CONSTRAINTS_FILE, "\n".join(requirements.constraints))
        write_text(folder / CONDA_FILE, dump_yaml(self.to_conda(), "The conda environment"))
        python_env = {
            "python": self.python,
            "build_dependencies": [pin(name) for name in _BUILD],
            "dependencies": [f"-r {REQUIREMENTS_FILE}"],
        }
        write_text(folder / PYTHON_ENV_FILE, dump_yaml(python_env, "The Python environment", sort_keys=False))

    def to_conda(self) -> dict[str, Any]:
        """The conda environment: the user's own, or one of this Python and pip, with all requirements."""
        lines = self.requirements.file_lines()
        if self.conda is not None:
            return _with_pip(self.conda, lines)
        pip = pin("pip").replace("==", "<=")
        return {
            "channels": ["conda-forge"],
            "dependencies": [f"python={self.python}", pip, {"pip": lines}],
            "name": "mlflow-env",
        }


def _locked(requirements: Requirements) -> Requirements:
    """The same with pins of all that they bring along, where that is asked for."""
    if not MLFLOW_LOCK_MODEL_DEPENDENCIES.get():
        return requirements
    return requirements.plus(Requirements(transitive_pins(requirements.lines)))


def _python_of(folder: Path) -> str:
    path = folder / PYTHON_ENV_FILE
    if not path.exists():
        return platform.python_version()
    return str(read_mapping(path, "Python environment").get("python") or platform.python_version())


def _of_conda(given: Any) -> Environment:
    base = Path()
    if isinstance(given, (str, Path)):
        if not Path(given).is_file():
            raise MissingRequirements(f"Conda environment '{given}' cannot be read: no such file. Check the path.")
        base, given = Path(given).parent, read_mapping(Path(given), "conda environment")
    if not isinstance(given, dict):
        raise InvalidCondaEnvironment(
            f"conda_env is '{type(given).__name__}'. Pass a dictionary, or the path of a YAML file."
        )
    if not isinstance(given.get("dependencies"), list):
        raise InvalidCondaEnvironment("conda_env has no list 'dependencies'. Add it.")
    return Environment(_below(base, _pip_lines(given)).with_mlflow(), given)


def _below(folder: Path, lines: list[str]) -> Requirements:
    """Requirements whose files are named relative to a folder, or to the working folder as conda has it."""
    moved = []
    for line in lines:
        option, _, path = line.partition(" ")
        here = folder / path.strip()
        moved.append(f"{option} {here}" if option in ("-r", "-c") and here.is_file() else line)
    return Requirements.read(moved, "conda_env")


def _pip_lines(conda: dict[str, Any]) -> list[str]:
    parts = [part["pip"] for part in conda["dependencies"] if isinstance(part, dict) and "pip" in part]
    return [line for part in parts for line in part or []]


def _with_pip(conda: dict[str, Any], lines: list[str]) -> dict[str, Any]:
    others = [part for part in conda["dependencies"] if not (isinstance(part, dict) and "pip" in part)]
    return {**conda, "dependencies": [*others, {"pip": lines}]}
