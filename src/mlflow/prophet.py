"""Prophet's models, stored as JSON.

    >>> mlflow.prophet.log_model(prophet, name="model")  # doctest: +SKIP

A model that is loaded as a function takes what its `predict` takes: a frame with the column `ds`, and regressors.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.models.flavor import Flavor
from mlflow.models.surface import LOG, SAVE, Surface

__all__ = ["get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

FLAVOR_NAME = "prophet"


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    from prophet.serialize import model_to_json

    path.write_text(model_to_json(model), encoding="utf-8")
    return {"model_type": type(model).__name__}


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    from prophet.serialize import model_from_json

    return model_from_json(path.read_text(encoding="utf-8"))


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    import pandas as pd

    return model.predict(pd.DataFrame(data) if isinstance(data, dict) else data, **params)


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="prophet",
    module="prophet",
    handles=("prophet.Prophet",),
    loader_module=__name__,
    file="model.pr",
    file_key="data",
    dump=_dump,
    load=_load,
    predict=_predict,
    is_safe=lambda config: True,
    needs=lambda model, path: ["numpy", "cmdstanpy"],
)

_SURFACE = Surface(FLAVOR, model="pr_model", save=SAVE, log=LOG)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
