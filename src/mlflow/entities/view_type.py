"""Which lifecycle stages a list shows."""

from __future__ import annotations

from typing import ClassVar

from mlflow.exceptions import InvalidParameterValue

__all__ = ["ViewType"]


class ViewType:
    """Which experiments or runs a search returns, by number."""

    ACTIVE_ONLY = 1
    DELETED_ONLY = 2
    ALL = 3

    NAMES: ClassVar[dict[int, str]] = {1: "ACTIVE_ONLY", 2: "DELETED_ONLY", 3: "ALL"}
    _ALIASES: ClassVar[dict[str, int]] = {"active_only": 1, "deleted_only": 2, "all": 3}

    @classmethod
    def from_string(cls, view_str: str) -> int:
        """The number of a view named `active_only`, `deleted_only` or `all`."""
        if view_str.lower() not in cls._ALIASES:
            raise InvalidParameterValue(f"Unknown view type '{view_str}'; use one of {', '.join(cls._ALIASES)}.")
        return cls._ALIASES[view_str.lower()]

    @classmethod
    def to_string(cls, view_type: int) -> str:
        """The lower-case name of a view's number."""
        if view_type not in cls.NAMES:
            raise InvalidParameterValue(f"Unknown view type number '{view_type}'; use one of {list(cls.NAMES)}.")
        return cls.NAMES[view_type].lower()
