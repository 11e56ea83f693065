"""Fitted models of statsmodels, as its own `save` pickles them.

    >>> mlflow.statsmodels.log_model(results, name="model")  # doctest: +SKIP

A model of a time series that is loaded as a function takes a frame of one row with the columns `start` and `end`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.autologging.statsmodels import autolog
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.flavor import Flavor
from mlflow.models.surface import Surface

__all__ = ["autolog", "get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

FLAVOR_NAME = "statsmodels"
STATSMODELS_DATA_SUBPATH = "model.statsmodels"


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    model.save(str(path), options["remove_data"])
    return {}


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    from statsmodels.iolib.smpickle import load_pickle

    return load_pickle(str(path))


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    from statsmodels.tsa.base.tsa_model import TimeSeriesModel

    if not isinstance(getattr(model, "model", None), TimeSeriesModel):
        return model.predict(data, **params)
    return model.predict(*_period(data), **params)


def _period(data: Any) -> tuple[Any, Any]:
    import pandas as pd

    frame = pd.DataFrame([data]) if isinstance(data, dict) else data
    if not isinstance(frame, pd.DataFrame) or len(frame) != 1 or not {"start", "end"} <= set(frame.columns):
        raise InvalidParameterValue(
            "A model of a time series predicts a period. Pass a frame of one row with the columns start and end."
        )
    return frame["start"].tolist()[0], frame["end"].tolist()[0]


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="statsmodels",
    module="statsmodels",
    handles=("statsmodels.Results", "statsmodels.ResultsWrapper"),
    loader_module=__name__,
    file=STATSMODELS_DATA_SUBPATH,
    file_key="data",
    dump=_dump,
    load=_load,
    predict=_predict,
    needs=lambda model, path: ["numpy", "scipy"],
)

_SURFACE = Surface(
    FLAVOR,
    model="statsmodels_model",
    save="path conda_env code_paths mlflow_model remove_data=False signature input_example pip_requirements "
    "extra_pip_requirements metadata extra_files",
    log="artifact_path conda_env code_paths registered_model_name remove_data=False signature input_example "
    "await_registration_for pip_requirements extra_pip_requirements metadata extra_files name params tags model_type "
    "step model_id **",
    meanings={"remove_data": "leave out the data that the model was fitted to."},
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
