"""PyTorch's modules and scripted modules; checkpoints of their weights.

    >>> mlflow.pytorch.log_model(module, name="model", input_example=array)  # doctest: +SKIP

Formats: `pt2`, the graph that `torch.export` makes of the example, needs none of the model's code and is taken where
there is an example that it can export; otherwise `pickle`. `save_state_dict` stores weights alone, by `torch.save` or,
with `format="safetensors"`, in a file that other tools read too; neither runs code when it is loaded.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from mlflow._lazy import attach_of_framework
from mlflow.artifacts.reading import local_artifact
from mlflow.autologging.checkpoints import download_checkpoint
from mlflow.autologging.pytorch import autolog
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models.array_calls import call_with_array
from mlflow.models.exported_program import runs_code
from mlflow.models.flavor import Flavor, NotOfThisFlavor
from mlflow.models.module_requirements import code_modules
from mlflow.models.package import admit
from mlflow.models.surface import Surface
from mlflow.temporary_folders import temporary_folder

__all__ = [
    "autolog",
    "get_default_conda_env",
    "get_default_pip_requirements",
    "load_checkpoint",
    "load_model",
    "load_state_dict",
    "log_model",
    "log_state_dict",
    "save_model",
    "save_state_dict",
]

FLAVOR_NAME = "pytorch"

__getattr__ = attach_of_framework(
    __name__,
    {"MlflowModelCheckpointCallback": "mlflow.autologging.lightning_callbacks:MlflowModelCheckpointCallback"},
    "lightning",
)

_LOG = logging.getLogger(__name__)
_FORMATS = ("pickle", "pt2")
_OUR_PICKLE = "mlflow.pytorch.pickle_module"
_PICKLED, _EXPORTED, _PICKLED_BY = "model.pth", "model.pt2", "pickle_module_info.txt"
_WEIGHTS, _TENSORS = "state_dict.pth", "state_dict.safetensors"


class NotExportable(InvalidParameterValue):
    """A module cannot be stored as pt2: there is no example to trace it with, or tracing it fails."""


def _prepare(model: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """Settle the format; the exported program goes along under `program`."""
    asked = "pt2" if options["export_model"] else options["serialization_format"]
    if asked not in (None, *_FORMATS):
        raise InvalidParameterValue(f"Unrecognized serialization format '{asked}'. Use one of {', '.join(_FORMATS)}.")
    if asked == "pickle" or options["pickle_module"] is not None:
        return {**options, "serialization_format": "pickle"}
    try:
        return {**options, "serialization_format": "pt2", "program": _export(model, options["input_example"])}
    except NotExportable as exc:
        if asked is not None:
            raise
        _LOG.info("The model is stored by pickle, which runs code when it is loaded: %s", exc)
        return {**options, "serialization_format": "pickle"}


def _export(model: Any, example: Any) -> Any:
    import torch

    if isinstance(model, torch.jit.ScriptModule):
        raise NotExportable("Scripted modules cannot be stored as pt2. Use serialization_format='pickle'.")
    tensors = _tensors(example)
    if not tensors:
        raise NotExportable(
            "serialization_format 'pt2' needs an input_example of arrays or tensors to trace the model with. "
            "Pass one, or use serialization_format='pickle'."
        )
    shapes = [{0: torch.export.Dim.AUTO} if tensor.dim() and len(tensor) > 1 else None for tensor in tensors]
    was_training = model.training
    try:
        return torch.export.export(model.eval(), tensors, dynamic_shapes=shapes)
    except Exception as exc:  # torch raises what its parts and the model raise
        raise NotExportable(
            f"torch.export cannot trace it ({type(exc).__name__}: {str(exc)[:300]}). Use serialization_format='pickle'."
        ) from exc
    finally:
        model.train(was_training)


def _tensors(example: Any) -> tuple[Any, ...]:
    """The arguments of the module that an example stands for; empty where it is none."""
    import numpy as np
    import torch

    if isinstance(example, tuple) and len(example) == 2 and isinstance(example[1], dict):
        example = example[0]
    parts = example if isinstance(example, (tuple, list)) else [example]
    if not all(isinstance(part, (np.ndarray, torch.Tensor)) for part in parts):
        return ()
    return tuple(torch.as_tensor(part) for part in parts)


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    import torch

    path.mkdir()
    if options["serialization_format"] == "pt2":
        torch.export.save(options["program"], path / _EXPORTED)
        return {}
    if isinstance(model, torch.jit.ScriptModule):
        torch.jit.save(model, path / _PICKLED)
    else:
        pickle_module = options["pickle_module"] or import_module("cloudpickle")
        torch.save(model, path / _PICKLED, pickle_module=pickle_module, **options.get("kwargs", {}))
    (path / _PICKLED_BY).write_text(_pickled_by(options))
    return {}


def _pickled_by(options: Mapping[str, Any]) -> str:
    return options["pickle_module"].__name__ if options.get("pickle_module") else _OUR_PICKLE


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    import torch

    further = dict(options.get("kwargs", {}))
    device = None if torch.cuda.is_available() else torch.device("cpu")
    if (path / _EXPORTED).exists():
        return torch.export.load(path / _EXPORTED).module()
    place = path / _PICKLED
    if _is_script(place):
        return torch.jit.load(place, map_location=further.get("map_location", device))
    named = path / _PICKLED_BY
    name = named.read_text().strip() if named.exists() else _OUR_PICKLE
    module = import_module("pickle" if name in (_OUR_PICKLE, "cloudpickle") else name)
    given = {"map_location": device, "weights_only": False, "pickle_module": module} | further
    return torch.load(place, **given)


def _is_script(path: Path) -> bool:
    import zipfile

    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(name.partition("/")[2] == "constants.pkl" for name in archive.namelist())


def _risk(path: Path) -> str:
    exported = path / _EXPORTED
    if not exported.exists():
        return "pickle"
    return "torch.export (with parts that can be code)" if runs_code(exported) else ""


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    import numpy as np
    import torch

    device = torch.device(params.get("device") or config.get("device") or _default_device())
    model = model.to(device)
    if not isinstance(model, torch.fx.GraphModule):  # an exported graph is as it was traced
        model.eval()

    def call(given: Any) -> Any:
        with torch.no_grad():
            if isinstance(given, Mapping):
                answer = model(**{name: torch.as_tensor(part).to(device) for name, part in given.items()})
            elif isinstance(given, (np.ndarray, torch.Tensor)):
                answer = model(torch.as_tensor(given).to(device))
            else:
                raise InvalidParameterValue(
                    f"A PyTorch model takes a frame, an array, a tensor or a dictionary of arrays, and got a "
                    f"'{type(given).__name__}'. Convert it, for instance by numpy.asarray."
                )
        return _arrays(answer)

    return call_with_array(call, data, dtype=np.float32)


def _default_device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _arrays(answer: Any) -> Any:
    import torch

    if isinstance(answer, torch.Tensor):
        return answer.cpu().numpy()
    if isinstance(answer, Mapping):
        return {str(name): _arrays(part) for name, part in answer.items()}
    if isinstance(answer, (tuple, list)):
        return [_arrays(part) for part in answer]
    return answer


def _needs(model: Any, path: Path) -> Iterable[str]:
    if (path / _EXPORTED).exists():
        return ["numpy"]
    return {"numpy", "cloudpickle"} | code_modules(*{type(part) for part in model.modules()})


def save_state_dict(state_dict: Mapping[str, Any], path: str | Path, *, format: str = "pth", **kwargs: Any) -> None:
    """Save a module's weights to a new folder.

    Args:
        state_dict: what the module's `state_dict()` returns.
        path: the folder.
        format: `pth`, or `safetensors` for tensors alone.
        **kwargs: passed on to `torch.save`.
    """
    import torch

    if not isinstance(state_dict, Mapping):
        raise NotOfThisFlavor(
            f"A state dictionary is needed, and this is a '{type(state_dict).__name__}'. Pass module.state_dict()."
        )
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    if format == "safetensors":
        from safetensors.torch import save_file

        save_file({name: part.detach().clone().contiguous() for name, part in state_dict.items()}, folder / _TENSORS)
    elif format == "pth":
        torch.save(state_dict, folder / _WEIGHTS, **kwargs)
    else:
        raise InvalidParameterValue(f"Unrecognized format '{format}' of a state dictionary. Use pth or safetensors.")


def log_state_dict(state_dict: Mapping[str, Any], artifact_path: str, **kwargs: Any) -> None:
    """Log a module's weights to the active run.

    Args:
        state_dict: what the module's `state_dict()` returns.
        artifact_path: the folder among the run's artifacts.
        **kwargs: as `save_state_dict` takes them.
    """
    from mlflow.tracking import fluent

    with temporary_folder("state") as folder:
        save_state_dict(state_dict, str(folder), **kwargs)
        fluent.log_artifacts(str(folder), artifact_path)


def load_state_dict(state_dict_uri: str, **kwargs: Any) -> dict[str, Any]:
    """Load weights that `save_state_dict` or `log_state_dict` stored; no code in them is run.

    Args:
        state_dict_uri: a path, or a `runs:`, `s3:` … URI.
        **kwargs: passed on to `torch.load`.
    """
    import torch

    with local_artifact(str(state_dict_uri)) as folder:
        if (folder / _TENSORS).exists():
            from safetensors.torch import load_file

            return dict(load_file(folder / _TENSORS, device=str(kwargs.get("map_location") or "cpu")))
        if not (folder / _WEIGHTS).exists():
            raise ResourceDoesNotExist(f"'{state_dict_uri}' has neither {_WEIGHTS} nor {_TENSORS}. Check the URI.")
        return dict(torch.load(folder / _WEIGHTS, **{"weights_only": True, "map_location": "cpu"} | kwargs))


def load_checkpoint(
    model_class: Any,
    run_id: str | None = None,
    epoch: int | None = None,
    global_step: int | None = None,
    kwargs: Mapping[str, Any] | None = None,
) -> Any:
    """Load a Lightning module from a checkpoint that autologging or `MlflowModelCheckpointCallback` kept.

    Args:
        model_class: the module's class.
        run_id: the run; the active one when omitted.
        epoch: the epoch that the checkpoint was taken after.
        global_step: the batch that it was taken after; the latest checkpoint without either.
        kwargs: passed on to the class's `load_from_checkpoint`. With `weights_only` it says itself what may be loaded;
            else plain values are, and any others as the settings about pickled models decide.

    Raises:
        InvalidParameterValue: epoch and step are both given, or there is no run.
        ResourceDoesNotExist: the run has no such checkpoint.
        PickleRefused: the settings forbid to load it.
    """
    from pickle import UnpicklingError

    further = dict(kwargs or {})
    with temporary_folder("checkpoint") as folder:
        found = download_checkpoint(folder, run_id, epoch, global_step)
        if "weights_only" in further:
            return model_class.load_from_checkpoint(found.path, **further)
        try:
            return model_class.load_from_checkpoint(found.path, weights_only=True, **further)
        except UnpicklingError:
            admit(found.source, found.path.parent, format="pickle", alternative="keep checkpoints of weights only")
            return model_class.load_from_checkpoint(found.path, weights_only=False, **further)


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="torch",
    module="torch",
    handles=("torch.nn.modules.module.Module",),
    loader_module=__name__,
    file="data",
    file_key="model_data",
    prepare=_prepare,
    dump=_dump,
    load=_load,
    predict=_predict,
    is_safe=lambda config: True,  # its files tell
    runs_code=_risk,
    alternative="save it with serialization_format='pt2' and an input_example, or its weights by save_state_dict",
    needs=_needs,
    also=lambda options: ["cloudpickle"] if options.get("serialization_format", "pickle") == "pickle" else [],
    pyfunc_config=lambda options: {"pickle_module_name": _pickled_by(options), "config": {"device": None}},
)

_SURFACE = Surface(
    FLAVOR,
    model="pytorch_model",
    save="path conda_env mlflow_model code_paths pickle_module signature input_example extra_files pip_requirements "
    "extra_pip_requirements metadata export_model=False serialization_format **",
    log="artifact_path conda_env code_paths pickle_module registered_model_name signature input_example "
    "await_registration_for extra_files pip_requirements extra_pip_requirements metadata name params tags model_type "
    "step model_id export_model=False serialization_format **",
    load="dst_path **",
    meanings={
        "pickle_module": "the module that pickles; cloudpickle when omitted.",
        "export_model": "store the model as pt2.",
        "serialization_format": "pt2 or pickle; pt2 where the example can be exported, when omitted.",
    },
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
