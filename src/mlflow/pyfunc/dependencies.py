"""What a model needs to run, and how this environment differs from it."""

from __future__ import annotations

import logging
import platform
import re
import shutil
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models.environment import CONDA_FILE, REQUIREMENTS_FILE
from mlflow.models.manifest import Model
from mlflow.models.places import model_folder
from mlflow.models.requirements import Requirements
from mlflow.temporary_folders import is_lasting

__all__ = ["EnvType", "get_model_dependencies", "warn_of_differences"]

_LOG = logging.getLogger(__name__)
_OURS = frozenset({"mlflow", "mlflow-skinny"})


class EnvType:
    """Keys of a function's `env` in the manifest."""

    CONDA = "conda"
    VIRTUALENV = "virtualenv"


def get_model_dependencies(model_uri: str, format: str = "pip") -> str:
    """The file of a model's requirements, on this machine; it is there after this process, for pip.

    Args:
        model_uri: the model.
        format: `pip` for requirements.txt, or `conda` for conda.yaml.

    Raises:
        InvalidParameterValue: the format is another.
        ResourceDoesNotExist: the model has no such file.
    """
    files = {"pip": REQUIREMENTS_FILE, "conda": CONDA_FILE}
    if format not in files:
        raise InvalidParameterValue(f"Illegal format value '{format}'. Use 'pip' or 'conda'.")
    path = model_folder(model_uri) / files[format]
    if not path.is_file():
        raise ResourceDoesNotExist(f"Model '{model_uri}' has no file '{path.name}'. Save it again with requirements.")
    if is_lasting(path):
        path = Path(shutil.copy(path, tempfile.mkdtemp(prefix="mlflow-")))
    return str(path)


def warn_of_differences(folder: Path, manifest: Model, model_uri: str) -> None:
    """Say in one line how this environment differs from the one a model was saved in."""
    wrong = [*_python_difference(manifest.flavors["python_function"]), *requirement_differences(folder)]
    if wrong:
        _LOG.warning(
            "This environment differs from the one that model '%s' was saved in: %s. Install what "
            "mlflow.pyfunc.get_model_dependencies('%s') names.",
            model_uri,
            "; ".join(wrong),
            model_uri,
        )


def _python_difference(config: dict[str, Any]) -> list[str]:
    saved = str(config.get("python_version") or "")
    here = platform.python_version()
    same = saved.split(".")[:2] == here.split(".")[:2]
    return [] if same or not saved else [f"Python {here} (saved with {saved})"]


def requirement_differences(folder: Path) -> list[str]:
    """One text for each requirement of a model that is not met here; a model without requirements has none."""
    path = folder / REQUIREMENTS_FILE
    if not path.is_file():
        return []
    return [found for line in Requirements.read(path).lines if (found := _difference(line))]


def _difference(line: str) -> str | None:
    try:
        wanted = Requirement(line)
    except InvalidRequirement:
        return None  # an option of pip, or a path
    if wanted.name.lower() in _OURS or (wanted.marker and not wanted.marker.evaluate()):
        return None
    found = _installed(wanted.name)
    if found is None:
        return f"{wanted.name} is missing (wanted {line})"
    if wanted.specifier.contains(found.partition("+")[0], prereleases=True):
        return None
    return f"{wanted.name} {found} (wanted {wanted.name}{wanted.specifier})"


def _installed(name: str) -> str | None:
    """The installed version; from the one line that says it, as reading all of them takes four times as long."""
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    line = re.search(r"^Version: *(\S+)", distribution.read_text("METADATA") or "", re.MULTILINE)
    return line[1] if line else distribution.version
