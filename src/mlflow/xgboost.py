"""XGBoost's boosters and its estimators of scikit-learn's interface, stored in its own formats.

    >>> mlflow.xgboost.log_model(booster, name="model", input_example=frame)  # doctest: +SKIP

A booster that is loaded as a function takes a `DMatrix`, or what one is made of; an estimator what its `predict` takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mlflow.autologging.xgboost import autolog
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.flavor import Flavor
from mlflow.models.foreign_classes import find_class, own_class
from mlflow.models.surface import Surface

__all__ = ["autolog", "get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

FLAVOR_NAME = "xgboost"

_FORMATS = ("ubj", "json", "xgb", "deprecated")
_BASES = ("xgboost.core.Booster", "xgboost.sklearn.XGBModel")


def _prepare(model: Any, options: Mapping[str, Any]) -> Mapping[str, Any]:
    if options["model_format"] not in _FORMATS:
        raise InvalidParameterValue(
            f"Unrecognized model format '{options['model_format']}'. Use one of {', '.join(_FORMATS)}."
        )
    return options


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    model.save_model(path)
    return {"model_class": own_class(model, "xgboost"), "model_format": options["model_format"]}


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    model = find_class(config.get("model_class") or _BASES[0], "xgboost", *_BASES)()
    model.load_model(path)
    return model


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    import xgboost

    if not isinstance(model, xgboost.Booster):
        return model.predict(data, **params)
    matrix = data if isinstance(data, xgboost.DMatrix) else xgboost.DMatrix(data, enable_categorical=True)
    return model.predict(matrix, **params)


def _needs(model: Any, path: Path) -> Iterable[str]:
    return ["numpy", "scipy", *(["sklearn"] if hasattr(model, "get_booster") else [])]


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="xgboost",
    module="xgboost",
    handles=("xgboost.Booster", "xgboost.XGBModel"),
    loader_module=__name__,
    version_key="xgb_version",
    file=lambda model, options: f"model.{options['model_format']}",
    file_key="data",
    prepare=_prepare,
    dump=_dump,
    load=_load,
    predict=_predict,
    is_safe=lambda config: True,
    needs=_needs,
)

_SURFACE = Surface(
    FLAVOR,
    model="xgb_model",
    save="path conda_env code_paths mlflow_model signature input_example pip_requirements extra_pip_requirements "
    "model_format='ubj' metadata extra_files **",
    log="artifact_path conda_env code_paths registered_model_name signature input_example await_registration_for "
    "pip_requirements extra_pip_requirements model_format='ubj' metadata extra_files name params tags model_type step "
    "model_id **",
    meanings={"model_format": "ubj or json."},
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
