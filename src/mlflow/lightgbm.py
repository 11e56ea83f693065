"""LightGBM's boosters, stored in its own format, and its estimators of scikit-learn's interface, stored by skops.

    >>> mlflow.lightgbm.log_model(booster, name="model", input_example=frame)  # doctest: +SKIP

An estimator that holds types which skops does not trust, such as an objective of the user's, is stored by cloudpickle;
`skops_trusted_types` names further types to trust, and `serialization_format` decides by itself.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mlflow.autologging.lightgbm import autolog
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.flavor import Flavor
from mlflow.models.foreign_classes import dotted_name, own_class
from mlflow.models.module_requirements import pickle_modules
from mlflow.models.skops_files import UntrustedTypes, import_skops, serializers, skops_modules, to_skops
from mlflow.models.surface import Surface

__all__ = ["autolog", "get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

FLAVOR_NAME = "lightgbm"

_LOG = logging.getLogger(__name__)
_BOOSTER = "lightgbm.basic.Booster"
_FORMATS = ("skops", "pickle", "cloudpickle")
_ESTIMATORS = ("LGBMClassifier", "LGBMModel", "LGBMRanker", "LGBMRegressor")
_HARMLESS = frozenset({"collections.OrderedDict", _BOOSTER, *(f"lightgbm.sklearn.{name}" for name in _ESTIMATORS)})
"""Types that skops reports, though loading them runs no code: a booster takes its state as LightGBM's text."""


def _is_booster(model: Any) -> bool:
    return own_class(model, "lightgbm") in (_BOOSTER, "lightgbm.engine.CVBooster")


def _prepare(model: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """Settle the format of an estimator; what skops made of it goes along under `skops`."""
    asked = options["serialization_format"]
    if asked not in (None, *_FORMATS):
        raise InvalidParameterValue(f"Unrecognized serialization format '{asked}'. Use one of {', '.join(_FORMATS)}.")
    if _is_booster(model):
        return {**options, "serialization_format": "skops"}
    if asked in ("pickle", "cloudpickle"):
        return {**options, "skops_trusted_types": None}
    try:
        content, trusted = to_skops(model, options["skops_trusted_types"], _HARMLESS)
    except (ImportError, UntrustedTypes) as exc:
        if asked is not None or options["skops_trusted_types"] is not None:
            raise
        _LOG.info("The model is stored by cloudpickle, which runs code when it is loaded: %s", exc)
        return {**options, "serialization_format": "cloudpickle"}
    return {**options, "serialization_format": "skops", "skops_trusted_types": trusted, "skops": content}


def _file(model: Any, options: Mapping[str, Any]) -> str:
    if _is_booster(model):
        return "model.lgb"
    return "model.skops" if options["serialization_format"] == "skops" else "model.pkl"


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    if path.suffix == ".lgb":
        model.save_model(path)
    elif path.suffix == ".skops":
        path.write_bytes(options["skops"])
    elif options["serialization_format"] == "pickle":
        path.write_bytes(pickle.dumps(model))
    else:
        import cloudpickle

        path.write_bytes(cloudpickle.dumps(model))
    kept = {key: options[key] for key in ("serialization_format", "skops_trusted_types")}
    return {"model_class": dotted_name(type(model)), **kept}


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    match path.suffix:
        case ".pkl":
            return pickle.loads(path.read_bytes())  # noqa: S301 - admitted before
        case ".skops":
            return import_skops().load(path, trusted=config.get("skops_trusted_types"))
        case _:
            import lightgbm

            return lightgbm.Booster(model_file=path)


def _is_safe(config: Mapping[str, Any]) -> bool:
    suffix = Path(config.get("data") or "").suffix
    trusted = set(config.get("skops_trusted_types") or ())
    return suffix == ".lgb" or (suffix == ".skops" and trusted <= _HARMLESS)


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    return model.predict(data, **params)


def _needs(model: Any, path: Path) -> Iterable[str]:
    match path.suffix:
        case ".pkl":
            return {"numpy", "scipy", "sklearn"} | pickle_modules(path)
        case ".skops":
            return {"numpy", "scipy", "sklearn", "skops"} | set(skops_modules(path))
        case _:
            return ["numpy", "scipy"]


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="lightgbm",
    module="lightgbm",
    handles=("lightgbm.Booster", "lightgbm.CVBooster", "lightgbm.LGBMModel"),
    loader_module=__name__,
    version_key="lgb_version",
    file=_file,
    file_key="data",
    prepare=_prepare,
    dump=_dump,
    load=_load,
    predict=_predict,
    is_safe=_is_safe,
    alternative="save it with serialization_format='skops'",
    needs=_needs,
    also=serializers,
)

_SURFACE = Surface(
    FLAVOR,
    model="lgb_model",
    save="path conda_env code_paths mlflow_model signature input_example pip_requirements extra_pip_requirements "
    "metadata serialization_format skops_trusted_types extra_files **",
    log="artifact_path conda_env code_paths registered_model_name signature input_example await_registration_for "
    "pip_requirements extra_pip_requirements metadata extra_files name params tags model_type step model_id "
    "serialization_format skops_trusted_types **",
    defaults="include_cloudpickle=False include_skops=False",
    meanings={
        "serialization_format": "skops, pickle or cloudpickle, for estimators; skops where it can, when omitted.",
        "skops_trusted_types": "further types, by dotted name, that are safe to load.",
        "include_cloudpickle": "whether the model is stored by cloudpickle.",
        "include_skops": "whether the model is stored by skops.",
    },
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
