"""What a provider of request headers implements."""

from __future__ import annotations

from abc import abstractmethod

__all__ = ["RequestHeaderProvider"]


class RequestHeaderProvider:
    """Headers for every request of this process; entry-point group `mlflow.request_header_provider`."""

    @abstractmethod
    def in_context(self) -> bool:
        """Whether this provider has anything to say here."""

    @abstractmethod
    def request_headers(self) -> dict[str, str]:
        """The headers to add; asked only while `in_context` is true."""
