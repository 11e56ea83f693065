"""The path under which examples and checks of models are known to foreign code."""

from __future__ import annotations

from mlflow._lazy import attach

INPUT_EXAMPLE_PATH = "artifact_path"
EXAMPLE_DATA_KEY = "inputs"
EXAMPLE_PARAMS_KEY = "params"
EXAMPLE_FILENAME = "input_example.json"
SERVING_INPUT_PATH = "serving_input_path"
SERVING_INPUT_FILENAME = "serving_input_example.json"
DF_SPLIT = "dataframe_split"
INPUTS = "inputs"
SERVING_PARAMS_KEY = "params"

_NAMES = {
    "add_libraries_to_model": "mlflow.tracking.wheeled_models:add_libraries_to_model",
    "get_model_version_from_model_uri": "mlflow.tracking.model_lookup:get_model_version_from_model_uri",
    "validate_serving_input": "mlflow.pyfunc.serving_trial:validate_serving_input",
    "ModelInputExample": "mlflow.models.input_example:ModelInputExample",
    "_enforce_params_schema": "mlflow.models.enforcement:enforce_params",
    "_enforce_schema": "mlflow.models.enforcement:enforce_schema",
    **{
        name: f"mlflow.models.inspection:{name}"
        for name in ("convert_input_example_to_serving_input", "load_serving_example", "validate_schema")
    },
}

__getattr__, __dir__ = attach(__name__, _NAMES)
