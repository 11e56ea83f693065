"""CatBoost's models, stored in its own format.

>>> mlflow.catboost.log_model(classifier, name="model", input_example=frame)  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.models.flavor import Flavor
from mlflow.models.foreign_classes import find_class, own_class
from mlflow.models.surface import LOG, SAVE, Surface

__all__ = ["get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

FLAVOR_NAME = "catboost"

_BASE = "catboost.core.CatBoost"


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    further = options.get("kwargs", {})
    model.save_model(str(path), **further)
    kind = own_class(model, "catboost").rpartition(".")[2]
    return {"model_type": kind, "save_format": further.get("format", "cbm")}


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    model = find_class(f"catboost.core.{config.get('model_type') or 'CatBoost'}", "catboost", _BASE)()
    model.load_model(str(path), format=config.get("save_format") or "cbm")
    return model


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    return model.predict(data, **params)


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="catboost",
    module="catboost",
    handles=("catboost.CatBoost",),
    loader_module=__name__,
    file="model.cb",
    file_key="data",
    dump=_dump,
    load=_load,
    predict=_predict,
    is_safe=lambda config: True,
    needs=lambda model, path: ["numpy"],
)

_SURFACE = Surface(FLAVOR, model="cb_model", save=f"{SAVE} **", log=LOG)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
