"""Autologging of TensorFlow: the Keras models it trains."""

from __future__ import annotations

from typing import Any

from mlflow.autologging.keras_training import (
    callbacks_of,
    describe,
    early_stopping,
    examples,
    log_stop,
    optimizer_params,
)
from mlflow.autologging.samples import model_options
from mlflow.autologging.tensorboard import event_writers, keep_events
from mlflow.tracking.autologging.fits import Fit, Steps
from mlflow.tracking.autologging.integration import Integration

__all__ = ["TENSORFLOW", "autolog"]

TENSORFLOW = Integration("tensorflow", package="tensorflow", tested=("2.16", "2.21"))

_STOPPING = ("monitor", "min_delta", "patience", "baseline", "restore_best_weights")


@TENSORFLOW.entry
def autolog(
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    saved_model_kwargs: dict[str, Any] | None = None,
    keras_model_kwargs: dict[str, Any] | None = None,
    extra_tags: dict[str, str] | None = None,
    log_every_epoch: bool = True,
    log_every_n_steps: int | None = None,
    checkpoint: bool = True,
    checkpoint_monitor: str = "val_loss",
    checkpoint_mode: str = "min",
    checkpoint_save_best_only: bool = True,
    checkpoint_save_weights_only: bool = False,
    checkpoint_save_freq: str | int = "epoch",
) -> None:
    """Log what Keras models train with TensorFlow, by itself.

    Args:
        log_models: log the trained models.
        log_datasets: record training and validation data as inputs of the run.
        disable: switch it off.
        exclusive: keep off runs that the program started itself.
        disable_for_unsupported_versions: do nothing for a version of TensorFlow that was not tested.
        silent: show no messages and warnings of autologging.
        registered_model_name: register each model as a version of this one.
        log_input_examples: keep a few rows of the training data with the model.
        log_model_signatures: describe the model's inputs and outputs.
        saved_model_kwargs: what else `tf.saved_model.save` gets.
        keras_model_kwargs: what else `keras.Model.save` gets.
        extra_tags: tags of the runs that autologging starts.
        log_every_epoch: log metrics at the end of each epoch.
        log_every_n_steps: log metrics at batches of that distance too.
        checkpoint: upload checkpoints while it trains.
        checkpoint_monitor: the metric that says which state is the best.
        checkpoint_mode: `min` or `max`: which values of it are better.
        checkpoint_save_best_only: keep one checkpoint, the best so far; else each.
        checkpoint_save_weights_only: keep the weights only, not the whole model.
        checkpoint_save_freq: `epoch`, or a number of batches.

    Raises:
        NotInstalled: TensorFlow is not installed.
    """


@TENSORFLOW.training("keras:Model.fit")
def _fit(fit: Fit) -> Steps:
    from mlflow.autologging.keras_callbacks import Keep, Progress

    model, told, record = fit.call.instance, fit.settings, fit.record
    describe(fit, optimizer_params(model, "opt_"))
    stopper = early_stopping(fit.call)
    if stopper is not None:
        record.params({name: getattr(stopper, name, None) for name in _STOPPING})
    watch = Progress(record, told.get("log_every_epoch", True), told.get("log_every_n_steps"), "validation_")
    program = callbacks_of(fit.call)
    fit.call.replace("callbacks", [*program, watch, Keep(record), *event_writers(fit, program)])
    history = yield
    keep_events(fit, program)
    log_stop(record, stopper, history)
    options = model_options(fit.integration, told, examples(fit.call), lambda rows: model.predict(rows, verbose=0))
    record.model("tensorflow", model, keras_model_kwargs=told.get("keras_model_kwargs"), **options)
