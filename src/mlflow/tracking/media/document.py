"""Text and dictionaries as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from mlflow.tracking.media.artifact_file import ArtifactFile
from mlflow.tracking.media.failures import InvalidMedia, InvalidMediaType

__all__ = ["render_dict", "render_text"]


def render_text(text: str, artifact_file: str) -> ArtifactFile:
    """Text as UTF-8, line ends as they are.

    Raises:
        InvalidMedia: it holds lone surrogates.
        InvalidMediaType: it is no string.
    """
    if not isinstance(text, str):
        raise InvalidMediaType(f"The text for '{artifact_file}' is of type {type(text).__name__}. Convert it to str.")
    try:
        return ArtifactFile(artifact_file, text.encode())
    except UnicodeEncodeError as exc:
        raise InvalidMedia(f"The text for '{artifact_file}' is not valid Unicode: {exc}.") from exc


def render_dict(dictionary: Any, artifact_file: str) -> ArtifactFile:
    """A dictionary or list as YAML for .yaml and .yml, else as JSON with two spaces' indent.

    What JSON has no form for is written as `str` gives it. YAML holds plain values, no tags that name Python classes.
    """
    if PurePosixPath(artifact_file).suffix in {".yaml", ".yml"}:
        return ArtifactFile(artifact_file, _yaml(dictionary))
    return ArtifactFile(artifact_file, json.dumps(dictionary, indent=2, default=str).encode())


def _yaml(value: Any) -> bytes:
    import yaml

    class PlainDumper(yaml.SafeDumper):
        """Writes the values of numpy and their kin, and everything else that is unknown as text."""

    def plain(dumper: yaml.SafeDumper, data: Any) -> yaml.Node:
        return dumper.represent_data(_plain(data))

    PlainDumper.add_multi_representer(object, plain)
    text: str = yaml.dump(value, Dumper=PlainDumper, default_flow_style=False)
    return text.encode()


def _plain(data: Any) -> Any:
    if isinstance(data, Mapping):
        return dict(data)
    if isinstance(data, list | tuple | set | frozenset):
        return list(data)
    values = getattr(data, "tolist", None)
    return values() if callable(values) else str(data)
