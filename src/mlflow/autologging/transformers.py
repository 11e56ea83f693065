"""Autologging of transformers: its `Trainer` logs through a callback of its own, with this package installed."""

from __future__ import annotations

from mlflow.tracking.autologging.integration import Integration

__all__ = ["TRANSFORMERS", "autolog"]

TRANSFORMERS = Integration("transformers", package="transformers", tested=("4.40", "5.24"))


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
    """Leave the trainings of transformers to its own `MLflowCallback`: nothing else logs inside of them.

    The callback logs when `report_to` of the training arguments names "mlflow". What it logs, and under which names, is
    its own doing.

    Args:
        log_input_examples: accepted; the callback logs no models.
        log_model_signatures: accepted, likewise.
        log_models: accepted, likewise.
        log_datasets: accepted, likewise.
        disable: let other integrations log what they see inside of the trainings.
        exclusive: accepted; the callback logs to the run of the program, if there is one.
        disable_for_unsupported_versions: do nothing for a version of transformers that was not tested.
        silent: show no messages and warnings of autologging.
        extra_tags: accepted; the callback takes the tags of `MLFLOW_TAGS`.

    Raises:
        NotInstalled: transformers is not installed.
    """


TRANSFORMERS.suspending("transformers.trainer:Trainer.train")
