"""Checkpoints of a training: of the best state so far, or of every epoch or so many batches.

They are uploaded while it runs: to `checkpoints/latest_checkpoint.*`, or to `checkpoint.*` in a folder
`checkpoints/epoch_<n>` or `checkpoints/global_step_<n>`, each with its metrics; a tag names the latest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.active_run import current_run
from mlflow.tracking.autologging.guard import logger
from mlflow.tracking.autologging.record import Record
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.run_tags import LATEST_CHECKPOINT_ARTIFACT_TAG_KEY

__all__ = ["Checkpoints", "StoredCheckpoint", "checkpoint_settings", "download_checkpoint"]

_FOLDER = "checkpoints"
_METRICS = "_metrics.json"


def checkpoint_settings(
    monitor: str, mode: str, save_best_only: bool, save_weights_only: bool, save_freq: str | int
) -> dict[str, Any]:
    """What `Checkpoints` takes, of the arguments of a callback.

    Raises:
        InvalidParameterValue: `mode` or `save_freq` is not what it may be.
    """
    if mode not in ("min", "max"):
        raise InvalidParameterValue(f"mode is '{mode}'. Pass 'min' or 'max': which values of the metric are better.")
    if save_freq != "epoch" and (not isinstance(save_freq, int) or save_freq < 1):
        raise InvalidParameterValue(f"save_freq is '{save_freq}'. Pass 'epoch', or a positive number of batches.")
    return {
        "checkpoint_monitor": monitor,
        "checkpoint_mode": mode,
        "checkpoint_save_best_only": save_best_only,
        "checkpoint_save_weights_only": save_weights_only,
        "checkpoint_save_freq": save_freq,
    }


class StoredCheckpoint(msgspec.Struct, frozen=True):
    """A checkpoint on this machine.

    Args:
        path: its file, the only one in its folder.
        source: the URI that it came from.
    """

    path: Path
    source: str


def download_checkpoint(
    folder: Path, run_id: str | None, epoch: int | None, global_step: int | None
) -> StoredCheckpoint:
    """Download a checkpoint of a run into a folder; the latest unless an epoch or a step is named.

    Args:
        folder: where to put it.
        run_id: the run; the active one when omitted.
        epoch: the epoch that it was taken after.
        global_step: the batch that it was taken after.

    Raises:
        InvalidParameterValue: epoch and step are both named, or there is no run.
        ResourceDoesNotExist: the run has no such checkpoint.
    """
    run = current_run()
    if run_id is None and run is None:
        raise InvalidParameterValue("No run is active. Pass run_id: that of the run that kept the checkpoint.")
    client, target = MlflowClient(), run_id or (run.run_id if run is not None else "")
    path = _stored(client, target, _place(epoch, global_step))
    return StoredCheckpoint(Path(client.download_artifacts(target, path, str(folder))), f"runs:/{target}/{path}")


def _place(epoch: int | None, global_step: int | None) -> str | None:
    """The folder of the checkpoint that is asked for; None for the latest."""
    if epoch is not None and global_step is not None:
        raise InvalidParameterValue(
            f"Both epoch '{epoch}' and global_step '{global_step}' are given. Pass the one by which they were kept."
        )
    if epoch is not None:
        return f"{_FOLDER}/epoch_{epoch}"
    return None if global_step is None else f"{_FOLDER}/global_step_{global_step}"


def _stored(client: MlflowClient, run_id: str, place: str | None) -> str:
    if place is None:
        named = client.get_run(run_id).data.tags.get(LATEST_CHECKPOINT_ARTIFACT_TAG_KEY)
        if named is None:
            raise ResourceDoesNotExist(
                f"Run '{run_id}' has no checkpoint. Train with autologging's checkpoint=True, or with the callback."
            )
        return named
    kept = [file.path for file in client.list_artifacts(run_id, _FOLDER)]
    files = client.list_artifacts(run_id, place) if place in kept else []
    found = next((file.path for file in files if not file.path.endswith(_METRICS)), None)
    if found is None:
        raise ResourceDoesNotExist(
            f"Run '{run_id}' has no checkpoint '{place}'. It has {', '.join(kept) or 'none'}; leave epoch and "
            "global_step out for the latest."
        )
    return found


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
        with temporary_folder("checkpoint") as temporary:
            file = temporary / f"{name}{self._suffix}"
            save(file)
            client.log_artifact(run_id, str(file), folder)
        client.log_text(run_id, json.dumps(known), f"{folder}/{name}{_METRICS}")
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
