"""conda environments, by conda, mamba or micromamba; by uv where none is there and pip can install everything."""

from __future__ import annotations

import logging
import os
import platform
import shutil
import sys
from pathlib import Path

import yaml

from mlflow.environment_variables import MLFLOW_CONDA_CREATE_ENV_CMD, MLFLOW_CONDA_HOME
from mlflow.environments.built import Activation, content_digest, environments_root, made_once
from mlflow.environments.failures import EnvironmentFailed, run_tool
from mlflow.environments.python_environment import python_environment
from mlflow.environments.specification import CondaSpecification
from mlflow.environments.wheel import own_wheel, own_wheel_digest

__all__ = ["conda_environment", "find_conda"]

_logger = logging.getLogger(__name__)
_TOOLS = ("conda", "mamba", "micromamba")


def conda_environment(specification: CondaSpecification) -> Activation:
    """The environment that a conda.yaml describes, made unless it is there.

    Raises:
        EnvironmentFailed: there is no conda, and packages that only conda has; or conda failed.
    """
    tool = find_conda()
    if tool is None:
        return _without_conda(specification)
    digest = content_digest("conda", specification, own_wheel_digest(), sys.platform, platform.machine())
    folder = environments_root() / f"conda-{digest}"

    def make(target: Path) -> None:
        _logger.info("Building the conda environment %s …", target)
        file = target.with_name(f"{target.name}.yaml")
        file.write_text(yaml.safe_dump(specification.content), encoding="utf-8")
        run_tool(_create_command(tool, target, file), f"Making the environment with {Path(tool).name}")
        wheel = own_wheel(environments_root() / "wheels")
        pip = [str(target / "bin" / "python"), "-m", "pip", "install", "-q", str(wheel)]
        run_tool(pip, "Installing mlflow into the conda environment")

    reused = made_once(folder, make)
    prefix = [tool, "run", "-p", str(folder)]
    prefix += [] if _is_micromamba(tool) else ["--no-capture-output"]
    return Activation("conda", digest, {}, tuple(prefix), str(folder), reused)


def find_conda() -> str | None:
    """The program: below MLFLOW_CONDA_HOME, the one MLFLOW_CONDA_CREATE_ENV_CMD names, or what PATH has."""
    home = MLFLOW_CONDA_HOME.get()
    named = [MLFLOW_CONDA_CREATE_ENV_CMD.get()] if MLFLOW_CONDA_CREATE_ENV_CMD.is_set() else []
    for name in (*named, *_TOOLS):
        found = shutil.which(name, path=os.path.join(home, "bin")) if home else shutil.which(name)  # noqa: PTH118
        if found:
            return found
    return None


def _create_command(tool: str, target: Path, file: Path) -> list[str]:
    if _is_micromamba(tool):
        return [tool, "create", "--yes", "--quiet", "-p", str(target), "-f", str(file)]
    return [tool, "env", "create", "--quiet", "-p", str(target), "-f", str(file)]


def _is_micromamba(tool: str) -> bool:
    return Path(tool).stem == "micromamba"


def _without_conda(specification: CondaSpecification) -> Activation:
    if specification.python is None:
        raise EnvironmentFailed(
            f"Neither conda, mamba nor micromamba is there, and only they have {', '.join(specification.needs_conda)}. "
            "Install one of them or set MLFLOW_CONDA_HOME; or run with --env-manager local."
        )
    note = "Neither conda, mamba nor micromamba is there; the file asks for Python and pip packages only, so uv or pip"
    note += " builds its environment."
    _logger.warning(note)
    return python_environment(specification.python, "virtualenv", note)
