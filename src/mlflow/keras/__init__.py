"""Keras 3's models, of any backend.

    >>> mlflow.keras.log_model(model, name="model", input_example=array)  # doctest: +SKIP

Formats: a `.keras` file, which runs no code when it is loaded unless it has Lambda layers; or with
`save_exported_model=True` a SavedModel for inference, which needs TensorFlow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mlflow._lazy import attach_of_framework
from mlflow.autologging.keras import autolog
from mlflow.models.array_calls import call_with_array
from mlflow.models.flavor import Flavor
from mlflow.models.keras_files import has_code, load_keras, predict_keras
from mlflow.models.surface import Surface

__all__ = ["autolog", "get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

__getattr__ = attach_of_framework(
    __name__, {"MlflowCallback": "mlflow.autologging.keras_callbacks:KerasCallback"}, "keras"
)

FLAVOR_NAME = "keras"

_FOLDER, _FILE, _EXPORTED = "data", "model.keras", "model"


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    import keras

    folder = path / _FOLDER
    folder.mkdir()
    (folder / "keras_module.txt").write_text("keras")
    further = options["save_model_kwargs"] or {}
    if options["save_exported_model"]:
        model.export(folder / _EXPORTED, **further)
    else:
        model.save(folder / _FILE, **further)
    return {
        "data": _FOLDER,
        "keras_backend": keras.backend.backend(),
        "save_exported_model": options["save_exported_model"],
    }


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    further = options.get("load_model_kwargs") or {}
    if not config.get("save_exported_model"):
        return load_keras(path / _FOLDER / _FILE, options.get("custom_objects"), further)
    import tensorflow

    return tensorflow.saved_model.load(str(path / _FOLDER / _EXPORTED), **further)


def _risk(path: Path) -> str:
    stored = path / _FOLDER / _FILE
    if not stored.exists():
        return "SavedModel"
    return "Keras (Lambda layer)" if has_code(stored) else ""


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    if hasattr(model, "predict"):
        return predict_keras(model, data, params)
    import tensorflow

    def call(given: Any) -> Any:
        return model.serve(tensorflow.nest.map_structure(tensorflow.convert_to_tensor, given), **params).numpy()

    return call_with_array(call, data, dtype="float32")


def _needs(model: Any, path: Path) -> Iterator[str]:
    """The backend, and numpy."""
    import keras

    yield "numpy"
    backend = keras.backend.backend()
    yield "tensorflow" if (path / _FOLDER / _EXPORTED).exists() else backend


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="keras",
    module="keras",
    handles=("keras.Model",),
    loader_module=__name__,
    file="",
    data_key="",
    dump=_dump,
    load=_load,
    predict=_predict,
    is_safe=lambda config: True,  # its files tell
    runs_code=_risk,
    alternative="save it as .keras, without Lambda layers",
    needs=_needs,
)

_SURFACE = Surface(
    FLAVOR,
    model="model",
    save="path save_exported_model=False conda_env mlflow_model signature input_example pip_requirements "
    "extra_pip_requirements save_model_kwargs metadata",
    log="artifact_path save_exported_model=False conda_env signature input_example registered_model_name "
    "await_registration_for pip_requirements extra_pip_requirements save_model_kwargs metadata name params tags "
    "model_type step model_id",
    load="dst_path custom_objects load_model_kwargs",
    meanings={
        "save_exported_model": "store a SavedModel for inference.",
        "save_model_kwargs": "options of the model's own `save` or `export`.",
        "load_model_kwargs": "options of Keras's `load_model`.",
        "custom_objects": "classes and functions of the model, by name.",
    },
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
