"""Autologging of Spark ML: estimators, pipelines, searches over params, and metrics of their predictions."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from mlflow.autologging.pyspark.predictions import SparkPredictions
from mlflow.autologging.pyspark.training import observe
from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.fits import entered, inside
from mlflow.tracking.autologging.integration import Integration

__all__ = ["PYSPARK_ML", "autolog"]

PYSPARK_ML = Integration("pyspark.ml", package="pyspark", tested=("4.0", "4.3"))

_PREPARATION = "pyspark.ml.feature"

predictions = SparkPredictions(PYSPARK_ML.name)


@PYSPARK_ML.entry
def autolog(
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    log_post_training_metrics: bool = True,
    registered_model_name: str | None = None,
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_model_allowlist: str | None = None,
    extra_tags: dict[str, str] | None = None,
) -> None:
    """Log what Spark ML's estimators, pipelines and searches fit, by itself.

    Args:
        log_models: log the fitted models.
        log_datasets: record training and evaluation data as inputs of the run.
        disable: switch it off.
        exclusive: keep off runs that the program started itself.
        disable_for_unsupported_versions: do nothing for a version of Spark that was not tested.
        silent: show no messages and warnings of autologging.
        log_post_training_metrics: log what evaluators say of predictions later.
        registered_model_name: register each model as a version of this one.
        log_input_examples: keep a few rows of the training data with the model.
        log_model_signatures: describe the model's inputs and outputs.
        log_model_allowlist: a file that lists the classes of models to log, each on a line, such as
            `pyspark.ml.classification.*`; without one, all that Spark can write. The setting
            `spark.mlflow.pysparkml.autolog.logModelAllowlistFile` of the session names one too.
        extra_tags: tags of the runs that autologging starts.

    Raises:
        NotInstalled: Spark is not installed.
    """


def applies(call: Call) -> bool:
    """Whether a fit is logged: of one model, and not of what only prepares data."""
    several = isinstance(call.get("params"), (list, tuple))
    return not several and not type(call.instance).__module__.startswith(_PREPARATION)


def _handing_on(original: Callable[..., Any]) -> Callable[..., Any]:
    """Threads of a search, and of one model for each class, belong to the fit that started them."""

    def prepared(target: Any) -> Any:
        found, made = inside(), original(target)
        if found is None:
            return made
        if callable(target):
            return _inside(made, found)
        return lambda function: _inside(made(function), found)  # of a session: what decorates functions

    return prepared


def _inside(function: Callable[..., Any], found: object) -> Callable[..., Any]:
    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        with entered(found):
            return function(*args, **kwargs)

    return called


PYSPARK_ML.training("pyspark.ml.base:Estimator.fit", applies=applies)(observe(predictions))
PYSPARK_ML.watching("pyspark.ml.base:Transformer.transform")(predictions.predicted)
PYSPARK_ML.watching("pyspark.ml.evaluation:Evaluator.evaluate")(predictions.evaluated)
for _module in ("pyspark.ml.tuning", "pyspark.ml.classification"):
    PYSPARK_ML.around(f"{_module}:inheritable_thread_target", _handing_on)
