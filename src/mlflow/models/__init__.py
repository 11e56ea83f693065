"""Models: manifest, signature, examples, environment, and the one way in which every kind is saved and loaded.

    >>> from mlflow.models import infer_signature
    >>> infer_signature([1.5], [0.5]).to_dict()["inputs"]
    '[{"type": "double", "required": true}]'

The names of this package are resolved on use.
"""

from __future__ import annotations

from mlflow._lazy import attach

_NAMES = {
    **{name: f"mlflow.models.signature:{name}" for name in ("ModelSignature", "infer_signature", "set_signature")},
    **{name: f"mlflow.models.model:{name}" for name in ("Model", "get_model_info", "set_model")},
    "training_data": "mlflow.models.training_profile:training_data",
    "update_model_requirements": "mlflow.models.model:update_model_requirements",
    **{
        name: f"mlflow.models.utils:{name}"
        for name in ("ModelInputExample", "convert_input_example_to_serving_input", "validate_schema")
    },
    **{
        name: f"mlflow.evaluation:{name}"
        for name in (
            *("EvaluationArtifact", "EvaluationMetric", "EvaluationResult", "MetricThreshold", "evaluate"),
            *("list_evaluators", "make_metric", "validate_evaluation_results"),
        )
    },
    "build_docker": "mlflow.serving.images.build:build_docker",
    "predict": "mlflow.serving.batch.calls:predict",
    "evaluation": "mlflow.models.evaluation",
    "ModelConfig": "mlflow.models.model_config:ModelConfig",
    "Resource": "mlflow.models.resources:Resource",
    "ResourceType": "mlflow.models.resources:ResourceType",
    "add_libraries_to_model": "mlflow.tracking.wheeled_models:add_libraries_to_model",
    "infer_code_paths": "mlflow.models.code_paths:infer_code_paths",
    "infer_pip_requirements": "mlflow.pyfunc.stored_requirements:infer_pip_requirements",
    "validate_serving_input": "mlflow.pyfunc.serving_trial:validate_serving_input",
}

__all__ = [*_NAMES]  # noqa: PLE0604 - strings, resolved on use

__getattr__, __dir__ = attach(__name__, _NAMES)
