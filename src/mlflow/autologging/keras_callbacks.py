"""Callbacks of Keras: those that programs pass to a training themselves, and what autologging adds to one.

This module imports Keras, so it is imported when one of its names is used.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from keras.callbacks import Callback

from mlflow.autologging.checkpoints import Checkpoints, checkpoint_settings
from mlflow.exceptions import InvalidParameterValue
from mlflow.tracking.autologging.guard import guard
from mlflow.tracking.autologging.record import Record
from mlflow.tracking.session import session

__all__ = ["Keep", "KerasCallback", "MlflowModelCheckpointCallback", "Progress", "TensorflowCallback"]

Logs = Mapping[str, Any] | None


class KerasCallback(Callback):  # type: ignore[misc]  # the framework has no types here
    """Log a training to the active run: the optimizer, the layers, and metrics of each epoch or each so many batches.

        >>> model.fit(x, y, epochs=5, callbacks=[mlflow.keras.MlflowCallback()])  # doctest: +SKIP

    Args:
        log_every_epoch: log metrics at the end of each epoch.
        log_every_n_steps: log metrics at batches of that distance, counted over all epochs.
        model_id: the logged model that the metrics are about.

    Raises:
        InvalidParameterValue: the distance is no positive number.
    """

    optimizer_prefix = "optimizer_"

    def __init__(
        self, log_every_epoch: bool = True, log_every_n_steps: int | None = None, model_id: str | None = None
    ) -> None:
        super().__init__()
        if log_every_n_steps is not None and log_every_n_steps < 1:
            raise InvalidParameterValue(
                f"log_every_n_steps is '{log_every_n_steps}'. Pass a positive number of batches, or None."
            )
        self.log_every_epoch, self.log_every_n_steps, self.model_id = log_every_epoch, log_every_n_steps, model_id
        self._steps = self._epoch = 0

    def on_train_begin(self, logs: Logs = None) -> None:
        """Log what is known before the training."""
        self._steps = self._epoch = 0
        optimizer = getattr(self.model, "optimizer", None)
        if optimizer is not None:
            session.log_params(
                {f"{self.optimizer_prefix}{key}": value for key, value in optimizer.get_config().items()}
            )
        lines = io.StringIO()
        self.model.summary(print_fn=lambda line, **_: lines.write(f"{line}\n"))
        session.log_text(lines.getvalue(), "model_summary.txt")

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Remember the epoch, for the validation inside of it."""
        self._epoch = epoch

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Log metrics of an epoch."""
        if self.log_every_epoch:
            self._log(logs or {}, epoch)

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Log metrics of a batch that is due."""
        self._steps += 1
        if self.log_every_n_steps and self._steps % self.log_every_n_steps == 0:
            self._log(logs or {}, self._steps)

    def on_test_end(self, logs: Logs = None) -> None:
        """Log metrics of a validation or an evaluation."""
        self._log({f"validation_{key}": value for key, value in (logs or {}).items()}, self._epoch)

    def _log(self, metrics: Mapping[str, Any], step: int) -> None:
        session.log_metrics({key: float(value) for key, value in metrics.items()}, step, model_id=self.model_id)


class TensorflowCallback(KerasCallback):
    """As the one of Keras; params of the optimizer are named as TensorFlow's autologging names them.

        >>> model.fit(x, y, epochs=5, callbacks=[mlflow.tensorflow.MlflowCallback()])  # doctest: +SKIP

    Args:
        log_every_epoch: log metrics at the end of each epoch.
        log_every_n_steps: log metrics at batches of that distance, counted over all epochs.
    """

    optimizer_prefix = "opt_"

    def __init__(self, log_every_epoch: bool = True, log_every_n_steps: int | None = None) -> None:
        super().__init__(log_every_epoch, log_every_n_steps)


class MlflowModelCheckpointCallback(Callback):  # type: ignore[misc]  # the framework has no types here
    """Upload checkpoints to the active run while a model trains; `mlflow.tensorflow.load_checkpoint` loads them.

    Args:
        monitor: the metric that says which state is the best.
        mode: `min` or `max`: which values of it are better.
        save_best_only: keep one checkpoint, the best so far; else each.
        save_weights_only: keep the weights only, not the whole model.
        save_freq: `epoch`, or a number of batches.

    Raises:
        InvalidParameterValue: an argument is none of those.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        mode: str = "min",
        save_best_only: bool = True,
        save_weights_only: bool = False,
        save_freq: str | int = "epoch",
    ) -> None:
        super().__init__()
        self.settings = checkpoint_settings(monitor, mode, save_best_only, save_weights_only, save_freq)
        self._checkpoints: Checkpoints | None = None
        self._epoch = self._steps = 0

    def on_train_begin(self, logs: Logs = None) -> None:
        """Find the run."""
        self._epoch = self._steps = 0
        self._keep_in(Record("tensorflow", session.active_run() or session.start_run(), self.settings))

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Remember the epoch, for the batches in it."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Keep a checkpoint, if one is due."""
        self._steps += 1
        if self._checkpoints is not None:
            self._checkpoints.batch(self._epoch, self._steps, logs or {}, self.save_checkpoint)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Keep a checkpoint, if one is due."""
        if self._checkpoints is not None:
            self._checkpoints.epoch(epoch, self._steps, logs or {}, self.save_checkpoint)

    def _keep_in(self, record: Record) -> None:
        only = bool(record.settings.get("checkpoint_save_weights_only"))
        self._checkpoints = Checkpoints(record, ".weights.h5" if only else ".h5")

    def save_checkpoint(self, filepath: Any) -> None:
        """Write the model, or its weights, to a file."""
        if self.settings["checkpoint_save_weights_only"]:
            self.model.save_weights(filepath)
        else:
            self.model.save(filepath)


class Keep(MlflowModelCheckpointCallback):
    """Keeps checkpoints for autologging, whose failures go no further."""

    def __init__(self, record: Record) -> None:
        super().__init__(save_weights_only=bool(record.settings.get("checkpoint_save_weights_only")))
        self.integration = record.integration
        self._keep_in(record)

    def on_train_begin(self, logs: Logs = None) -> None:
        """The run is known already."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Keep a checkpoint, if one is due."""
        with guard(self.integration, "keep a checkpoint"):
            super().on_train_batch_end(batch, logs)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Keep a checkpoint, if one is due."""
        with guard(self.integration, "keep a checkpoint"):
            super().on_epoch_end(epoch, logs)


class Progress(Callback):  # type: ignore[misc]  # the framework has no types here
    """Logs metrics for autologging.

    Args:
        record: what to log with.
        every_epoch: whether to log at the end of epochs.
        every_steps: log at batches of that distance, counted over all epochs; None for none.
        validation: what begins the names of metrics of a validation of its own; empty to leave them out.
    """

    def __init__(self, record: Record, every_epoch: bool, every_steps: int | None, validation: str) -> None:
        super().__init__()
        self.record, self.every_epoch, self.every_steps = record, every_epoch, every_steps
        self.validation = validation
        self.steps = self.epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Remember the epoch, for the validation inside of it."""
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Log metrics of a batch that is due."""
        self.steps += 1
        if self.every_steps and self.steps % self.every_steps == 0:
            self.record.metrics(logs or {}, self.steps)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Log metrics of an epoch."""
        if self.every_epoch:
            self.record.metrics(logs or {}, epoch)

    def on_test_end(self, logs: Logs = None) -> None:
        """Log metrics of a validation."""
        if self.validation:
            named = {f"{self.validation}{key}": value for key, value in (logs or {}).items()}
            self.record.metrics(named, self.epoch)
