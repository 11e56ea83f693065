"""TensorBoard's event files of a Keras training, kept in `tensorboard_logs` of its run."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Sequence
from typing import Any

from mlflow.tracking.autologging.fits import Fit
from mlflow.tracking.autologging.guard import guard

__all__ = ["event_writers", "keep_events"]

_FOLDER = "tensorboard_logs"


def event_writers(fit: Fit, callbacks: Sequence[Any]) -> list[Any]:
    """The callback that writes them; none where TensorBoard is not installed, or the program's own writes them."""
    found: list[Any] = []
    if _writer(callbacks) is None and importlib.util.find_spec("tensorboard") is not None:
        with guard(fit.integration, "write events for TensorBoard"):
            import keras

            if keras.config.backend() == "tensorflow":
                found.append(keras.callbacks.TensorBoard(str(fit.record.place(_FOLDER))))
    return found


def keep_events(fit: Fit, callbacks: Sequence[Any]) -> None:
    """Keep what the program's own callback wrote."""
    own = _writer(callbacks)
    if own is not None:
        with guard(fit.integration, "keep events of TensorBoard"):
            shutil.copytree(own.log_dir, fit.record.place(_FOLDER))


def _writer(callbacks: Sequence[Any]) -> Any:
    return next((found for found in callbacks if type(found).__name__ == "TensorBoard"), None)
