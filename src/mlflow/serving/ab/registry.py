"""What is decided, told to the model registry: the alias moves, and history gets the figures behind each step."""

from __future__ import annotations

from typing import Any

from mlflow.artifacts.uris import parse_model_uri
from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.ab.outbox import Finding
from mlflow.serving.traffic.routes import Route

__all__ = ["CHECK", "Registry", "registered_name"]

CHECK = "A/B test"
"""The name of the evidence."""


class Registry:
    """The registry of the served models, at its address."""

    def note(self, found: Finding) -> None:
        """Attach evidence to a version's history; the same one once, however often it is sent.

        Raises:
            MlflowException: the registry cannot be reached, or does not take it.
        """
        self._client().add_registry_evidence(
            found.name, found.version, CHECK, found.details, found.passed, found.reason, found.id
        )

    def promote(self, control: Route, challenger: Route, version: str) -> str | None:
        """Point the alias that the control is served by to a challenger's version.

        Returns:
            The alias; None where the control is not served by one, so that there is nothing to move.

        Raises:
            InvalidParameterValue: the two are versions of different models.
            PromotionRefused: a check of the registry is against it.
            MlflowException: the registry cannot be reached, or refuses.
        """
        name = registered_name(control.model_uri)
        alias = parse_model_uri(control.model_uri).alias if name is not None else None
        if name is None or not alias:
            return None
        if registered_name(challenger.model_uri) != name:
            raise InvalidParameterValue(
                f"'{challenger.model_uri}' is no version of '{name}', so it cannot have its alias '{alias}'. Register "
                "it as one."
            )
        self._client().set_registered_model_alias(name, alias, version)
        return alias

    def _client(self) -> Any:
        from mlflow.tracking.client import MlflowClient

        return MlflowClient()


def registered_name(model_uri: str) -> str | None:
    """The registered model that a URI leads to; None where it leads to none."""
    if not model_uri.lower().startswith("models:"):
        return None
    found = parse_model_uri(model_uri)
    return found.name or None
