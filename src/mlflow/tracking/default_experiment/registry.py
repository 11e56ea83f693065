"""The providers of the default experiment, and what they answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

from mlflow.tracking.context.plugins import ProviderRegistry
from mlflow.tracking.default_experiment import DEFAULT_EXPERIMENT_ID
from mlflow.tracking.default_experiment.abstract_context import DefaultExperimentProvider

__all__ = ["DefaultExperimentProviderRegistry", "get_experiment_id"]

_logger = logging.getLogger(__name__)


class DefaultExperimentProviderRegistry(ProviderRegistry[DefaultExperimentProvider]):
    """Providers of the default experiment; the first in context is taken."""

    group = "mlflow.default_experiment_provider"

    def register(self, default_experiment_provider_cls: Callable[[], DefaultExperimentProvider]) -> None:
        """Add one provider, made from its class now."""
        super().register(default_experiment_provider_cls)


_default_experiment_provider_registry = DefaultExperimentProviderRegistry()


def get_experiment_id() -> str | None:
    """The id the first provider in context answers, "0" when none does; one that raises is warned about and skipped."""
    for provider in _default_experiment_provider_registry:
        try:
            if provider.in_context():
                return provider.get_experiment_id()
        except Exception as exc:  # noqa: BLE001 - a plugin may fail in any way
            _logger.warning("Encountered unexpected error while getting experiment_id: %s", exc)
    return DEFAULT_EXPERIMENT_ID
