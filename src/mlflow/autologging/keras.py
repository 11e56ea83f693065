"""Autologging of Keras 3, with any of its backends."""

from __future__ import annotations

from typing import Any

from mlflow.autologging.keras_training import callbacks_of, describe, examples, optimizer_params
from mlflow.autologging.samples import model_options
from mlflow.tracking.autologging.fits import Fit, Steps
from mlflow.tracking.autologging.integration import Integration

__all__ = ["KERAS", "autolog"]

KERAS = Integration("keras", package="keras", tested=("3.4", "3.15"), gives_way_to="tensorflow")


@KERAS.entry
def autolog(
    log_every_epoch: bool = True,
    log_every_n_steps: int | None = None,
    log_models: bool = True,
    log_model_signatures: bool = True,
    save_exported_model: bool = False,
    log_datasets: bool = True,
    log_input_examples: bool = False,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    save_model_kwargs: dict[str, Any] | None = None,
    extra_tags: dict[str, str] | None = None,
) -> None:
    """Log what Keras models train, by itself.

    Args:
        log_every_epoch: log metrics at the end of each epoch.
        log_every_n_steps: log metrics at batches of that distance too.
        log_models: log the trained models.
        log_model_signatures: describe the model's inputs and outputs.
        save_exported_model: store the model as it is exported for serving, not as it is trained further.
        log_datasets: record training and validation data as inputs of the run.
        log_input_examples: keep a few rows of the training data with the model.
        disable: switch it off.
        exclusive: keep off runs that the program started itself.
        disable_for_unsupported_versions: do nothing for a version of Keras that was not tested.
        silent: show no messages and warnings of autologging.
        registered_model_name: register each model as a version of this one.
        save_model_kwargs: what else `keras.Model.save` gets.
        extra_tags: tags of the runs that autologging starts.

    Raises:
        NotInstalled: Keras is not installed.
    """


@KERAS.training("keras:Model.fit")
def _fit(fit: Fit) -> Steps:
    from mlflow.autologging.keras_callbacks import Progress

    model, told = fit.call.instance, fit.settings
    describe(fit, optimizer_params(model, "optimizer_"))
    watch = Progress(fit.record, told.get("log_every_epoch", True), told.get("log_every_n_steps"), "validation_")
    fit.call.replace("callbacks", [*callbacks_of(fit.call), watch])
    yield
    options = model_options(fit.integration, told, examples(fit.call), lambda rows: model.predict(rows, verbose=0))
    own = {name: told.get(name) for name in ("save_exported_model", "save_model_kwargs")}
    fit.record.model("keras", model, **own, **options)
