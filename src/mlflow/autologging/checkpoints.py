"""Checkpoints of a training, uploaded while it runs: of the best state so far, or of every epoch or so many batches."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mlflow.tracking.autologging.guard import logger
from mlflow.tracking.autologging.record import Record
from mlflow.tracking.run_tags import LATEST_CHECKPOINT_ARTIFACT_TAG_KEY

__all__ = ["Checkpoints"]

_FOLDER = "checkpoints"


class Checkpoints:
    """Decides when a checkpoint is due, and uploads it.

    Args:
        record: what to log with, and the settings: `checkpoint`, `checkpoint_monitor`, `checkpoint_mode`,
            `checkpoint_save_best_only` and `checkpoint_save_freq`.
        suffix: of the files.
    """

    def __init__(self, record: Record, suffix: str) -> None:
        told = record.settings
        self._record, self._suffix = record, suffix
        self.wanted = bool(told.get("checkpoint", True))
        self.each: int | None = (
            None if told.get("checkpoint_save_freq", "epoch") == "epoch" else int(told["checkpoint_save_freq"])
        )
        self._monitor, self._best_only = told.get("checkpoint_monitor"), told.get("checkpoint_save_best_only", True)
        self._sign = -1 if told.get("checkpoint_mode", "min") == "max" else 1
        self._best: float | None = None
        self._warned = False

    def epoch(self, epoch: int, step: int, metrics: Mapping[str, Any], save: Callable[[Path], Any]) -> None:
        """An epoch is over."""
        if self.each is None:
            self._offer(f"epoch_{epoch}", epoch, step, metrics, save)

    def batch(self, epoch: int, step: int, metrics: Mapping[str, Any], save: Callable[[Path], Any]) -> None:
        """A batch is over; `step` counts them over all epochs."""
        if self.each is not None and step > 0 and step % self.each == 0:
            self._offer(f"global_step_{step}", epoch, step, metrics, save)

    def _offer(
        self, place: str, epoch: int, step: int, metrics: Mapping[str, Any], save: Callable[[Path], Any]
    ) -> None:
        if not self.wanted or (self._best_only and not self._improved(metrics)):
            return
        known = {**{key: float(value) for key, value in metrics.items()}, "epoch": epoch, "global_step": step}
        name = "latest_checkpoint" if self._best_only else "checkpoint"
        folder = _FOLDER if self._best_only else f"{_FOLDER}/{place}"
        client, run_id = self._record.client, self._record.run.run_id
        with tempfile.TemporaryDirectory(prefix="mlflow-checkpoint-") as temporary:
            file = Path(temporary) / f"{name}{self._suffix}"
            save(file)
            client.log_artifact(run_id, str(file), folder)
        client.log_text(run_id, json.dumps(known), f"{folder}/{name}_metrics.json")
        self._record.tags({LATEST_CHECKPOINT_ARTIFACT_TAG_KEY: f"{folder}/{name}{self._suffix}"})

    def _improved(self, metrics: Mapping[str, Any]) -> bool:
        value = metrics.get(self._monitor) if self._monitor else None
        if value is None:
            if not self._warned:
                logger.warning(
                    "No checkpoint is kept: it is to be that of the best '%s', which this training does not measure. "
                    "Name another metric as checkpoint_monitor, or pass checkpoint_save_best_only=False.",
                    self._monitor,
                )
            self._warned = True
            return False
        found = self._sign * float(value)
        if self._best is not None and found >= self._best:
            return False
        self._best = found
        return True
