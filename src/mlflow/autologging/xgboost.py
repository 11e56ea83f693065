"""Autologging of XGBoost: `xgboost.train`, and the estimators with scikit-learn's interface."""

from __future__ import annotations

import contextlib
import functools
import weakref
from collections.abc import Iterator
from typing import Any

from mlflow.autologging.boosting import log_importance, log_params, log_stop
from mlflow.autologging.samples import dataset_of, first_rows, model_options
from mlflow.autologging.sklearn.predictions import METHODS, Predictions
from mlflow.models.training_profile import features_of
from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.fits import Fit, Steps
from mlflow.tracking.autologging.guard import guard
from mlflow.tracking.autologging.integration import Integration
from mlflow.tracking.autologging.record import Record

__all__ = ["XGBOOST", "autolog"]

XGBOOST = Integration("xgboost", package="xgboost", tested=("2.0", "3.2"))

_NOT_PARAMS = ("params", "dtrain", "evals", "obj", "feval", "evals_result", "xgb_model", "callbacks", "learning_rates")

predictions = Predictions(XGBOOST.name)
_given: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
"""The first rows that a DMatrix was made of: it does not give them back."""
_whole: weakref.WeakKeyDictionary[Any, weakref.ref[Any]] = weakref.WeakKeyDictionary()
"""All of them, while the program holds them."""


@XGBOOST.entry
def autolog(
    importance_types: list[str] | None = None,
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    model_format: str = "ubj",
    extra_tags: dict[str, str] | None = None,
) -> None:
    """Log what XGBoost trains, by itself.

    Args:
        importance_types: how the importance of features is measured: "weight" when omitted; "gain", "cover" …
        log_input_examples: keep a few rows of the training data with the model.
        log_model_signatures: describe the model's inputs and outputs.
        log_models: log the trained models.
        log_datasets: record training and evaluation data as inputs of the run.
        disable: switch it off.
        exclusive: keep off runs that the program started itself.
        disable_for_unsupported_versions: do nothing for a version of XGBoost that was not tested.
        silent: show no messages and warnings of autologging.
        registered_model_name: register each model as a version of this one.
        model_format: how models are stored: `ubj`, `json` or `deprecated`.
        extra_tags: tags of the runs that autologging starts.

    Raises:
        NotInstalled: XGBoost is not installed.
    """


@XGBOOST.training("xgboost.training:train", "xgboost.sklearn:train", "xgboost:train")
def _train(fit: Fit) -> Steps:
    call, record = fit.call, fit.record
    others = {name: call.get(name) for name in call.names if name not in _NOT_PARAMS}
    log_params(record, call.get("params") or {}, others)
    if fit.settings.get("log_datasets"):
        _log_data(record, call)
    rounds: list[dict[str, float]] = []
    call.replace("callbacks", [*(call.get("callbacks") or ()), _each_round()(record, rounds)])
    booster = yield
    if _stops_early(call):
        log_stop(record, rounds, booster.num_boosted_rounds() - 1, booster.best_iteration)
    for kind in fit.settings.get("importance_types") or ["weight"]:
        log_importance(record, kind, functools.partial(booster.get_score, importance_type=kind))
    if fit.whole is None:
        sample = _given.get(call.get("dtrain"))
        options = model_options(fit.integration, fit.settings, lambda: sample, _answers(booster))
        data = _trained_on(call.get("dtrain"), record)
        record.model("xgboost", booster, data, model_format=fit.settings.get("model_format"), **options)


@XGBOOST.training("xgboost.sklearn:XGBModel.fit", "xgboost.sklearn:XGBClassifier.fit", "xgboost.sklearn:XGBRanker.fit")
def _fit(fit: Fit) -> Steps:
    fit.has_parts = True
    estimator = yield
    options = model_options(fit.integration, fit.settings, lambda: first_rows(fit.call.get("X")), estimator.predict)
    data = fit.call.get("X")
    fit.record.model("xgboost", estimator, data, model_format=fit.settings.get("model_format"), **options)
    predictions.remember(estimator, fit.record)


@XGBOOST.watching("xgboost.core:DMatrix.__init__")
def _made(call: Call, result: None) -> None:
    data = call.get("data")
    rows = first_rows(data)
    if rows is not None:
        _given[call.instance] = rows
    with contextlib.suppress(TypeError):  # of a kind to which there are no weak references
        _whole[call.instance] = weakref.ref(data)


@functools.cache
def _each_round() -> Any:
    """The callback that logs each round's metrics; its base class is XGBoost's."""
    from xgboost.callback import TrainingCallback

    class EachRound(TrainingCallback):  # type: ignore[misc]  # the framework has no types here
        def __init__(self, record: Record, rounds: list[dict[str, float]]) -> None:
            self.record, self.rounds = record, rounds

        def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
            values = {
                f"{data}-{name}": _last(values) for data, log in evals_log.items() for name, values in log.items()
            }
            self.rounds.append(values)
            self.record.metrics(values, epoch)
            return False

    return EachRound


def _last(values: Any) -> float:
    """Of a metric in the last round; of folds, the mean."""
    value = values[-1]
    return float(value[0] if isinstance(value, tuple) else value)


def _stops_early(call: Call) -> bool:
    return call.get("early_stopping_rounds") is not None or any(
        type(callback).__name__ == "EarlyStopping" for callback in call.get("callbacks") or ()
    )


def _log_data(record: Record, call: Call) -> None:
    for name, matrix, context in _matrices(call):
        with guard(record.integration, "log the training data"):
            record.dataset(dataset_of(matrix.get_data(), name=name), context)


def _trained_on(matrix: Any, record: Record) -> Any:
    """What a matrix was made of, while the program holds that; else what it gives back, under its columns' names."""
    whole = _whole.get(matrix)
    data = whole() if whole is not None else None
    if data is not None or record.source is None or not matrix.feature_names:
        return data
    from pandas import DataFrame

    return DataFrame(features_of(record.source), columns=matrix.feature_names)


def _matrices(call: Call) -> Iterator[tuple[str | None, Any, str]]:
    yield None, call.get("dtrain"), "train"
    for matrix, name in call.get("evals") or ():
        yield name, matrix, "eval"


def _answers(booster: Any) -> Any:
    def predict(rows: Any) -> Any:
        from xgboost import DMatrix

        return booster.predict(DMatrix(rows))

    return predict


_OWNERS = ("XGBModel", "XGBClassifier", "XGBRegressor", "XGBRanker")

XGBOOST.watching(*(f"xgboost.sklearn:{owner}.{name}" for owner in _OWNERS for name in METHODS))(predictions.predicted)
XGBOOST.watching(*(f"xgboost.sklearn:{owner}.score" for owner in _OWNERS))(predictions.scored)
