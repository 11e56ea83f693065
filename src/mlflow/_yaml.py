"""YAML that comes from elsewhere, read as data: whatever a text holds, it makes plain values or one kind of failure."""

from __future__ import annotations

from typing import Any

import yaml

__all__ = ["load_yaml"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's takes a tenth of the time, where it was there when PyYAML was built."""

_DEEPEST = 100  # levels; libyaml's loader would go on until the stack of the process is full, which ends it


def load_yaml(text: str) -> Any:
    """The value of a YAML text; None for an empty one.

    Raises:
        yaml.YAMLError: it is not YAML, has a date or number that there is not, or is nested too deep.
    """
    if len(text) > _DEEPEST:
        _check_depth(text)
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    except (ValueError, RecursionError) as exc:
        raise yaml.YAMLError(str(exc)) from exc


def _check_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark is not None else 1
                raise yaml.YAMLError(f"line {line} is nested more than {_DEEPEST} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
