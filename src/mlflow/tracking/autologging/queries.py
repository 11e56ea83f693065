"""Questions about autologging, and switching it off for a while."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from mlflow.tracking.autologging.fits import suspended
from mlflow.tracking.autologging.settings import settings

__all__ = [
    "AUTOLOGGING_INTEGRATIONS",
    "autologging_is_disabled",
    "disable_autologging",
    "disable_discrete_autologging",
    "get_autologging_config",
    "is_testing",
]


def get_autologging_config(flavor_name: str, config_key: str, default_value: Any = None) -> Any:
    """An argument of the last `autolog` call for a framework; the default when there was none."""
    return settings.get(flavor_name, config_key, default_value)


def autologging_is_disabled(integration_name: str) -> bool:
    """Whether nothing of a framework is logged by itself."""
    return settings.enabled(integration_name) is None


def is_testing() -> bool:
    """Whether MLFLOW_AUTOLOGGING_TESTING is set: failures of autologging are raised."""
    from mlflow.environment_variables import MLFLOW_AUTOLOGGING_TESTING

    return MLFLOW_AUTOLOGGING_TESTING.get()


@contextlib.contextmanager
def disable_autologging() -> Iterator[None]:
    """Log nothing by itself in a block, in this thread and context."""
    with suspended():
        yield


@contextlib.contextmanager
def disable_discrete_autologging(flavors_to_disable: list[str]) -> Iterator[None]:
    """Log nothing of some frameworks by itself in a block."""
    saved = settings.saved()
    for name in flavors_to_disable:
        settings.tell(name, {**(settings.of(name) or {}), "disable": True})
    try:
        yield
    finally:
        settings.restore(*saved)


class _Configs(Mapping[str, Mapping[str, Any]]):
    """What `autolog` was told, by framework."""

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        found = settings.of(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(settings.names())

    def __len__(self) -> int:
        return len(settings.names())


AUTOLOGGING_INTEGRATIONS = _Configs()
