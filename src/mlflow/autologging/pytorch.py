"""Autologging of PyTorch: what a Lightning `Trainer` fits and tests."""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from mlflow.autologging.checkpoints import Checkpoints
from mlflow.autologging.samples import first_rows, model_options
from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.fits import Fit, Steps
from mlflow.tracking.autologging.guard import guard
from mlflow.tracking.autologging.integration import Integration
from mlflow.tracking.autologging.record import Record

__all__ = ["PYTORCH", "autolog", "checkpoint_suffix", "keep_checkpoint"]

PYTORCH = Integration("pytorch", package="torch", tested=("2.1", "2.13"))

_STOPPING = ("monitor", "mode", "patience", "min_delta", "stopping_threshold")
_records: weakref.WeakKeyDictionary[Any, Record] = weakref.WeakKeyDictionary()
"""Of modules that were trained: tests of them come later."""

_TRAINERS = ("lightning.pytorch.trainer.trainer:Trainer", "pytorch_lightning.trainer.trainer:Trainer")


@PYTORCH.entry
def autolog(
    log_every_n_epoch: int = 1,
    log_every_n_step: int | None = None,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    extra_tags: dict[str, str] | None = None,
    checkpoint: bool = True,
    checkpoint_monitor: str = "val_loss",
    checkpoint_mode: str = "min",
    checkpoint_save_best_only: bool = True,
    checkpoint_save_weights_only: bool = False,
    checkpoint_save_freq: str | int = "epoch",
    log_model_signatures: bool = True,
) -> None:
    """Log what Lightning trains with PyTorch, by itself. Training loops of one's own log with `mlflow.log_metrics`.

    Args:
        log_every_n_epoch: log metrics at the end of epochs of that distance.
        log_every_n_step: log metrics at batches of that distance too.
        log_models: log the trained modules.
        log_datasets: accepted; loaders of PyTorch give no data that could be recorded without running through them.
        disable: switch it off.
        exclusive: keep off runs that the program started itself.
        disable_for_unsupported_versions: do nothing for a version of PyTorch that was not tested.
        silent: show no messages and warnings of autologging.
        registered_model_name: register each model as a version of this one.
        extra_tags: tags of the runs that autologging starts.
        checkpoint: upload checkpoints while it trains.
        checkpoint_monitor: the metric that says which state is the best.
        checkpoint_mode: `min` or `max`: which values of it are better.
        checkpoint_save_best_only: keep one checkpoint, the best so far; else each.
        checkpoint_save_weights_only: keep the weights only, not the state of the training.
        checkpoint_save_freq: `epoch`, or a number of batches.
        log_model_signatures: describe the model's inputs and outputs.

    Raises:
        NotInstalled: PyTorch is not installed.
    """


def _is_first_rank(call: Call) -> bool:
    return bool(call.instance.global_rank == 0)


@PYTORCH.training(*(f"{trainer}.fit" for trainer in _TRAINERS), applies=_is_first_rank)
def _fit(fit: Fit) -> Steps:
    trainer, module, record = fit.call.instance, fit.call.get("model"), fit.record
    record.tags({"Mode": "training"})
    record.params({"epochs": trainer.max_epochs} | _stopping(trainer))
    watch = _watch_class(_lightning(trainer))(record)
    trainer.callbacks.append(watch)
    try:
        yield
    finally:
        trainer.callbacks.remove(watch)
    _log_stop(record, trainer)
    _log_layers(record, trainer, module)
    sample = functools.partial(_sample, module, trainer)
    record.model("pytorch", module, **model_options(fit.integration, fit.settings, sample, _predict(module)))
    record.after_end = True
    _records[module] = record


@PYTORCH.watching(*(f"{trainer}.test" for trainer in _TRAINERS))
def _test(call: Call, result: list[Mapping[str, float]]) -> None:
    """Metrics of a test go to the run that trained the module."""
    trainer = call.instance
    module = call.get("model") or trainer.lightning_module
    record = _records.get(module)
    if record is not None:
        record.tags({"Mode": "testing"})
        record.metrics(_numbers(trainer.callback_metrics))


def _lightning(trainer: Any) -> str:
    """The package that a trainer is of: there are two of the same content."""
    return "lightning.pytorch" if type(trainer).__module__.startswith("lightning.") else "pytorch_lightning"


def _numbers(metrics: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in metrics.items()}


@functools.cache
def _watch_class(package: str) -> Any:
    """The callback that logs; its base class is Lightning's."""
    base: Any = import_module(f"{package}.callbacks").Callback

    class Watch(base):  # type: ignore[misc]  # the framework has no types here
        def __init__(self, record: Record) -> None:
            self.record, self.integration = record, record.integration
            self.epochs, self.steps = record.settings["log_every_n_epoch"], record.settings.get("log_every_n_step")
            self.weights_only = bool(record.settings.get("checkpoint_save_weights_only"))
            self.checkpoints = Checkpoints(record, checkpoint_suffix(weights_only=self.weights_only))

        def on_fit_start(self, trainer: Any, module: Any) -> None:
            with guard(self.integration, "log the optimizer"):
                self.record.params(_optimizer(trainer))

        def on_train_batch_end(self, trainer: Any, module: Any, *rest: Any) -> None:
            step = trainer.global_step
            with guard(self.integration, "log a batch"):
                if self.steps and step % self.steps == 0:
                    self.record.metrics(dict(self._of_batches(trainer)), step - 1)
                if self.checkpoints.each is not None:
                    self._keep(trainer, self.checkpoints.batch)

        def on_train_epoch_end(self, trainer: Any, module: Any) -> None:
            epoch = trainer.current_epoch
            with guard(self.integration, "log an epoch"):
                if (epoch + 1) % self.epochs == 0:
                    of_batches = dict(self._of_batches(trainer)) if self.steps else {}
                    found = _numbers(trainer.callback_metrics)
                    self.record.metrics({name: found[name] for name in found if name not in of_batches}, epoch)
                self._keep(trainer, self.checkpoints.epoch)

        def _of_batches(self, trainer: Any) -> Iterator[tuple[str, float]]:
            found = trainer.callback_metrics
            for name, value in found.items():
                whole = f"{name}_step" in found or name.endswith("_epoch") or name.startswith(("val", "test"))
                if not whole:
                    yield name, float(value)

        def _keep(self, trainer: Any, due: Any) -> None:
            if self.checkpoints.wanted and trainer.is_global_zero:
                only = self.weights_only
                keep_checkpoint(trainer, due, lambda path: trainer.save_checkpoint(path, weights_only=only))

    return Watch


def checkpoint_suffix(*, weights_only: bool) -> str:
    """What names of checkpoint files end with."""
    return ".weights.pth" if weights_only else ".pth"


def keep_checkpoint(trainer: Any, due: Callable[..., None], save: Callable[[Any], None]) -> None:
    """Keep a checkpoint of what a trainer fits, if one is due.

    Args:
        trainer: Lightning's.
        due: `epoch` or `batch` of `Checkpoints`.
        save: writes it to a file.
    """
    if not trainer.sanity_checking:
        due(trainer.current_epoch, trainer.global_step, _numbers(trainer.callback_metrics), save)


def _optimizer(trainer: Any) -> dict[str, Any]:
    optimizers = trainer.optimizers
    if not optimizers:
        return {}
    first = optimizers[0]
    return {"optimizer_name": type(first).__name__} | dict(first.defaults)


def _stoppers(trainer: Any) -> list[Any]:
    return [found for found in trainer.callbacks if type(found).__name__ == "EarlyStopping"]


def _stopping(trainer: Any) -> dict[str, Any]:
    return {name: getattr(found, name, None) for found in _stoppers(trainer)[:1] for name in _STOPPING}


def _log_stop(record: Record, trainer: Any) -> None:
    for stopper in _stoppers(trainer)[:1]:
        if stopper.stopped_epoch:
            record.metrics({"stopped_epoch": stopper.stopped_epoch}, plain=True)


def _log_layers(record: Record, trainer: Any, module: Any) -> None:
    with guard(record.integration, "log the layers"):
        summary = import_module(f"{_lightning(trainer)}.utilities.model_summary").ModelSummary(module, max_depth=-1)
        record.text(str(summary), "model_summary.txt")


def _sample(module: Any, trainer: Any) -> Any:
    """Inputs of a few examples, as arrays; None where they are no single tensor."""
    example = getattr(module, "example_input_array", None)
    if example is None or not hasattr(example, "detach"):
        return None
    return first_rows(example.detach().cpu().numpy())


def _predict(module: Any) -> Any:
    def predict(rows: Any) -> Any:
        import torch

        was_training = module.training
        module.eval()
        try:
            with torch.no_grad():
                return module(torch.as_tensor(rows, device=module.device)).detach().cpu().numpy()
        finally:
            module.train(was_training)

    return predict if inspect.ismethod(getattr(module, "forward", None)) else None
