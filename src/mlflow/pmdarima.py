"""pmdarima's models of time series, pickled.

    >>> mlflow.pmdarima.log_model(arima, name="model")  # doctest: +SKIP

A model that is loaded as a function takes a frame of one row, or a dictionary: `n_periods`, and if wanted `X`,
`return_conf_int` and `alpha`. It returns `yhat`, with `yhat_lower` and `yhat_upper` where an interval was asked for.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.flavor import Flavor
from mlflow.models.surface import LOG, SAVE, Surface

__all__ = ["get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

FLAVOR_NAME = "pmdarima"

_ASKED = ("n_periods", "X", "return_conf_int", "alpha")


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    path.write_bytes(pickle.dumps(model))
    return {"model_type": type(model).__name__}


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    return pickle.loads(path.read_bytes())  # noqa: S301 - admitted before


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    import pandas as pd

    asked = _asked(data)
    found = model.predict(**asked)
    if not asked.get("return_conf_int"):
        return pd.DataFrame({"yhat": pd.Series(found).to_numpy()})
    values, interval = found
    columns = {"yhat": pd.Series(values).to_numpy(), "yhat_lower": interval[:, 0], "yhat_upper": interval[:, 1]}
    return pd.DataFrame(columns)


def _asked(data: Any) -> dict[str, Any]:
    import pandas as pd

    frame = pd.DataFrame([data]) if isinstance(data, dict) else data
    if not isinstance(frame, pd.DataFrame) or len(frame) != 1 or "n_periods" not in frame.columns:
        raise InvalidParameterValue(
            "The model predicts the periods that follow. Pass a frame of exactly one row with the column n_periods, "
            "their number, and if wanted X, return_conf_int and alpha."
        )
    asked = {name: frame[name].tolist()[0] for name in _ASKED if name in frame.columns}
    return asked | {"n_periods": int(asked["n_periods"])}


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="pmdarima",
    module="pmdarima",
    handles=("pmdarima.ARIMA", "pmdarima.AutoARIMA", "pmdarima.Pipeline", "pmdarima.BaseARIMA"),
    loader_module=__name__,
    file="model.pmd",
    file_key="data",
    dump=_dump,
    load=_load,
    predict=_predict,
    needs=lambda model, path: ["numpy", "scipy", "sklearn", "statsmodels"],
)

_SURFACE = Surface(FLAVOR, model="pmdarima_model", save=SAVE, log=LOG)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
