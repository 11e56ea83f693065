"""Explainers of SHAP, and explanations of a prediction function.

    >>> mlflow.shap.log_explainer(explainer, name="explainer")  # doctest: +SKIP

An explainer that is loaded as a function returns the SHAP values of a frame or array. Explainers are pickled; the
model that one explains is stored by its own flavor, below `underlying_model/`, where that is scikit-learn or PyTorch.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

from mlflow.models.flavor import Flavor
from mlflow.models.surface import Surface
from mlflow.temporary_folders import temporary_folder

__all__ = [
    "get_default_conda_env",
    "get_default_pip_requirements",
    "get_underlying_model_flavor",
    "load_explainer",
    "log_explainer",
    "log_explanation",
    "save_explainer",
    "save_model",
]

FLAVOR_NAME = "shap"

_FILE, _UNDERLYING = "explainer.shap", "underlying_model"
_UNKNOWN = "unknown"
_STORED_BY = ("sklearn", "pytorch")


def get_underlying_model_flavor(model: Any) -> str:
    """The flavor that stores the model of an explainer: sklearn, pytorch, or unknown."""
    inner = _inner(model)
    packages = {base.__module__.split(".")[0] for base in type(getattr(inner, "__self__", inner)).__mro__}
    return "sklearn" if "sklearn" in packages else "pytorch" if "torch" in packages else _UNKNOWN


def _inner(model: Any) -> Any:
    """What the user gave: SHAP wraps functions."""
    return getattr(model, "inner_model", model) if type(model).__module__.startswith("shap.") else model


def _prepare(explainer: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    model = getattr(explainer, "model", None)
    asked = options["serialize_model_using_mlflow"]
    return {**options, "underlying": get_underlying_model_flavor(model) if asked else None}


def _dump(explainer: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    named = {"serialized_explainer": _FILE, "underlying_model_flavor": options["underlying"]}
    if options["underlying"] in _STORED_BY:
        _dump_underlying(options["underlying"], _inner(explainer.model), path.parent / _UNDERLYING)
        with path.open("wb") as file:
            explainer.save(file, model_saver=False)
        return named
    content = _by_shap(explainer)
    if content is None:
        import cloudpickle

        path.write_bytes(cloudpickle.dumps(explainer))
        return {**named, "serialization_format": "cloudpickle"}
    path.write_bytes(content)
    return named


def _dump_underlying(flavor: str, model: Any, path: Path) -> None:
    further: dict[str, Any] = {"serialization_format": "pickle"}
    if flavor == "sklearn":  # often a method of an estimator
        called = "predict" if hasattr(model, "predict") else "__call__"
        further = {"serialization_format": "cloudpickle", "pyfunc_predict_fn": called}
    import_module(f"mlflow.{flavor}").save_model(model, path, **further)


def _by_shap(explainer: Any) -> bytes | None:
    """The explainer as SHAP stores it; None where SHAP cannot read it again, as of trees without background data."""
    file = io.BytesIO()
    try:
        explainer.save(file)
        file.seek(0)
        _read(file, None)
    except Exception:  # noqa: BLE001 - SHAP raises what its parts raise
        return None
    return file.getvalue()


def _read(file: Any, model_loader: Callable[[Any], Any] | None) -> Any:
    import shap

    with redirect_stdout(io.StringIO()):  # it prints the name of each part
        return shap.Explainer.load(file, model_loader=model_loader)


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    if config.get("serialization_format") == "cloudpickle":
        import pickle

        return pickle.loads(path.read_bytes())  # noqa: S301 - admitted before
    underlying = path.parent / _UNDERLYING
    loader = None
    if config.get("underlying_model_flavor") in _STORED_BY and underlying.exists():
        model = import_module(f"mlflow.{config['underlying_model_flavor']}").load_model(underlying)
        loader = lambda file: model  # noqa: E731 - SHAP asks for a function
    with path.open("rb") as file:
        return _read(file, loader)


def _predict(explainer: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    import pandas as pd

    return explainer(data.to_numpy() if isinstance(data, pd.DataFrame) else data, **params).values


def log_explanation(predict_function: Callable[[Any], Any], features: Any, artifact_path: str | None = None) -> str:
    """Explain a function's predictions, and log values and a bar plot of them to the active run.

    Args:
        predict_function: takes rows like those of `features`, and returns one number a row, or several.
        features: rows to explain.
        artifact_path: the folder among the run's artifacts; `model_explanations_shap` when omitted.

    Returns:
        The URI of that folder.
    """
    import matplotlib.figure
    import numpy as np
    import shap

    from mlflow.tracking import fluent

    background = shap.kmeans(features, min(_MAX_BACKGROUND, len(features)))
    explainer = shap.KernelExplainer(predict_function, background)
    values = explainer.shap_values(features, silent=True)
    target = artifact_path or "model_explanations_shap"
    with temporary_folder("explanation") as folder:
        np.save(folder / "base_values.npy", explainer.expected_value)
        np.save(folder / "shap_values.npy", values)
        figure = matplotlib.figure.Figure(layout="tight")
        _plot_importance(figure.subplots(), np.asarray(values), features)
        figure.savefig(folder / "summary_bar_plot.png")
        fluent.log_artifacts(str(folder), target)
    return fluent.get_artifact_uri(target)


_MAX_BACKGROUND = 100


def _plot_importance(axes: Any, values: Any, features: Any) -> None:
    """Bars of the mean absolute value of each feature, greatest on top."""
    names = list(getattr(features, "columns", [f"Feature {place}" for place in range(values.shape[1])]))
    importance = abs(values).mean(axis=tuple(place for place in range(values.ndim) if place != 1))
    order = importance.argsort()
    axes.barh([str(names[place]) for place in order], importance[order])
    axes.set_xlabel("mean(|SHAP value|)")


def _needs(model: Any, path: Path) -> list[str]:
    inner = _inner(getattr(model, "model", None))
    return ["numpy", "cloudpickle", type(getattr(inner, "__self__", inner)).__module__]


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="shap",
    module="shap",
    handles=("shap.Explainer",),
    loader_module=__name__,
    file=_FILE,
    data_key="model_path",
    prepare=_prepare,
    dump=_dump,
    load=_load,
    predict=_predict,
    needs=_needs,
    pyfunc_config=lambda options: {"underlying_model_flavor": options["underlying"]},
)

_SURFACE = Surface(
    FLAVOR,
    model="explainer",
    save="path serialize_model_using_mlflow=True conda_env code_paths mlflow_model signature input_example "
    "pip_requirements extra_pip_requirements metadata",
    log="artifact_path serialize_model_using_mlflow=True conda_env code_paths registered_model_name signature "
    "input_example await_registration_for pip_requirements extra_pip_requirements name metadata params tags "
    "model_type step model_id",
    load="",
    meanings={"serialize_model_using_mlflow": "store the explained model by its own flavor."},
)
save_explainer = save_model = _SURFACE.save_model
log_explainer = _SURFACE.log_model
load_explainer = _SURFACE.load_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
