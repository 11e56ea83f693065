"""What a provider of request authentication implements."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

__all__ = ["RequestAuthProvider"]


class RequestAuthProvider(ABC):
    """A named way to sign requests; entry-point group `mlflow.request_auth_provider`."""

    @abstractmethod
    def get_name(self) -> str:
        """The name that MLFLOW_TRACKING_AUTH selects this provider by."""

    @abstractmethod
    def get_auth(self) -> Any:
        """An auth object as the requests library takes it: called with a request that has a `headers` mapping."""
