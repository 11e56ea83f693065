"""Autologging of LightGBM: `lightgbm.train`, and the estimators with scikit-learn's interface."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from mlflow.autologging.boosting import log_importance, log_params, log_stop
from mlflow.autologging.samples import dataset_of, first_rows, model_options
from mlflow.autologging.sklearn.predictions import METHODS, Predictions
from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.fits import Fit, Steps
from mlflow.tracking.autologging.guard import guard
from mlflow.tracking.autologging.integration import Integration
from mlflow.tracking.autologging.record import Record

__all__ = ["LIGHTGBM", "autolog"]

LIGHTGBM = Integration("lightgbm", package="lightgbm", tested=("4.0", "4.7"))

_NOT_PARAMS = frozenset(
    [
        "params",
        "train_set",
        "valid_sets",
        "valid_names",
        "fobj",
        "feval",
        "init_model",
        "evals_result",
        "learning_rates",
        "callbacks",
        "feature_name",
        "categorical_feature",
    ]
)

predictions = Predictions(LIGHTGBM.name)


@LIGHTGBM.entry
def autolog(
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    extra_tags: dict[str, str] | None = None,
) -> None:
    """Log what LightGBM trains, by itself.

    Args:
        log_input_examples: keep a few rows of the training data with the model.
        log_model_signatures: describe the model's inputs and outputs.
        log_models: log the trained models.
        log_datasets: record training and evaluation data as inputs of the run.
        disable: switch it off.
        exclusive: keep off runs that the program started itself.
        disable_for_unsupported_versions: do nothing for a version of LightGBM that was not tested.
        silent: show no messages and warnings of autologging.
        registered_model_name: register each model as a version of this one.
        extra_tags: tags of the runs that autologging starts.

    Raises:
        NotInstalled: LightGBM is not installed.
    """


@LIGHTGBM.training("lightgbm.engine:train", "lightgbm.sklearn:train", "lightgbm:train")
def _train(fit: Fit) -> Steps:
    call, record = fit.call, fit.record
    # what the call adds to its own data is taken before: it frees the data when it has read them
    data = _raw(call.get("train_set"))
    sample = first_rows(data)
    log_params(
        record, call.get("params") or {}, {name: call.get(name) for name in call.names if name not in _NOT_PARAMS}
    )
    if fit.settings.get("log_datasets"):
        _log_data(record, call)
    rounds: list[dict[str, float]] = []
    call.replace("callbacks", [*(call.get("callbacks") or ()), _each_round(record, rounds)])
    booster = yield
    if booster.best_iteration > 0 and _stops_early(call):
        log_stop(record, rounds, booster.current_iteration(), booster.best_iteration)
    for kind in ("split", "gain"):
        log_importance(record, kind, functools.partial(_importance, booster, kind))
    if fit.whole is None:
        options = model_options(fit.integration, fit.settings, lambda: sample, booster.predict)
        record.model("lightgbm", booster, data, **options)


@LIGHTGBM.training("lightgbm.sklearn:LGBMModel.fit")
def _fit(fit: Fit) -> Steps:
    fit.has_parts = True
    estimator = yield
    options = model_options(fit.integration, fit.settings, lambda: first_rows(fit.call.get("X")), estimator.predict)
    fit.record.model("lightgbm", estimator, fit.call.get("X"), **options)
    predictions.remember(estimator, fit.record)


def _each_round(record: Record, rounds: list[dict[str, float]]) -> Any:
    def log(environment: Any) -> None:
        values = {f"{found[0]}-{found[1]}": float(found[2]) for found in environment.evaluation_result_list or ()}
        rounds.append(values)
        record.metrics(values, environment.iteration)

    return log


def _stops_early(call: Call) -> bool:
    names = {type(callback).__name__ for callback in call.get("callbacks") or ()}
    return "_EarlyStoppingCallback" in names or any(
        key.startswith("early_stopping") for key in call.get("params") or {}
    )


def _importance(booster: Any, kind: str) -> Mapping[str, float]:
    return dict(zip(booster.feature_name(), booster.feature_importance(importance_type=kind), strict=True))


def _raw(dataset: Any) -> Any:
    """The data that a `lightgbm.Dataset` was made of, while it has them."""
    data = getattr(dataset, "data", None)
    return None if isinstance(data, str) else data


def _log_data(record: Record, call: Call) -> None:
    for name, dataset, context in _datasets(call):
        with guard(record.integration, "log the training data"):
            record.dataset(dataset_of(_raw(dataset), getattr(dataset, "label", None), name), context)


def _datasets(call: Call) -> Iterator[tuple[str | None, Any, str]]:
    yield None, call.get("train_set"), "train"
    names = list(call.get("valid_names") or ())
    for at, dataset in enumerate(call.get("valid_sets") or ()):
        yield names[at] if at < len(names) else None, dataset, "eval"


_OWNERS = ("LGBMModel", "LGBMClassifier", "LGBMRegressor", "LGBMRanker")

LIGHTGBM.watching(*(f"lightgbm.sklearn:{owner}.{name}" for owner in _OWNERS for name in METHODS))(predictions.predicted)
LIGHTGBM.watching(*(f"lightgbm.sklearn:{owner}.score" for owner in _OWNERS))(predictions.scored)
