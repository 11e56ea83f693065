"""Metrics of the machine that a run uses: processors, memory, disk, network and GPUs.

    >>> import mlflow
    >>> mlflow.enable_system_metrics_logging()

From then on every run logs them; `mlflow.start_run(log_system_metrics=True)` does so for one run. The settings are
environment variables, so that child processes inherit them.
"""

from __future__ import annotations

from mlflow.environment_variables import (
    MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING,
    MLFLOW_SYSTEM_METRICS_NODE_ID,
    MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING,
    MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL,
)
from mlflow.system_metrics.checks import check_interval, check_samples

__all__ = [
    "disable_system_metrics_logging",
    "enable_system_metrics_logging",
    "set_system_metrics_node_id",
    "set_system_metrics_samples_before_logging",
    "set_system_metrics_sampling_interval",
]


def enable_system_metrics_logging() -> None:
    """Log system metrics for every run that starts from now on."""
    MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING.set(True)


def disable_system_metrics_logging() -> None:
    """Log no system metrics, except for runs that ask for it."""
    MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING.set(False)


def set_system_metrics_sampling_interval(interval: float | None) -> None:
    """Set the seconds between samples; None for the default, 10.

    Raises:
        InvalidParameterValue: the interval is not above 0.
    """
    if interval is None:
        MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL.unset()
    else:
        MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL.set(check_interval(interval))


def set_system_metrics_samples_before_logging(samples: int | None) -> None:
    """Set how many samples one logged point averages; None for the default, 1.

    Raises:
        InvalidParameterValue: the number is below 1.
    """
    if samples is None:
        MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING.unset()
    else:
        MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING.set(check_samples(samples))


def set_system_metrics_node_id(node_id: str | None) -> None:
    """Set the id that tells this machine apart where several write one run; None for no id."""
    if node_id is None:
        MLFLOW_SYSTEM_METRICS_NODE_ID.unset()
    else:
        MLFLOW_SYSTEM_METRICS_NODE_ID.set(node_id)
