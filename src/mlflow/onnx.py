"""ONNX's models, run by ONNX Runtime.

    >>> mlflow.onnx.log_model(model, name="model", input_example=array)  # doctest: +SKIP

A model that is loaded as a function takes a dictionary of arrays by the names of its inputs, one array where it has one
input, or a frame: whose columns are the inputs, or together the one input. Numbers become the type that an input has.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.flavor import Flavor
from mlflow.models.surface import Surface

__all__ = ["get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

_LOG = logging.getLogger(__name__)

FLAVOR_NAME = "onnx"
ONNX_EXECUTION_PROVIDERS = ["CUDAExecutionProvider", "CPUExecutionProvider"]

_TYPES = {
    "tensor(bool)": "bool",
    "tensor(double)": "float64",
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
}
_EXTRA = "extra_session_config"
_HARMLESS = {
    "enable_cpu_mem_arena",
    "enable_mem_pattern",
    "enable_mem_reuse",
    "execution_mode",
    "graph_optimization_level",
    "inter_op_num_threads",
    "intra_op_num_threads",
    "log_severity_level",
    "log_verbosity_level",
    "logid",
    "use_deterministic_compute",
    "use_per_session_threads",
}
"""Options of a session that a stored model may ask for; others have files written, wherever its manifest says."""

_HARMLESS_ENTRIES = (
    "session.intra_op",
    "session.inter_op",
    "session.set_denormal",
    "session.disable_",
    "optimization.",
)


def _prepare(model: Any, options: Mapping[str, Any]) -> Mapping[str, Any]:
    _session_options(options["onnx_session_options"])
    return options


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Write the model, its large tensors beside it; the model in memory keeps them."""
    import onnx

    if options["save_as_external_data"]:
        copy = onnx.ModelProto()
        copy.CopyFrom(model)
        onnx.save_model(copy, path, save_as_external_data=True)
    else:
        onnx.save_model(model, path)
    return {
        "providers": options["onnx_execution_providers"] or ONNX_EXECUTION_PROVIDERS,
        "onnx_session_options": options["onnx_session_options"],
    }


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    import onnx

    model = onnx.load(path)
    onnx.checker.check_model(str(path))
    return model


def _session(model: Any, config: Mapping[str, Any]) -> Any:
    import onnxruntime

    wanted = config.get("providers") or ONNX_EXECUTION_PROVIDERS
    there = set(onnxruntime.get_available_providers())
    return onnxruntime.InferenceSession(
        model.SerializeToString(),
        sess_options=_session_options(harmless_options(config.get("onnx_session_options") or {})),
        providers=[one for one in map(_provider, wanted) if (one[0] if isinstance(one, tuple) else one) in there],
    )


def _provider(wanted: Any) -> Any:
    """A provider, or one with options, which a manifest holds as a list."""
    return tuple(wanted) if isinstance(wanted, list) else wanted


def harmless_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a session that a manifest names, without those that have files written; a warning names these."""
    kept = {name: value for name, value in given.items() if name in _HARMLESS}
    entries = given.get(_EXTRA)
    entries = dict(entries) if isinstance(entries, Mapping) else {}
    extra = {name: value for name, value in entries.items() if str(name).startswith(_HARMLESS_ENTRIES)}
    if left_out := sorted(({*given} - {*kept, _EXTRA}) | ({*entries} - {*extra})):
        _LOG.warning("Session options that can write files are not taken from a stored model: %s.", ", ".join(left_out))
    return kept | ({_EXTRA: extra} if extra else {})


def _session_options(given: Mapping[str, Any] | None) -> Any:
    import onnxruntime

    found = onnxruntime.SessionOptions()
    for name, value in (given or {}).items():
        if name == _EXTRA:
            for key, entry in value.items():
                found.add_session_config_entry(key, str(entry))
        elif name == "execution_mode":
            found.execution_mode = getattr(onnxruntime.ExecutionMode, f"ORT_{str(value).upper()}")
        elif name == "graph_optimization_level":
            found.graph_optimization_level = onnxruntime.GraphOptimizationLevel(value)
        elif hasattr(found, name):
            setattr(found, name, value)
        else:
            raise InvalidParameterValue(f"ONNX Runtime has no session option '{name}'. Leave it out of them.")
    return found


def _predict(session: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    import pandas as pd

    names = [output.name for output in session.get_outputs()]
    answers = dict(zip(names, session.run(names, _inputs(session, data)), strict=True))
    if not isinstance(data, pd.DataFrame):
        return answers
    return pd.DataFrame({name: _column(answer) for name, answer in answers.items()}, index=data.index)


def _column(answer: Any) -> Any:
    """One value a row: the numbers themselves, or lists of them."""
    if getattr(answer, "ndim", 0) > 1:
        return answer[:, 0] if answer.shape[1:] == (1,) else list(answer)
    return answer


def _inputs(session: Any, data: Any) -> dict[str, Any]:
    import numpy as np
    import pandas as pd

    wanted = session.get_inputs()
    if isinstance(data, pd.DataFrame):
        columns = data.columns.astype(str)
        if len(wanted) == 1 and wanted[0].name not in columns:
            data = data.to_numpy()
        else:
            data = {name: data.iloc[:, place].to_numpy() for place, name in enumerate(columns)}
    if not isinstance(data, Mapping):
        if len(wanted) != 1:
            raise InvalidParameterValue(
                f"The model has {len(wanted)} inputs, and one array was given. Pass a dictionary or a frame with "
                f"{[one.name for one in wanted]}."
            )
        data = {wanted[0].name: data}
    return {one.name: _fit(np.asarray(data[one.name]), one) for one in wanted if one.name in data}


def _fit(array: Any, wanted: Any) -> Any:
    """An array of the type, and for a column of a table the rank, that an input has."""
    if wanted.type in _TYPES and array.dtype.kind in "biuf":
        array = array.astype(_TYPES[wanted.type], copy=False)
    return array[:, None] if array.ndim == 1 and len(wanted.shape or ()) == 2 else array


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="onnx",
    module="onnx",
    handles=("onnx.onnx_ml_pb2.ModelProto", "onnx.ModelProto"),
    loader_module=__name__,
    file="model.onnx",
    file_key="data",
    prepare=_prepare,
    dump=_dump,
    load=_load,
    predict=_predict,
    as_function=_session,
    is_safe=lambda config: True,
    needs=lambda model, path: ["numpy"],
    also=lambda options: ["onnxruntime"],
)

_SURFACE = Surface(
    FLAVOR,
    model="onnx_model",
    save="path conda_env code_paths mlflow_model signature input_example pip_requirements extra_pip_requirements "
    "onnx_execution_providers onnx_session_options metadata save_as_external_data=True extra_files **",
    log="artifact_path conda_env code_paths registered_model_name signature input_example await_registration_for "
    "pip_requirements extra_pip_requirements onnx_execution_providers onnx_session_options metadata "
    "save_as_external_data=True extra_files name params tags model_type step model_id **",
    meanings={
        "onnx_execution_providers": "what may run the model, best first; those that are not there are left out.",
        "onnx_session_options": "options of ONNX Runtime's session, by name.",
        "save_as_external_data": "keep large tensors in files of their own.",
    },
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
