"""Changes to stored models: their signature and their requirements."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.environment import CONDA_FILE, REQUIREMENTS_FILE, Environment
from mlflow.models.manifest import MLMODEL_FILE_NAME, Model
from mlflow.models.places import local_folder
from mlflow.models.requirements import Requirements
from mlflow.models.signature import InvalidSignatureType, ModelSignature

__all__ = ["Files", "get_model_requirements_files", "set_signature", "update_model_requirements"]


class Files(NamedTuple):
    """The two files that hold a model's requirements."""

    requirements: Path
    conda: Path


def set_signature(model_uri: str, signature: ModelSignature) -> None:
    """Replace the signature of a stored model.

    Args:
        model_uri: a folder with a model, as a path or `file:` URI. Models of a run or a registry are not changed:
            log or register a new version instead.
        signature: the signature to store.

    Raises:
        ResourceDoesNotExist: the folder holds no model.
        InvalidParameterValue: the URI does not name a folder of this machine.
        InvalidSignatureType: it is no signature; a TypeError too.
    """
    given: object = signature
    if not isinstance(given, ModelSignature):
        raise InvalidSignatureType(f"The signature is '{type(given).__name__}'. Pass a ModelSignature.")
    folder = local_folder(model_uri)
    model = Model.load(folder)
    model.signature = given
    model.save(folder / MLMODEL_FILE_NAME)


def get_model_requirements_files(resolved_uri: str) -> Files:
    """The files that hold a stored model's requirements.

    Raises:
        ResourceDoesNotExist: the folder holds no model.
    """
    folder = local_folder(resolved_uri)
    return Files(folder / REQUIREMENTS_FILE, folder / CONDA_FILE)


def update_model_requirements(model_uri: str, operation: Literal["add", "remove"], requirement_list: list[str]) -> None:
    """Add requirements to a stored model, or remove some, in requirements.txt and conda.yaml alike.

    Args:
        model_uri: a folder with a model, as a path or `file:` URI.
        operation: `add` replaces the requirement of the same distribution; `remove` leaves out what is not there.
        requirement_list: requirements as pip knows them; of those to remove only the name counts.

    Raises:
        InvalidParameterValue: the operation is another, or a requirement is broken.
        ResourceDoesNotExist: the folder holds no model.
    """
    if operation not in ("add", "remove"):
        raise InvalidParameterValue(f"Operation is '{operation}'. Use 'add' or 'remove'.")
    folder = local_folder(model_uri)
    named = {_name(line): line for line in requirement_list}
    environment = Environment.read(folder)
    lines = [*_others(environment.requirements.lines, named), *(named.values() if operation == "add" else ())]
    changed = Requirements(lines, environment.requirements.constraints)
    msgspec.structs.replace(environment, requirements=changed).save(folder)


def _name(line: str) -> str:
    try:
        return canonicalize_name(Requirement(line).name)
    except InvalidRequirement as exc:
        raise InvalidParameterValue(f"Requirement '{line}' is not one of pip's: {exc}.") from exc


def _others(lines: Iterable[str], named: dict[str, str]) -> list[str]:
    kept = []
    for line in lines:
        try:
            name = _name(line)
        except InvalidParameterValue:
            name = ""
        if name not in named:
            kept.append(line)
    return kept
