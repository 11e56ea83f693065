"""The settings that code may change, in one place.

    >>> import mlflow
    >>> mlflow.config.set_system_metrics_sampling_interval(5)

Each counts for this process and those it starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.environment_variables import MLFLOW_ENABLE_ASYNC_LOGGING
from mlflow.system_metrics import (
    disable_system_metrics_logging,
    enable_system_metrics_logging,
    set_system_metrics_node_id,
    set_system_metrics_samples_before_logging,
    set_system_metrics_sampling_interval,
)

if TYPE_CHECKING:
    from mlflow.tracking.uris import (
        get_registry_uri,
        get_tracking_uri,
        is_tracking_uri_set,
        set_registry_uri,
        set_tracking_uri,
    )

__all__ = [
    "disable_system_metrics_logging",
    "enable_async_logging",
    "enable_system_metrics_logging",
    "get_registry_uri",
    "get_tracking_uri",
    "is_tracking_uri_set",
    "set_registry_uri",
    "set_system_metrics_node_id",
    "set_system_metrics_samples_before_logging",
    "set_system_metrics_sampling_interval",
    "set_tracking_uri",
]

_OF_URIS = {"get_registry_uri", "get_tracking_uri", "is_tracking_uri_set", "set_registry_uri", "set_tracking_uri"}


def enable_async_logging(enable: bool = True) -> None:
    """Let `MlflowClient` log in the background too, as the fluent functions do unless MLFLOW_SYNCHRONOUS is set."""
    MLFLOW_ENABLE_ASYNC_LOGGING.set(enable)


def __getattr__(name: str) -> Any:
    if name not in _OF_URIS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mlflow.tracking import uris

    return getattr(uris, name)


def __dir__() -> list[str]:
    return __all__
