"""A version as some registries' searches answer it."""

from __future__ import annotations

from mlflow.entities.model_registry.model_version import ModelVersion

__all__ = ["ModelVersionSearch"]


class ModelVersionSearch(ModelVersion):
    """A version found by a foreign registry's search, which leaves out tags and aliases."""

    __slots__ = ()
