"""The states of a run."""

from __future__ import annotations

from typing import ClassVar

from mlflow.exceptions import InvalidParameterValue

__all__ = ["RunStatus"]


class RunStatus:
    """The states of a run, by number; entities and the wire carry their names."""

    RUNNING = 1
    SCHEDULED = 2
    FINISHED = 3
    FAILED = 4
    KILLED = 5

    NAMES: ClassVar[dict[int, str]] = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
    _NUMBERS: ClassVar[dict[str, int]] = {name: number for number, name in NAMES.items()}

    @staticmethod
    def from_string(status_str: str) -> int:
        """The number of a state's name."""
        if status_str not in RunStatus._NUMBERS:
            raise InvalidParameterValue(
                f"Unknown run status '{status_str}'; use one of {', '.join(RunStatus._NUMBERS)}."
            )
        return RunStatus._NUMBERS[status_str]

    @staticmethod
    def to_string(status: int) -> str:
        """The name of a state's number."""
        if status not in RunStatus.NAMES:
            raise InvalidParameterValue(f"Unknown run status number '{status}'; use one of {RunStatus.all_status()}.")
        return RunStatus.NAMES[status]

    @staticmethod
    def is_terminated(status: int) -> bool:
        """Whether a run in this state has ended."""
        return status in {RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED}

    @staticmethod
    def all_status() -> list[int]:
        """Every state's number."""
        return list(RunStatus.NAMES)
