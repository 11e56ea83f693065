"""Autologging of scikit-learn: estimators, pipelines and parameter searches, and metrics of their predictions."""

from __future__ import annotations

import inspect
import sys
from types import ModuleType
from typing import Any

from mlflow.autologging.sklearn.predictions import METHODS, Predictions
from mlflow.autologging.sklearn.training import observe
from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.integration import Integration
from mlflow.tracking.autologging.patching import put_around
from mlflow.tracking.autologging.workers import watch_joblib

__all__ = ["SKLEARN", "autolog"]

SKLEARN = Integration("sklearn", package="sklearn", distribution="scikit-learn", tested=("1.5", "1.9"))

_FITS = ("fit", "fit_transform", "fit_predict")
_MIXINS = ("ClassifierMixin", "RegressorMixin", "ClusterMixin", "TransformerMixin", "OutlierMixin", "DensityMixin")
_PREPARATION = (
    "sklearn.base",
    "sklearn.compose._column_transformer",
    "sklearn.feature_extraction",
    "sklearn.feature_selection",
    "sklearn.impute._base",
    "sklearn.impute._knn",
    "sklearn.preprocessing",
)
"""Estimators that prepare data are not logged when they are fitted for themselves."""

_NO_METRICS = frozenset({"check_scoring", "get_scorer", "get_scorer_names", "make_scorer"})

predictions = Predictions(SKLEARN.name)


@SKLEARN.entry
def autolog(
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    max_tuning_runs: int | None = 5,
    log_post_training_metrics: bool = True,
    serialization_format: str = "cloudpickle",
    registered_model_name: str | None = None,
    pos_label: Any = None,
    extra_tags: dict[str, str] | None = None,
) -> None:
    """Log what scikit-learn's estimators, pipelines and searches fit, by itself.

    Args:
        log_input_examples: keep a few rows of the training data with the model.
        log_model_signatures: describe the model's inputs and outputs.
        log_models: log the fitted estimators.
        log_datasets: record training and evaluation data as inputs of the run.
        disable: switch it off.
        exclusive: keep off runs that the program started itself.
        disable_for_unsupported_versions: do nothing for a version of scikit-learn that was not tested.
        silent: show no messages and warnings of autologging.
        max_tuning_runs: how many child runs a search gets, the best ones; all when None.
        log_post_training_metrics: log what `score` and functions of `sklearn.metrics` say of predictions later.
        serialization_format: how models are stored: `cloudpickle`, `pickle` or `skops`.
        registered_model_name: register each model as a version of this one.
        pos_label: the class that precision, recall and F1 are about, when there are two; else they are weighted means.
        extra_tags: tags of the runs that autologging starts.

    Raises:
        NotInstalled: scikit-learn is not installed.
    """


def _visit(module: ModuleType) -> None:
    """Look after the estimators that a module of scikit-learn defines."""
    bases = _bases()
    for estimator in list(vars(module).values()):
        if inspect.isclass(estimator) and estimator.__module__ == module.__name__ and issubclass(estimator, bases):
            _look_after(estimator)


def _bases() -> tuple[type, ...]:
    base = sys.modules.get("sklearn.base")
    return tuple(getattr(base, name) for name in ("BaseEstimator", *_MIXINS) if hasattr(base, name))


def _look_after(estimator: type) -> None:
    for name in _FITS:
        put_around(estimator, name, _trained)
    for name in METHODS:
        put_around(estimator, name, _predicted)
    put_around(estimator, "score", _scored)


def applies(call: Call) -> bool:
    """Whether an estimator's training is logged: scikit-learn's own and their subclasses, but for preparation."""
    own = next((base for base in type(call.instance).__mro__ if base.__module__.startswith("sklearn.")), None)
    return own is not None and not own.__module__.startswith(_PREPARATION)


def _visit_metrics(module: ModuleType) -> None:
    for name in module.__all__:
        if name not in _NO_METRICS and inspect.isfunction(getattr(module, name)):
            put_around(module, name, _measured)


_trained = SKLEARN.trained(observe(predictions), applies)
_predicted = SKLEARN.watched(predictions.predicted)
_scored = SKLEARN.watched(predictions.scored)
_measured = SKLEARN.watched(predictions.measured)


SKLEARN.on_import("joblib.parallel", watch_joblib)
SKLEARN.on_import("sklearn.*", _visit)
SKLEARN.on_import("sklearn.metrics", _visit_metrics)
SKLEARN.suspending(
    *(
        f"sklearn.model_selection:{name}"
        for name in (
            "cross_val_predict",
            "cross_val_score",
            "cross_validate",
            "learning_curve",
            "permutation_test_score",
            "validation_curve",
        )
    )
)
