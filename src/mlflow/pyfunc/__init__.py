"""Models as Python functions: every flavor's models are loaded and called in one way, and any Python code can be one.

    >>> model = mlflow.pyfunc.load_model("models:/fraud@champion")  # doctest: +SKIP
    >>> model.predict(frame)  # doctest: +SKIP

The names of this package are resolved on use.
"""

from __future__ import annotations

from mlflow._lazy import attach

FLAVOR_NAME = "python_function"
MAIN = "loader_module"
CODE = "code"
DATA = "data"
ENV = "env"
TASK = "task"
PY_VERSION = "python_version"

_NAMES = {
    "BatchPredictor": "mlflow.pyfunc.batches:BatchPredictor",
    "Context": "mlflow.pyfunc.context:Context",
    "EnvType": "mlflow.pyfunc.dependencies:EnvType",
    "PyFuncModel": "mlflow.pyfunc.loaded_model:PyFuncModel",
    **{name: f"mlflow.pyfunc.model:{name}" for name in ("PythonModel", "PythonModelContext")},
    **{
        name: f"mlflow.pyfunc.saving:{name}"
        for name in ("add_to_model", "log_model", "save_model", "get_default_conda_env", "get_default_pip_requirements")
    },
    "get_model_dependencies": "mlflow.pyfunc.dependencies:get_model_dependencies",
    "load_model": "mlflow.pyfunc.loading:load_model",
    "load_pyfunc": "mlflow.pyfunc.loading:load_pyfunc",
    "set_prediction_context": "mlflow.pyfunc.context:set_prediction_context",
    "spark_udf": "mlflow.pyfunc.spark:spark_udf",
    "build_model_env": "mlflow.pyfunc.elsewhere:build_model_env",
    "ChatAgent": "mlflow.pyfunc.elsewhere:ChatAgent",
    "ChatModel": "mlflow.pyfunc.elsewhere:ChatModel",
    "ResponsesAgent": "mlflow.pyfunc.elsewhere:ResponsesAgent",
}

__all__ = [*_NAMES]  # noqa: PLE0604 - strings, resolved on use

__getattr__, __dir__ = attach(__name__, _NAMES)
