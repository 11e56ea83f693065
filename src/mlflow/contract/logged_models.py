"""Models that runs logged as things of their own: what the server exposes."""

from __future__ import annotations

from typing import Any, Protocol

from mlflow.contract.access import filtered
from mlflow.contract.caller import Caller
from mlflow.contract.pages import Page
from mlflow.contract.route import route

__all__ = ["LoggedModels"]


class LoggedModels(Protocol):
    """Logged models."""

    @route("POST", "2.0/mlflow/logged-models/search", access=filtered(), envelope="models")
    def search_logged_models(
        self,
        caller: Caller,
        experiment_ids: list[str],
        filter: str = "",
        max_results: int = 50,
        page_token: str = "",
    ) -> Page[dict[str, Any]]:
        """Answer a page of logged models; clients ask for it before they list or fetch a run's artifacts."""
        ...
