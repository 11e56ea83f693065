"""Checks that a version must pass before it takes an alias or a stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol, TypeAlias

import msgspec

from mlflow.contract.registry_history import Evidence
from mlflow.entities.model_registry.model_version import ModelVersion

__all__ = ["Gate", "Gates", "Promotion", "Store"]

Store: TypeAlias = Any  # a TrackingStore, which holds what this floor declares and so cannot be named here


class Promotion(msgspec.Struct, frozen=True):
    """What is asked for: that `version` takes the alias or stage `target`.

    Attributes:
        name: the registered model.
        version: the version as it is now.
        kind: what the target is.
        target: the alias or the stage.
        previous: the version that the alias points to now; None for stages and new aliases.
        user: who asks; empty where nobody signs on.
        store: the open store, to read runs and metrics from: `store.runs.get_run(EVERYONE, promotion.version.run_id)`.
    """

    name: str
    version: ModelVersion
    kind: Literal["alias", "stage"]
    target: str
    previous: str | None = None
    user: str = ""
    store: Store = None


class Gate(msgspec.Struct, frozen=True):
    """A check by name, and which promotions it is asked about."""

    name: str
    check: Callable[[Promotion], Mapping[str, Any] | None]
    concerns: Callable[[Promotion], bool]


class Gates(Protocol):
    """All checks of a registry."""

    def ask(self, promotion: Promotion, /) -> list[Evidence]:
        """What the checks found.

        Raises:
            PromotionRefused: at least one is against it; the failure carries what all found.
        """
        ...
