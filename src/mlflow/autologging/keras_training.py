"""What Keras trainings have in common, whichever package their user names."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from mlflow.autologging.samples import dataset_of, first_rows
from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.fits import Fit
from mlflow.tracking.autologging.guard import guard
from mlflow.tracking.autologging.record import Record

__all__ = ["callbacks_of", "describe", "early_stopping", "examples", "log_stop", "optimizer_params"]

_DATA = frozenset({"self", "x", "y", "callbacks", "validation_data", "verbose"})


def describe(fit: Fit, optimizer: Mapping[str, Any]) -> None:
    """Log what is known before the training: arguments, optimizer, layers, data."""
    call, record = fit.call, fit.record
    given = {name: call.get(name) for name in call.names if name not in _DATA}
    if given.get("batch_size") is None:
        given["batch_size"] = _batch_size(call.get("x"))
    record.params(given | dict(optimizer))
    with guard(fit.integration, "log the layers"):
        lines = io.StringIO()
        call.instance.summary(print_fn=lambda line, **_: lines.write(f"{line}\n"))
        record.text(lines.getvalue(), "model_summary.txt")
    if fit.settings.get("log_datasets"):
        with guard(fit.integration, "log the training data"):
            record.dataset(_dataset(call.get("x"), call.get("y")), "train")
            validation = call.get("validation_data")
            if validation is not None:
                pair = validation if isinstance(validation, (tuple, list)) else (validation, None)
                record.dataset(_dataset(pair[0], pair[1] if len(pair) > 1 else None), "eval")


def optimizer_params(model: Any, prefix: str) -> dict[str, Any]:
    """The optimizer's settings as params, each with a prefix."""
    optimizer = getattr(model, "optimizer", None)
    return {} if optimizer is None else {f"{prefix}{key}": value for key, value in optimizer.get_config().items()}


def _batch_size(data: Any) -> Any:
    """Of data that come in batches."""
    found = getattr(data, "batch_size", None) or getattr(data, "_batch_size", None)
    return None if found is None or callable(found) else int(found)


def _dataset(features: Any, targets: Any) -> Any:
    if hasattr(features, "element_spec"):
        from mlflow.data.tensorflow_dataset import from_tensorflow

        return from_tensorflow(features)
    if isinstance(features, Mapping):
        from mlflow.data.numpy_dataset import from_numpy

        return from_numpy(dict(features), targets=targets)
    return dataset_of(features, targets)


def examples(call: Call) -> Callable[[], Any]:
    """A few rows of what the model is trained with; None for data that can only be walked once."""

    def sample() -> Any:
        data = call.get("x")
        batch = _first_batch(data)
        if batch is not None:
            data = _arrays(batch[0] if isinstance(batch, (tuple, list)) else batch)
        return first_rows(data)

    return sample


def _arrays(features: Any) -> Any:
    if isinstance(features, Mapping):
        return {name: _arrays(value) for name, value in features.items()}
    return features.numpy() if hasattr(features, "numpy") else features


def _first_batch(data: Any) -> Any:
    """The first batch of data that come in batches, and can be walked again."""
    if hasattr(data, "element_spec"):  # a tf.data.Dataset
        return next(iter(data.take(1)))
    if hasattr(data, "on_epoch_end"):  # a keras.utils.PyDataset
        return data[0]
    if hasattr(data, "batch_sampler"):  # a torch.utils.data.DataLoader
        return next(iter(data))
    return None


def callbacks_of(call: Call) -> list[Any]:
    """The callbacks that the program passed."""
    found = call.get("callbacks")
    if found is None:
        return []
    if hasattr(found, "callbacks"):  # a CallbackList: what it holds
        return list(found.callbacks)
    return list(found) if isinstance(found, (list, tuple)) else [found]


def early_stopping(call: Call) -> Any:
    """The callback that stops the training early; None when there is none."""
    return next((found for found in callbacks_of(call) if type(found).__name__ == "EarlyStopping"), None)


def log_stop(record: Record, stopper: Any, history: Any) -> None:
    """Log where a training stopped early; the metrics of the epoch it went back to are a step after the last."""
    if stopper is None or not stopper.stopped_epoch:
        return
    record.metrics({"stopped_epoch": stopper.stopped_epoch}, plain=True)
    best = getattr(stopper, "best_epoch", None)
    if stopper.restore_best_weights and best is not None:
        record.metrics({"restored_epoch": best}, plain=True)
        record.metrics({name: values[best] for name, values in history.history.items()}, max(history.epoch) + 1)
