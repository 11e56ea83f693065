"""Autologging of transformers: its `Trainer` logs through a callback of its own, with this package installed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from mlflow.tracking.autologging.integration import Integration
from mlflow.tracking.autologging.settings import settings

__all__ = ["TRANSFORMERS", "autolog"]

TRANSFORMERS = Integration("transformers", package="transformers", tested=("4.40", "5.24"))

_SWITCH = "DISABLE_MLFLOW_INTEGRATION"


@TRANSFORMERS.entry
def autolog(
    log_input_examples: bool = False,
    log_model_signatures: bool = False,
    log_models: bool = False,
    log_datasets: bool = False,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    extra_tags: dict[str, str] | None = None,
) -> None:
    """Have the `Trainer` of transformers log, which its own `MLflowCallback` does, or not.

    What is logged, and under which names, is the callback's doing; `HF_MLFLOW_LOG_ARTIFACTS`, `MLFLOW_TAGS` and other
    variables of transformers say more.

    Args:
        log_input_examples: accepted; the callback logs no models.
        log_model_signatures: accepted, likewise.
        log_models: accepted, likewise.
        log_datasets: accepted, likewise.
        disable: keep the callback from logging.
        exclusive: accepted; the callback logs to the run of the program, if there is one.
        disable_for_unsupported_versions: do nothing for a version of transformers that was not tested.
        silent: show no messages and warnings of autologging.
        extra_tags: accepted; the callback takes the tags of `MLFLOW_TAGS`.

    Raises:
        NotInstalled: transformers is not installed.
    """


def _quiet_unless_enabled(original: Callable[..., Any]) -> Callable[..., Any]:
    """Set up the callback for a training: transformers asks the variable when it does."""

    def setup(*args: Any, **kwargs: Any) -> Any:
        if settings.enabled(TRANSFORMERS.name) is not None or _SWITCH in os.environ:
            return original(*args, **kwargs)
        os.environ[_SWITCH] = "TRUE"
        try:
            return original(*args, **kwargs)
        finally:
            del os.environ[_SWITCH]

    return setup


TRANSFORMERS.around("transformers.integrations.integration_utils:MLflowCallback.setup", _quiet_unless_enabled)
