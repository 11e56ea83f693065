"""YAML files as data: nothing in them makes objects, and nothing in them grows."""

from __future__ import annotations

import functools
from typing import Any

import msgspec

from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import ArtifactStore
from mlflow.exceptions import InvalidParameterValue

__all__ = ["read_yaml"]

_MOST = 1 << 20  # bytes


def read_yaml(store: ArtifactStore, path: ArtifactPath) -> dict[str, Any]:
    """The mapping in a YAML file, of types that JSON has.

    Raises:
        InvalidParameterValue: the file is too large, is no mapping, or would make more than data.
    """
    size = store.stat(path).size
    if size > _MOST:
        raise InvalidParameterValue(f"'{path.name}' has {size} bytes, too many for a YAML file; download it.")
    import yaml

    try:
        content = yaml.load(store.open(path).read(), Loader=_loader())  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as exc:  # ValueError: no text, or a date that there is not
        raise InvalidParameterValue(f"'{path.name}' cannot be read as YAML: {exc}") from exc
    if not isinstance(content, dict):
        raise InvalidParameterValue(f"'{path.name}' is no mapping of names to values; read it as text.")
    return {str(key): msgspec.to_builtins(value, str_keys=True) for key, value in content.items()}


@functools.cache
def _loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):  # text that names a part of itself: a few lines become gigabytes
                raise yaml.YAMLError("it uses aliases")
            return super().compose_node(parent, index)

    return Loader
