"""Where a run's code came from."""

from __future__ import annotations

from typing import ClassVar

from mlflow.exceptions import InvalidParameterValue

__all__ = ["SourceType"]


class SourceType:
    """Where a run's code came from, by number; the tag `mlflow.source.type` carries the name."""

    NOTEBOOK = 1
    JOB = 2
    PROJECT = 3
    LOCAL = 4
    UNKNOWN = 5

    SOURCETYPE_TO_STRING: ClassVar[dict[int, str]] = {
        1: "NOTEBOOK",
        2: "JOB",
        3: "PROJECT",
        4: "LOCAL",
        5: "UNKNOWN",
    }

    @classmethod
    def from_string(cls, status_str: str) -> int:
        """The number of a source type's name."""
        for number, name in cls.SOURCETYPE_TO_STRING.items():
            if name == status_str:
                return number
        names = ", ".join(cls.SOURCETYPE_TO_STRING.values())
        raise InvalidParameterValue(f"Unknown source type '{status_str}'; use one of {names}.")

    @classmethod
    def to_string(cls, status: int) -> str:
        """The name of a source type's number."""
        if status not in cls.SOURCETYPE_TO_STRING:
            numbers = list(cls.SOURCETYPE_TO_STRING)
            raise InvalidParameterValue(f"Unknown source type number '{status}'; use one of {numbers}.")
        return cls.SOURCETYPE_TO_STRING[status]
