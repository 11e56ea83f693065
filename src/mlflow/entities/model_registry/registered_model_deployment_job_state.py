"""The states of a registered model's deployment job."""

from __future__ import annotations

from mlflow.exceptions import InvalidParameterValue

__all__ = ["RegisteredModelDeploymentJobState"]


class RegisteredModelDeploymentJobState:
    """The states of a registered model's deployment job, by number."""

    NOT_SET_UP = 1
    CONNECTED = 2
    NOT_FOUND = 3
    REQUIRED_PARAMETERS_CHANGED = 4

    @staticmethod
    def from_string(status_str: str) -> int:
        """The number of a state's name."""
        if status_str not in _NUMBERS:
            raise InvalidParameterValue(f"Unknown state '{status_str}'; use one of {', '.join(_NUMBERS)}.")
        return _NUMBERS[status_str]

    @staticmethod
    def to_string(status: int) -> str:
        """The name of a state's number."""
        for name, number in _NUMBERS.items():
            if number == status:
                return name
        raise InvalidParameterValue(f"Unknown state number '{status}'; use one of {list(_NUMBERS.values())}.")

    @staticmethod
    def all_states() -> list[int]:
        """Every state's number."""
        return list(_NUMBERS.values())


_NUMBERS: dict[str, int] = {
    name: value for name, value in vars(RegisteredModelDeploymentJobState).items() if isinstance(value, int)
}
