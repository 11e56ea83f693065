"""Autologging of PaddlePaddle: what `paddle.Model.fit` trains."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.fits import Fit, Steps
from mlflow.tracking.autologging.guard import guard
from mlflow.tracking.autologging.integration import Integration
from mlflow.tracking.autologging.record import Record

__all__ = ["PADDLE", "autolog"]

PADDLE = Integration("paddle", package="paddle", distribution="paddlepaddle", tested=("3.0", "3.3"))

_STOPPING = ("monitor", "patience", "min_delta", "baseline")


@PADDLE.entry
def autolog(
    log_every_n_epoch: int = 1,
    log_models: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    extra_tags: dict[str, str] | None = None,
) -> None:
    """Log what PaddlePaddle's high-level models train, by itself.

    Args:
        log_every_n_epoch: log metrics at the end of epochs of that distance, the first one included.
        log_models: log the trained models, as programs for inference.
        disable: switch it off.
        exclusive: keep off runs that the program started itself.
        silent: show no messages and warnings of autologging.
        registered_model_name: register each model as a version of this one.
        extra_tags: tags of the runs that autologging starts.

    Raises:
        NotInstalled: PaddlePaddle is not installed.
    """


def _is_first_rank(call: Call) -> bool:
    from paddle import distributed

    return bool(distributed.get_rank() == 0)


@PADDLE.training("paddle.hapi.model:Model.fit", applies=_is_first_rank)
def _fit(fit: Fit) -> Steps:
    model, record = fit.call.instance, fit.record
    callbacks = _callbacks_of(fit.call)
    stoppers = [found for found in callbacks if type(found).__name__ == "EarlyStopping"]
    record.params({name: getattr(found, name, None) for found in stoppers[:1] for name in _STOPPING})
    with guard(fit.integration, "log the optimizer"):
        record.params(_optimizer(model))
    with guard(fit.integration, "log the layers"):
        record.text(_layers(model.network), "model_summary.txt")
    watch = _watch_class()(record, fit.settings.get("log_every_n_epoch", 1))
    fit.call.replace("callbacks", [*callbacks, watch])
    yield
    for stopper in stoppers[:1]:
        if model.stop_training:
            record.metrics({"stopped_epoch": stopper.stopped_epoch, "best_value": float(stopper.best_value)})
    record.model("paddle", model)


def _callbacks_of(call: Call) -> list[Any]:
    """The callbacks that the program passed."""
    found = call.get("callbacks")
    if found is None:
        return []
    return list(found) if isinstance(found, (list, tuple)) else [found]


def _optimizer(model: Any) -> dict[str, Any]:
    """The optimizer's class and its learning rate at the beginning; of a schedule, its class too."""
    optimizer = getattr(model, "_optimizer", None)
    if optimizer is None:
        return {}
    found = {"optimizer_name": type(optimizer).__name__, "learning_rate": optimizer.get_lr()}
    schedule = getattr(optimizer, "_learning_rate", None)
    if not isinstance(schedule, (int, float)):
        found["learning_rate_schedule"] = type(schedule).__name__
    return found


def _layers(network: Any) -> str:
    """The layers that have weights of their own, with their shapes, and how many weights there are."""
    lines, total, trained = [f"{type(network).__name__}"], 0, 0
    for name, layer in network.named_sublayers(include_self=True):
        weights = layer.parameters(include_sublayers=False)
        if not weights:
            continue
        shapes = ", ".join("x".join(map(str, weight.shape)) for weight in weights)
        lines.append(f"  {name or '(itself)'}: {type(layer).__name__} {shapes}")
        total += sum(int(weight.size) for weight in weights)
        trained += sum(int(weight.size) for weight in weights if not weight.stop_gradient)
    lines += [
        f"Total params: {total:,}",
        f"Trainable params: {trained:,}",
        f"Non-trainable params: {total - trained:,}",
    ]
    return "\n".join(lines) + "\n"


@functools.cache
def _watch_class() -> Any:
    """The callback that logs epochs; its base class is Paddle's."""
    from paddle.callbacks import Callback

    class Watch(Callback):  # type: ignore[misc]  # the framework has no types here
        def __init__(self, record: Record, every: int) -> None:
            super().__init__()
            self.record, self.integration, self.every = record, record.integration, every
            self.epoch = 0

        def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
            self.epoch = epoch
            self._log(logs, "")

        def on_eval_end(self, logs: Mapping[str, Any] | None = None) -> None:
            self._log(logs, "eval_")

        def _log(self, logs: Mapping[str, Any] | None, prefix: str) -> None:
            with guard(self.integration, "log an epoch"):
                if self.epoch % self.every == 0:
                    found = {f"{prefix}{name}": _number(value) for name, value in (logs or {}).items()}
                    self.record.metrics(found, self.epoch)

    return Watch


def _number(value: Any) -> float:
    """A metric's value; losses come as lists of one."""
    return float(value[0] if isinstance(value, (list, tuple)) else value)
