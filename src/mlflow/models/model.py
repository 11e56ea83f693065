"""The path under which models are known: `from mlflow.models.model import Model`."""

from __future__ import annotations

from mlflow._lazy import attach

MLMODEL_FILE_NAME = "MLmodel"
METADATA_FILES = ["MLmodel", "conda.yaml", "requirements.txt", "python_env.yaml"]
MODEL_CONFIG = "config"
MODEL_CODE_PATH = "model_code_path"
SET_MODEL_ERROR = "The script set no model. Call mlflow.models.set_model(model) at its end."

_NAMES = {
    "ENV_VAR_FILE_HEADER": "mlflow.models.environment_reads:HEADER",
    "ENV_VAR_FILE_NAME": "mlflow.models.environment_reads:READS_FILE",
    "Files": "mlflow.models.edits:Files",
    "Model": "mlflow.models.manifest:Model",
    "ModelInfo": "mlflow.models.model_info:ModelInfo",
    "get_model_info": "mlflow.models.inspection:get_model_info",
    "get_model_requirements_files": "mlflow.models.edits:get_model_requirements_files",
    "set_model": "mlflow.models.code_model:set_model",
    "update_model_requirements": "mlflow.models.edits:update_model_requirements",
}

__getattr__, __dir__ = attach(__name__, _NAMES)
