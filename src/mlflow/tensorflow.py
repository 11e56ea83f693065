"""TensorFlow's modules, and models of the Keras that comes with it.

    >>> mlflow.tensorflow.log_model(model, name="model", input_example=array)  # doctest: +SKIP

Formats: a Keras model becomes a `.keras` file, or `.h5` with `keras_model_kwargs={"save_format": "h5"}`; any other
module a SavedModel. A `.keras` file runs no code when it is loaded, unless Lambda layers or custom objects are in it.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mlflow._lazy import attach_of_framework
from mlflow.autologging.checkpoints import download_checkpoint
from mlflow.autologging.tensorflow import autolog
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.array_calls import call_with_array
from mlflow.models.flavor import Flavor
from mlflow.models.keras_files import has_code, load_keras, predict_keras
from mlflow.models.package import admit
from mlflow.models.surface import Surface
from mlflow.temporary_folders import temporary_folder

__all__ = [
    "autolog",
    "get_default_conda_env",
    "get_default_pip_requirements",
    "get_global_custom_objects",
    "load_checkpoint",
    "load_model",
    "log_model",
    "save_model",
]

FLAVOR_NAME = "tensorflow"

_CALLBACKS = "mlflow.autologging.keras_callbacks"

__getattr__ = attach_of_framework(
    __name__,
    {
        "MlflowCallback": f"{_CALLBACKS}:TensorflowCallback",
        "MlflowModelCheckpointCallback": f"{_CALLBACKS}:MlflowModelCheckpointCallback",
    },
    "tensorflow",
)

_LOG = logging.getLogger(__name__)
_FOLDER, _MODULE = "data", "tf2model"
_SHORT_NAMES = ("mse", "mae", "mape", "msle")
_CUSTOM, _GLOBAL = "custom_objects.cloudpickle", "global_custom_objects.cloudpickle"


def get_global_custom_objects() -> dict[str, Any]:
    """The classes and functions that are registered with Keras in this process, by name."""
    import keras

    return dict(keras.saving.get_custom_objects())


def load_checkpoint(
    model: Any = None, run_id: str | None = None, epoch: int | None = None, global_step: int | None = None
) -> Any:
    """Load a Keras model from a checkpoint that autologging or `MlflowModelCheckpointCallback` kept.

    Args:
        model: what weights are loaded into; needed for checkpoints of weights only.
        run_id: the run; the active one when omitted.
        epoch: the epoch that the checkpoint was taken after.
        global_step: the batch that it was taken after; the latest checkpoint without either.

    Raises:
        InvalidParameterValue: epoch and step are both given, there is no run, or the checkpoint is of weights and there
            is no model.
        ResourceDoesNotExist: the run has no such checkpoint.
        PickleRefused: the settings forbid to load it.
    """
    with temporary_folder("checkpoint") as folder:
        found = download_checkpoint(folder, run_id, epoch, global_step)
        path = found.path
        if path.name.endswith(".weights.h5"):
            if model is None:
                raise InvalidParameterValue(
                    f"Checkpoint '{found.source}' is of weights only. Pass a model to load them into."
                )
            model.load_weights(path)
            return model
        risk, advice = "HDF5" if has_code(path) else "", "keep checkpoints of weights only"
        admit(found.source, path.parent, format=risk, alternative=advice)
        return _from_hdf5(path)


def _from_hdf5(path: Path) -> Any:
    """The model of a checkpoint; without its optimizer, where Keras cannot read back what it was compiled with."""
    import keras

    short = {name: keras.losses.get(name) for name in _SHORT_NAMES}  # Keras 3 stores them, and does not know them again
    try:
        return load_keras(path, short, {})
    except (TypeError, ValueError) as exc:
        _LOG.warning("The model is loaded without its optimizer and loss; compile it to train on: %s", exc)
        return load_keras(path, short, {"compile": False})


def _is_keras(model: Any) -> bool:
    return any(base.__module__.split(".")[0] in ("keras", "tf_keras") for base in type(model).__mro__)


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    if not _is_keras(model):
        import tensorflow

        tensorflow.saved_model.save(model, str(path / _MODULE), **options["saved_model_kwargs"] or {})
        return {"model_type": "tf2-module", "saved_model_dir": _MODULE}
    further = dict(options["keras_model_kwargs"] or {})
    kind = "h5" if further.pop("save_format", "tf") == "h5" else "tf"
    folder = path / _FOLDER
    folder.mkdir()
    model.save(folder / ("model.h5" if kind == "h5" else "model.keras"), **further)
    (folder / "keras_module.txt").write_text("tensorflow.keras")
    (folder / "save_format.txt").write_text(kind)
    for name, objects in ((_CUSTOM, options["custom_objects"]), (_GLOBAL, get_global_custom_objects())):
        if objects:
            import cloudpickle

            (folder / name).write_bytes(cloudpickle.dumps(objects))
    return {"model_type": "keras", "data": _FOLDER, "save_format": kind}


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    if config.get("model_type") != "keras":
        import tensorflow

        return tensorflow.saved_model.load(str(path / _MODULE), **options.get("saved_model_kwargs") or {})
    folder = path / _FOLDER
    objects: dict[str, Any] = {}
    for name in (_GLOBAL, _CUSTOM):
        if (folder / name).exists():
            objects |= pickle.loads((folder / name).read_bytes())  # noqa: S301 - admitted before
    return load_keras(_keras_file(folder), objects, options.get("keras_model_kwargs") or {})


def _keras_file(folder: Path) -> Path:
    """The file or, of older versions, folder of a Keras model."""
    return next((place for name in ("model.keras", "model.h5") if (place := folder / name).exists()), folder / "model")


def _risk(path: Path) -> str:
    folder = path / _FOLDER
    if not folder.exists():
        return "SavedModel"
    if (folder / _CUSTOM).exists() or (folder / _GLOBAL).exists():
        return "pickle (custom objects)"
    return "Keras (Lambda layer or HDF5)" if has_code(_keras_file(folder)) else ""


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    if _is_keras(model):
        return predict_keras(model, data, params)
    return call_with_array(lambda given: _call_module(model, given), data)


def _call_module(model: Any, data: Any) -> Any:
    """Call a module, or its signature for serving, with an array or a dictionary of arrays."""
    import tensorflow

    given = tensorflow.nest.map_structure(tensorflow.convert_to_tensor, data)
    if callable(model) and not isinstance(given, dict):
        answer = model(given)
    else:
        serve = model.signatures["serving_default"]
        names = list(serve.structured_input_signature[1])
        answer = serve(**(given if isinstance(given, dict) else {names[0]: given}))
    return tensorflow.nest.map_structure(lambda tensor: tensor.numpy(), answer)


def _also(options: Mapping[str, Any]) -> list[str]:
    return ["cloudpickle"] if options.get("include_cloudpickle") else []


def _needs(model: Any, path: Path) -> Iterator[str]:
    yield "numpy"
    if _is_keras(model):
        yield "keras"
    if (path / _FOLDER / _CUSTOM).exists() or (path / _FOLDER / _GLOBAL).exists():
        yield "cloudpickle"


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="tensorflow",
    module="tensorflow",
    handles=("keras.Model", "tf_keras.Model", "tensorflow.Module", "tensorflow.AutoTrackable"),
    loader_module=__name__,
    version_key="keras_version",
    file="",
    data_key="",
    dump=_dump,
    load=_load,
    predict=_predict,
    prepare=lambda model, options: {**options, "function": {"data": _FOLDER} if _is_keras(model) else {}},
    is_safe=lambda config: True,  # its files tell
    runs_code=_risk,
    alternative="save a Keras model as .keras, without custom objects or Lambda layers",
    needs=_needs,
    also=_also,
    pyfunc_config=lambda options: options["function"],
)

_SURFACE = Surface(
    FLAVOR,
    model="model",
    save="path conda_env code_paths mlflow_model custom_objects signature input_example pip_requirements "
    "extra_pip_requirements saved_model_kwargs keras_model_kwargs metadata extra_files",
    log="artifact_path custom_objects conda_env code_paths signature input_example registered_model_name "
    "await_registration_for pip_requirements extra_pip_requirements saved_model_kwargs keras_model_kwargs metadata "
    "extra_files name params tags model_type step model_id **",
    load="dst_path saved_model_kwargs keras_model_kwargs",
    defaults="include_cloudpickle=False",
    meanings={
        "custom_objects": "classes and functions of a Keras model, by name; they are pickled.",
        "saved_model_kwargs": "options of tensorflow.saved_model's `save` or `load`.",
        "keras_model_kwargs": "options of Keras's `save` or `load_model`.",
        "include_cloudpickle": "whether custom objects are stored.",
    },
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
