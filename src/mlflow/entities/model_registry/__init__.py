"""The nouns of the model registry, as programs hold them and as they travel between the floors."""

from __future__ import annotations

from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_deployment_job_state import ModelVersionDeploymentJobState
from mlflow.entities.model_registry.model_version_search import ModelVersionSearch
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias
from mlflow.entities.model_registry.registered_model_deployment_job_state import RegisteredModelDeploymentJobState
from mlflow.entities.model_registry.registered_model_search import RegisteredModelSearch
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag

__all__ = [
    "ModelVersion",
    "ModelVersionDeploymentJobState",
    "ModelVersionSearch",
    "ModelVersionTag",
    "RegisteredModel",
    "RegisteredModelAlias",
    "RegisteredModelDeploymentJobState",
    "RegisteredModelSearch",
    "RegisteredModelTag",
]
