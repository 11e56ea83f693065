"""A model's libraries, kept with the model: its environment is then built without any index.

| file | content |
|---|---|
| `wheels/` | the wheels of all requirements, and of what they need |
| `requirements.txt`, `conda.yaml` | the paths of those wheels |
| `original_requirements.txt` | what `requirements.txt` was before |
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import msgspec

from mlflow.environment_variables import MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS
from mlflow.environments.built import environments_root
from mlflow.environments.failures import run_tool
from mlflow.environments.specification import own_lines_removed
from mlflow.environments.wheel import own_wheel
from mlflow.exceptions import ResourceAlreadyExists
from mlflow.models.digests import FileDigests
from mlflow.models.environment import REQUIREMENTS_FILE, Environment
from mlflow.models.requirements import CONSTRAINTS_FILE, Requirements
from mlflow.models.yaml_files import write_text
from mlflow.temporary_folders import temporary_folder

__all__ = ["ORIGINAL_REQUIREMENTS_FILE", "WHEELS_FOLDER", "WheelsThereAlready", "add_wheels"]

WHEELS_FOLDER = "wheels"
ORIGINAL_REQUIREMENTS_FILE = "original_requirements.txt"


class WheelsThereAlready(ResourceAlreadyExists):
    """A model has its libraries with it."""


def add_wheels(folder: Path) -> None:
    """Put the wheels of a model's requirements into its folder, for this Python and this platform.

    mlflow's own is made of the running distribution. pip does the rest, with the options that
    MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS has.

    Raises:
        ResourceDoesNotExist: the model has no requirements.
        WheelsThereAlready: it has wheels.
        EnvironmentFailed: pip cannot get them.
    """
    wheels = folder / WHEELS_FOLDER
    if wheels.exists():
        raise WheelsThereAlready(f"The model has its libraries in '{WHEELS_FOLDER}/' already. Use it as it is.")
    environment = Environment.read(folder)
    _collect(environment.requirements, wheels)
    (folder / REQUIREMENTS_FILE).rename(folder / ORIGINAL_REQUIREMENTS_FILE)
    (folder / CONSTRAINTS_FILE).unlink(missing_ok=True)
    lines = [f"{WHEELS_FOLDER}/{path.name}" for path in sorted(wheels.iterdir())]
    msgspec.structs.replace(environment, requirements=Requirements(lines)).save(folder)
    FileDigests.of(folder).save(folder)


def _collect(requirements: Requirements, wheels: Path) -> None:
    lines = [str(own_wheel(environments_root() / "wheels")), *own_lines_removed(requirements.lines)]
    with temporary_folder("wheels") as folder:
        named, held = folder / "requirements.txt", folder / "constraints.txt"
        write_text(named, "\n".join(lines))
        write_text(held, "\n".join(requirements.constraints))
        options = shlex.split(MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS.get())
        command = [sys.executable, "-m", "pip", "wheel", "-q", "--wheel-dir", str(wheels), "-r", str(named)]
        run_tool([*command, "-c", str(held), *options], "Collecting the model's libraries with pip")
