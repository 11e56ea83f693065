"""A registered model as some registries' searches answer it."""

from __future__ import annotations

from mlflow.entities.model_registry.registered_model import RegisteredModel

__all__ = ["RegisteredModelSearch"]


class RegisteredModelSearch(RegisteredModel):
    """A model found by a foreign registry's search, which leaves out tags, aliases and versions."""

    __slots__ = ()
