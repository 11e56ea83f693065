"""Parameters of entry points: their types, and what a value given on a command line becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from mlflow.exceptions import ExecutionException, InvalidParameterValue

__all__ = ["TYPES", "InvalidProjectParameter", "Parameter", "is_uri", "resolve"]

TYPES: Final = ("string", "float", "int", "path", "uri")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+")


class InvalidProjectParameter(ExecutionException, InvalidParameterValue):
    """A parameter is missing, or its value is not of its type."""


class Parameter(Struct, frozen=True):
    """A parameter that an entry point declares; without a default it must be given."""

    name: str
    type: str = "string"
    default: str | None = None


def resolve(
    declared: Mapping[str, Parameter], given: Mapping[str, object], entry_point: str, storage: Path | None, folder: Path
) -> tuple[dict[str, str], dict[str, str]]:
    """The texts that go into the command, and those beside it, which the entry point does not declare.

    Args:
        declared: by name.
        given: values by name.
        entry_point: named in messages.
        storage: where remote files of type path are downloaded to; without it their address is passed on.
        folder: the project's, which relative paths may start at.

    Raises:
        InvalidProjectParameter: one is missing or of another type.
    """
    values = {name: str(value) for name, value in given.items()}
    missing = [name for name, parameter in declared.items() if name not in values and parameter.default is None]
    if missing:
        raise InvalidProjectParameter(
            f"No value given for missing parameters: {', '.join(repr(name) for name in missing)} of entry point "
            f"'{entry_point}'. Give {'it' if len(missing) == 1 else 'them'} with "
            f"{' '.join(f'-P {name}=…' for name in missing)}."
        )
    used = {
        name: _value(parameter, values.get(name, parameter.default or ""), storage, folder)
        for name, parameter in declared.items()
    }
    return used, {name: value for name, value in values.items() if name not in declared}


def is_uri(text: str) -> bool:
    """Whether a text begins with a scheme; one letter is a Windows drive."""
    return bool(_SCHEME.fullmatch(urlsplit(text).scheme or "-"))


def _value(parameter: Parameter, text: str, storage: Path | None, folder: Path) -> str:
    if parameter.type in {"int", "float"}:
        return _number(parameter, text)
    if parameter.type == "uri":
        if not is_uri(text):
            raise _wrong(parameter, text, "a URI, such as s3://bucket/key or file:///folder")
        return text
    return _path(parameter, text, storage, folder) if parameter.type == "path" else text


def _number(parameter: Parameter, text: str) -> str:
    try:
        int(text) if parameter.type == "int" else float(text)
    except ValueError:
        raise _wrong(parameter, text, "a whole number" if parameter.type == "int" else "a number") from None
    return text


def _path(parameter: Parameter, text: str, storage: Path | None, folder: Path) -> str:
    if is_uri(text) and urlsplit(text).scheme != "file":
        return text if storage is None else _download(text, storage)
    local = Path(urlsplit(text).path if is_uri(text) else text)
    found = next((place for place in (local, folder / local) if place.exists()), None)
    if found is None:
        raise _wrong(parameter, text, "a file or folder that exists, or the URI of one")
    return str(found.absolute())


def _download(uri: str, storage: Path) -> str:
    import tempfile

    from mlflow.artifacts import download_artifacts

    storage.mkdir(parents=True, exist_ok=True)
    return str(Path(download_artifacts(artifact_uri=uri, dst_path=tempfile.mkdtemp(dir=storage))).absolute())


def _wrong(parameter: Parameter, text: str, expected: str) -> InvalidProjectParameter:
    return InvalidProjectParameter(
        f"Got value '{text}' for parameter '{parameter.name}' of type {parameter.type}; expected {expected}."
    )
