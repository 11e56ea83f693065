"""What a provider of the default experiment implements."""

from __future__ import annotations

from abc import abstractmethod

__all__ = ["DefaultExperimentProvider"]


class DefaultExperimentProvider:
    """The experiment of runs that name none; entry-point group `mlflow.default_experiment_provider`."""

    @abstractmethod
    def in_context(self) -> bool:
        """Whether this provider has anything to say here."""

    @abstractmethod
    def get_experiment_id(self) -> str:
        """The experiment's id; asked only while `in_context` is true."""
