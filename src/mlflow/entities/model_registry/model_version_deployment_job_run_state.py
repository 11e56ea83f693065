"""The states of the run of a model version's deployment job."""

from __future__ import annotations

from mlflow.exceptions import InvalidParameterValue

__all__ = ["ModelVersionDeploymentJobRunState"]


class ModelVersionDeploymentJobRunState:
    """The states of the run of a model version's deployment job, by number."""

    NO_VALID_DEPLOYMENT_JOB_FOUND = 1
    RUNNING = 2
    SUCCEEDED = 3
    FAILED = 4
    PENDING = 5

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
    name: value for name, value in vars(ModelVersionDeploymentJobRunState).items() if isinstance(value, int)
}
