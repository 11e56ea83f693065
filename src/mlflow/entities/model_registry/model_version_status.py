"""The states of a model version."""

from __future__ import annotations

from typing import ClassVar

from mlflow.exceptions import InvalidParameterValue

__all__ = ["ModelVersionStatus"]


class ModelVersionStatus:
    """The states of a version, by number; entities and the wire carry their names."""

    PENDING_REGISTRATION = 1
    FAILED_REGISTRATION = 2
    READY = 3

    NAMES: ClassVar[dict[int, str]] = {1: "PENDING_REGISTRATION", 2: "FAILED_REGISTRATION", 3: "READY"}
    _NUMBERS: ClassVar[dict[str, int]] = {name: number for number, name in NAMES.items()}

    @staticmethod
    def from_string(status_str: str) -> int:
        """The number of a state's name."""
        if status_str not in ModelVersionStatus._NUMBERS:
            raise InvalidParameterValue(
                f"Unknown model version status '{status_str}'; use one of {', '.join(ModelVersionStatus._NUMBERS)}."
            )
        return ModelVersionStatus._NUMBERS[status_str]

    @staticmethod
    def to_string(status: int) -> str:
        """The name of a state's number."""
        if status not in ModelVersionStatus.NAMES:
            raise InvalidParameterValue(
                f"Unknown model version status number '{status}'; use one of {ModelVersionStatus.all_status()}."
            )
        return ModelVersionStatus.NAMES[status]

    @staticmethod
    def all_status() -> list[int]:
        """Every state's number."""
        return list(ModelVersionStatus.NAMES)
