"""The configuration of a model from code: one while it is written, another when it is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from mlflow._yaml import load_yaml
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models.code_model import current_config

__all__ = ["ModelConfig"]


class NoConfiguration(ResourceDoesNotExist, FileNotFoundError):
    """There is no configuration, or its file is not there."""


class NoSuchKey(ResourceDoesNotExist, KeyError):
    """The configuration has no such key."""

    __str__ = ResourceDoesNotExist.__str__


class ModelConfig:
    """A configuration; the one that a model was saved with comes before the one for development.

    Args:
        development_config: a dictionary, or the path of a YAML file, for running the script by itself.

    Raises:
        ResourceDoesNotExist: there is none, or no such file; a FileNotFoundError too.
    """

    def __init__(self, *, development_config: str | Path | dict[str, Any] | None = None) -> None:
        given = current_config()
        self.config = given if given is not None else development_config
        if self.config is None or self.config == "":
            raise NoConfiguration("The model has no configuration. Pass development_config, or save it with one.")
        if not isinstance(self.config, dict) and not Path(self.config).is_file():
            raise NoConfiguration(f"Configuration file '{self.config}' is not there. Check the path.")

    def to_dict(self) -> dict[str, Any]:
        """The whole configuration.

        Raises:
            InvalidParameterValue: its file is not a YAML mapping.
        """
        if isinstance(self.config, dict):
            return self.config
        try:
            content = load_yaml(Path(str(self.config)).read_text(encoding="utf-8"))
        except (UnicodeDecodeError, yaml.YAMLError) as exc:
            raise InvalidParameterValue(f"Configuration '{self.config}' is not YAML: {exc}.") from exc
        if not isinstance(content, dict):
            raise InvalidParameterValue(f"Configuration '{self.config}' is not a mapping. Give keys and values.")
        return content

    def get(self, key: str) -> Any:
        """The value of a key.

        Raises:
            ResourceDoesNotExist: there is no such key; a KeyError too.
        """
        config = self.to_dict()
        if key not in config:
            raise NoSuchKey(f"Key '{key}' is not in the configuration, which has {sorted(config)}.")
        return config[key]
