"""What a provider of run tags implements."""

from __future__ import annotations

from abc import abstractmethod

__all__ = ["RunContextProvider"]


class RunContextProvider:
    """Tags for every new run of this process.

    A distribution names its subclasses under the entry-point group `mlflow.run_context_provider`.
    """

    @abstractmethod
    def in_context(self) -> bool:
        """Whether this provider has anything to say here."""

    @abstractmethod
    def tags(self) -> dict[str, str]:
        """The tags to add; asked only while `in_context` is true."""
