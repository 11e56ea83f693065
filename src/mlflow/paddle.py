"""PaddlePaddle's layers and high-level models.

    >>> mlflow.paddle.log_model(layer, name="model", input_example=array)  # doctest: +SKIP

A layer whose `forward` is static (`paddle.jit.to_static`), or a `paddle.Model`, is stored as a program for inference;
with `training=True` a `paddle.Model` keeps weights and optimizer instead, which `load_model(uri, model=…)` fills in.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.autologging.paddle import autolog
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.array_calls import call_with_array
from mlflow.models.flavor import Flavor
from mlflow.models.surface import Surface

__all__ = ["autolog", "get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

FLAVOR_NAME = "paddle"

_NAME = "model"


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    import paddle

    place = str(path / _NAME)
    if isinstance(model, paddle.Model):
        model.save(place, training=options["training"])
    elif options["training"]:
        raise InvalidParameterValue("training=True keeps an optimizer, which only a paddle.Model has. Pass one.")
    else:
        paddle.jit.save(model, place)
    return {"pickled_model": _NAME}


def _is_program(path: Path) -> bool:
    return any((path / f"{_NAME}.{suffix}").exists() for suffix in ("json", "pdmodel"))


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    import paddle

    place, model = str(path / _NAME), options.get("model")
    further = options.get("kwargs", {})
    if model is not None:
        model.load(place, **further)
        return model
    if not _is_program(path):
        raise InvalidParameterValue(
            "The model was saved for training: it has weights, and no program. Pass load_model(uri, model=…) the "
            "paddle.Model to fill in."
        )
    return paddle.jit.load(place, **further)


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    import numpy as np
    import paddle
    import pandas as pd

    frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(np.asarray(data).reshape(len(data), -1))

    def call(array: Any) -> Any:
        model.eval()
        given = array if isinstance(data, pd.DataFrame) else np.asarray(data)
        return model(paddle.to_tensor(given, dtype="float32")).numpy()

    return call_with_array(call, frame)


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="paddlepaddle",
    module="paddle",
    handles=("paddle.Layer", "paddle.Model"),
    loader_module=__name__,
    file="",
    data_key="",
    dump=_dump,
    load=_load,
    predict=_predict,
    is_function=lambda model, options: not options["training"],
    is_safe=lambda config: True,  # its files tell
    runs_code=lambda path: "" if _is_program(path) else "pickle",
    alternative="save it with training=False",
    needs=lambda model, path: ["numpy"],
    pyfunc_config=lambda options: {"model_path": _NAME},
)

_SURFACE = Surface(
    FLAVOR,
    model="pd_model",
    save="path training=False conda_env code_paths mlflow_model signature input_example pip_requirements "
    "extra_pip_requirements metadata extra_files **",
    log="artifact_path training=False conda_env code_paths registered_model_name signature input_example "
    "await_registration_for pip_requirements extra_pip_requirements metadata extra_files name params tags model_type "
    "step model_id **",
    load="model dst_path **",
    meanings={
        "training": "keep weights and optimizer instead of a program for inference.",
        "model": "a paddle.Model to fill with weights that were saved for training.",
    },
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
