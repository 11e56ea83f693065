"""YAML and text files of a model folder: written whole or not at all, read as data only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from mlflow._yaml import load_yaml
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist

__all__ = ["dump_yaml", "parse_mapping", "read_mapping", "write_text"]


def dump_yaml(content: dict[str, Any], what: str, *, sort_keys: bool = True) -> str:
    """Block-style YAML.

    Args:
        content: plain values; numpy scalars and tuples count as such.
        what: names the content in an error.
        sort_keys: whether keys are sorted.

    Raises:
        InvalidParameterValue: a value is none that YAML can hold.
    """
    try:
        return yaml.safe_dump(
            _plain(content), default_flow_style=False, allow_unicode=True, sort_keys=sort_keys, width=80
        )
    except yaml.YAMLError as exc:
        raise InvalidParameterValue(
            f"{what} holds a value that YAML cannot: {exc}. Use texts, numbers, booleans, lists and mappings."
        ) from exc


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        return value.tolist()
    return value


def read_mapping(path: Path, what: str) -> dict[Any, Any]:
    """The mapping that a YAML file holds.

    Raises:
        ResourceDoesNotExist: there is no such file.
        InvalidParameterValue: it is not YAML, or not a mapping.
    """
    try:
        return parse_mapping(path.read_text(encoding="utf-8"), f"{what} '{path}'")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as exc:
        raise ResourceDoesNotExist(f"No {what} at '{path}'. Check the path.") from exc
    except UnicodeDecodeError as exc:
        raise InvalidParameterValue(f"The {what} '{path}' is not text: {exc}.") from exc


def parse_mapping(text: str, what: str) -> dict[Any, Any]:
    """The mapping of a YAML text; only plain values are made, whatever tags it has.

    Raises:
        InvalidParameterValue: it is not YAML, or not a mapping.
    """
    try:
        content = load_yaml(text)
    except yaml.YAMLError as exc:
        raise InvalidParameterValue(f"The {what} is not YAML: {exc}.") from exc
    if content is None:
        raise InvalidParameterValue(f"The {what} is empty. Restore it, or download the model again.")
    if not isinstance(content, dict):
        raise InvalidParameterValue(f"The {what} is not a mapping but '{type(content).__name__}'.")
    return content


def write_text(path: Path, text: str) -> None:
    """Write a file as a whole or not at all: readers see the old text or the new one."""
    staged = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        staged.write_text(text, encoding="utf-8")
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
