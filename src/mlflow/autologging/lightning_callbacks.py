"""Callbacks that programs pass to a Lightning `Trainer` themselves.

This module imports Lightning, so it is imported when one of its names is used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from mlflow.autologging.checkpoints import Checkpoints, checkpoint_settings
from mlflow.autologging.pytorch import checkpoint_suffix, keep_checkpoint
from mlflow.tracking.autologging.record import Record
from mlflow.tracking.session import session

__all__ = ["MlflowModelCheckpointCallback"]

_OLDER = "pytorch_lightning"


def _package() -> str:
    """The one of the two packages of the same content that the program uses."""
    imported = _OLDER in sys.modules and "lightning.pytorch" not in sys.modules
    return _OLDER if imported or find_spec("lightning") is None else "lightning.pytorch"


_Callback: Any = import_module(f"{_package()}.callbacks").Callback


class MlflowModelCheckpointCallback(_Callback):  # type: ignore[misc]  # the framework has no types here
    """Upload checkpoints to the active run while a module trains; `mlflow.pytorch.load_checkpoint` loads them.

    Args:
        monitor: the metric that says which state is the best.
        mode: `min` or `max`: which values of it are better.
        save_best_only: keep one checkpoint, the best so far; else each.
        save_weights_only: keep the weights only, not the state of the training.
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
        self.settings = checkpoint_settings(monitor, mode, save_best_only, save_weights_only, save_freq)
        self.trainer: Any = None
        self._checkpoints: Checkpoints | None = None

    def on_fit_start(self, trainer: Any, module: Any) -> None:
        """Find the run; of several processes, the first one keeps checkpoints."""
        self.trainer = trainer
        if trainer.is_global_zero:
            record = Record("pytorch", session.active_run() or session.start_run(), self.settings)
            self._checkpoints = Checkpoints(record, checkpoint_suffix(weights_only=self._weights_only))

    def on_train_batch_end(self, trainer: Any, module: Any, *rest: Any) -> None:
        """Keep a checkpoint, if one is due."""
        if self._checkpoints is not None:
            keep_checkpoint(trainer, self._checkpoints.batch, self.save_checkpoint)

    def on_train_epoch_end(self, trainer: Any, module: Any) -> None:
        """Keep a checkpoint, if one is due."""
        if self._checkpoints is not None:
            keep_checkpoint(trainer, self._checkpoints.epoch, self.save_checkpoint)

    def save_checkpoint(self, filepath: Any) -> None:
        """Write the state of the training, or the weights, to a file."""
        self.trainer.save_checkpoint(filepath, weights_only=self._weights_only)

    @property
    def _weights_only(self) -> bool:
        return bool(self.settings["checkpoint_save_weights_only"])
