"""H2O's models, in its binary format, which the same version of H2O reads.

    >>> mlflow.h2o.log_model(model, name="model")  # doctest: +SKIP

Loading a model needs an H2O server: the connected one, or one of this machine that is started for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.flavor import Flavor
from mlflow.models.surface import Surface
from mlflow.models.yaml_files import dump_yaml, read_mapping

__all__ = ["get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

FLAVOR_NAME = "h2o"

_SETTINGS = "h2o.yaml"
_HARMLESS = {"ip", "max_mem_size", "min_mem_size", "name", "nthreads", "port", "url"}
"""Settings of a server that a stored model may ask for; others, such as a class path, could run code."""


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    import h2o

    path.mkdir()
    stored = Path(h2o.save_model(model=model, path=str(path), force=True))
    settings = dict(options["settings"] or {})
    settings |= {"full_file": stored.name, "model_file": stored.name, "model_dir": path.name}
    (path / _SETTINGS).write_text(dump_yaml(settings, "The settings of H2O"))
    return {}


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    import h2o

    settings = read_mapping(path / _SETTINGS, "settings of H2O")
    stored = path / Path(str(settings.get("model_file"))).name
    if not stored.is_file():
        raise InvalidParameterValue(f"'{path / _SETTINGS}' names no file of the model. The model is broken.")
    if h2o.connection() is None:
        wanted = settings.get("init") or {}
        h2o.init(**{name: value for name, value in wanted.items() if name in _HARMLESS})
    return h2o.load_model(str(stored))


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    import h2o
    import pandas as pd

    frame = data if isinstance(data, (h2o.H2OFrame, pd.DataFrame)) else pd.DataFrame(data)
    given = frame if isinstance(frame, h2o.H2OFrame) else h2o.H2OFrame(frame)
    found = model.predict(given).as_data_frame()
    return found.set_index(frame.index) if isinstance(frame, pd.DataFrame) else found


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="h2o",
    module="h2o",
    handles=("h2o.model.model_base.ModelBase", "h2o.ModelBase"),
    loader_module=__name__,
    file="model.h2o",
    file_key="data",
    dump=_dump,
    load=_load,
    predict=_predict,
    format="H2O",
    needs=lambda model, path: ["numpy"],
)

_SURFACE = Surface(
    FLAVOR,
    model="h2o_model",
    save="path conda_env code_paths mlflow_model settings signature input_example pip_requirements "
    "extra_pip_requirements metadata extra_files **",
    log="artifact_path conda_env code_paths registered_model_name signature input_example pip_requirements "
    "extra_pip_requirements metadata extra_files name params tags model_type step model_id **",
    meanings={"settings": "further entries of h2o.yaml; `init` holds settings of the server that loads the model."},
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
