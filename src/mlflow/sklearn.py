"""scikit-learn's estimators, and whatever speaks their interface.

    >>> mlflow.sklearn.log_model(estimator, name="model", input_example=frame)  # doctest: +SKIP

Formats: `skops` runs no code when it is loaded, and is taken where skops trusts all types of the model; otherwise
`cloudpickle`. `skops_trusted_types` names further types to trust; `serialization_format` decides by itself.
"""

from __future__ import annotations

import logging
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow._lazy import attach
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.bare_estimators import by_rows
from mlflow.models.flavor import Flavor
from mlflow.models.module_requirements import pickle_modules
from mlflow.models.plain_skops import NotPlain, read_plain
from mlflow.models.skops_files import UntrustedTypes, import_skops, serializers, skops_modules, to_skops
from mlflow.models.surface import Surface

if TYPE_CHECKING:
    from mlflow.autologging.sklearn import autolog

__getattr__, __dir__ = attach(__name__, {"autolog": "mlflow.autologging.sklearn:autolog"})  # a server never asks for it

__all__ = [
    "autolog",
    "get_default_conda_env",
    "get_default_pip_requirements",
    "load_model",
    "log_model",
    "save_model",
]

FLAVOR_NAME = "sklearn"
SERIALIZATION_FORMAT_SKOPS = "skops"
SERIALIZATION_FORMAT_PICKLE = "pickle"
SERIALIZATION_FORMAT_CLOUDPICKLE = "cloudpickle"
SUPPORTED_SERIALIZATION_FORMATS = [
    SERIALIZATION_FORMAT_SKOPS,
    SERIALIZATION_FORMAT_PICKLE,
    SERIALIZATION_FORMAT_CLOUDPICKLE,
]

_LOG = logging.getLogger(__name__)
_FILES = {"skops": "model.skops", "pickle": "model.pkl", "cloudpickle": "model.pkl"}
_HARMLESS = frozenset({"sklearn.tree._tree.Tree"})
"""Types that skops reports, though loading them runs no code: their content is checked after loading instead."""


def _prepare(model: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """Settle the format; what skops made of the model goes along under `skops`."""
    asked = options["serialization_format"]
    if asked not in (None, *SUPPORTED_SERIALIZATION_FORMATS):
        raise InvalidParameterValue(
            f"Unrecognized serialization format '{asked}'. Use one of {', '.join(SUPPORTED_SERIALIZATION_FORMATS)}."
        )
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


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    match options["serialization_format"]:
        case "skops":
            path.write_bytes(options["skops"])
        case "pickle":
            path.write_bytes(pickle.dumps(model))
        case _:
            import cloudpickle

            path.write_bytes(cloudpickle.dumps(model))
    return {key: options[key] for key in ("serialization_format", "skops_trusted_types")}


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    if config.get("serialization_format") != "skops":
        return pickle.loads(path.read_bytes())  # noqa: S301 - admitted before
    trusted = config.get("skops_trusted_types")
    try:
        model = read_plain(path, trusted)
    except NotPlain:
        model = import_skops().load(path, trusted=trusted)
    for tree in _trees(model):
        _check_tree(tree)
    return model


def _trees(model: Any) -> Iterator[Any]:
    """The decision trees inside a model."""
    if (module := sys.modules.get("sklearn.tree._tree")) is None:  # so there is none
        return
    seen: set[int] = set()
    waiting = [model]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, module.Tree):
            yield one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, (list, tuple, set)) or (type(one).__name__ == "ndarray" and one.dtype == object):
            waiting += list(one.flat) if hasattr(one, "flat") else one
        else:
            waiting += getattr(one, "__dict__", {}).values()


def _check_tree(tree: Any) -> None:
    """Refuse a tree whose nodes lead out of it: scikit-learn follows them without looking."""
    import numpy as np

    nodes = np.arange(tree.node_count)
    left, right, feature = tree.children_left, tree.children_right, tree.feature
    inner = left != -1
    ends = np.concatenate([left[inner], right[inner]])
    starts = np.concatenate([nodes[inner], nodes[inner]])
    fits = (ends > starts).all() and (ends < tree.node_count).all() and (right[~inner] == -1).all()
    if not (fits and (feature[inner] >= 0).all() and (feature[inner] < tree.n_features).all()):
        raise InvalidParameterValue(
            "A decision tree of the model is broken: its nodes lead out of it. The model is not loaded; restore it."
        )


def _needs(model: Any, path: Path) -> Iterable[str]:
    if path.suffix != ".skops":
        return {"numpy", "scipy"} | pickle_modules(path)
    return {"numpy", "scipy", "skops"} | set(skops_modules(path))


def _is_function(model: Any, options: Mapping[str, Any]) -> bool:
    name = options["pyfunc_predict_fn"]
    if not hasattr(model, name):
        _LOG.warning("The model has no method '%s', so it cannot be loaded as a function.", name)
    return hasattr(model, name)


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    return getattr(model, config.get("predict_fn", "predict"))(data, **params)


def _by_rows(model: Any, config: Mapping[str, Any], names: Sequence[str]) -> Callable[[Any], Any] | None:
    return by_rows(model, config.get("predict_fn", "predict"), names)


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="scikit-learn",
    module="sklearn",
    loader_module=__name__,
    file=lambda model, options: _FILES[options["serialization_format"]],
    prepare=_prepare,
    dump=_dump,
    load=_load,
    predict=_predict,
    by_rows=_by_rows,
    is_function=_is_function,
    data_key="model_path",
    file_key="pickled_model",
    is_safe=lambda config: (
        config.get("serialization_format") == "skops" and set(config.get("skops_trusted_types") or ()) <= _HARMLESS
    ),
    alternative="save it with serialization_format='skops'",
    needs=_needs,
    also=serializers,
    pyfunc_config=lambda options: {"predict_fn": options["pyfunc_predict_fn"]},
)

_SURFACE = Surface(
    FLAVOR,
    model="sk_model",
    save="path conda_env code_paths mlflow_model serialization_format signature input_example pip_requirements "
    "extra_pip_requirements pyfunc_predict_fn='predict' metadata skops_trusted_types extra_files",
    log="artifact_path conda_env code_paths serialization_format registered_model_name signature input_example "
    "await_registration_for pip_requirements extra_pip_requirements pyfunc_predict_fn='predict' metadata extra_files "
    "params tags model_type step model_id name skops_trusted_types **",
    defaults="include_cloudpickle=False include_skops=False",
    meanings={
        "serialization_format": "skops, pickle or cloudpickle; skops where it trusts the model's types, when omitted.",
        "pyfunc_predict_fn": "the estimator's method that is called when the model is loaded as a function.",
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
