"""The logged models of a server that keeps none."""

from __future__ import annotations

from typing import Any

from mlflow.contract.caller import Caller
from mlflow.contract.pages import Page

__all__ = ["ServedLoggedModels"]


class ServedLoggedModels:
    """Nothing creates a logged model here, so there is none to find."""

    def search_logged_models(
        self, caller: Caller, experiment_ids: list[str], filter: str = "", max_results: int = 50, page_token: str = ""
    ) -> Page[dict[str, Any]]:
        """See the contract."""
        return Page()
