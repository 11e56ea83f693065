"""The providers in force, and the tags they give together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from mlflow.tracking.context.abstract_context import RunContextProvider
from mlflow.tracking.context.default_context import DefaultRunContext
from mlflow.tracking.context.git_context import GitRunContext
from mlflow.tracking.context.jupyter_notebook_context import JupyterNotebookRunContext
from mlflow.tracking.context.plugins import ProviderRegistry
from mlflow.tracking.context.spark_sources_context import SparkSourcesRunContext
from mlflow.tracking.context.system_environment_context import SystemEnvironmentContext

__all__ = ["RunContextProviderRegistry", "resolve_tags"]

_logger = logging.getLogger(__name__)


class RunContextProviderRegistry(ProviderRegistry[RunContextProvider]):
    """Providers of run tags; later ones override earlier ones."""

    group = "mlflow.run_context_provider"

    def register(self, run_context_provider_cls: Callable[[], RunContextProvider]) -> None:
        """Add one provider, made from its class now."""
        super().register(run_context_provider_cls)


_run_context_provider_registry = RunContextProviderRegistry()
for _provider in (
    DefaultRunContext,
    GitRunContext,
    JupyterNotebookRunContext,
    SparkSourcesRunContext,
    SystemEnvironmentContext,
):
    _run_context_provider_registry.register(_provider)


def resolve_tags(
    tags: Mapping[str, Any] | None = None, ignore: list[type[RunContextProvider]] | None = None
) -> dict[str, Any]:
    """The tags of a new run: what the providers say in their order, then `tags`, which win.

    A provider that raises is warned about and skipped: a run starts whatever a plugin does.

    Args:
        tags: the caller's own.
        ignore: classes of providers not to ask.
    """
    resolved: dict[str, Any] = {}
    for provider in _run_context_provider_registry:
        if ignore and isinstance(provider, tuple(ignore)):
            continue
        try:
            if provider.in_context():
                resolved.update(provider.tags())
        except Exception as exc:  # noqa: BLE001 - a plugin may fail in any way
            _logger.warning("Encountered unexpected error during resolving tags: %s", exc)
    return resolved | dict(tags or {})
