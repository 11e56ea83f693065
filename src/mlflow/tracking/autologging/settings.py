"""What `autolog` was told: for one framework, or for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["Settings", "settings"]


class Settings:
    """What each integration does. What was said of one framework goes before what was said of all."""

    def __init__(self) -> None:
        self._own: dict[str, Mapping[str, Any]] = {}
        self._common: dict[str, Mapping[str, Any]] = {}

    def tell(self, integration: str, values: Mapping[str, Any], *, common: bool = False) -> None:
        """Remember the arguments of an `autolog` call."""
        (self._common if common else self._own)[integration] = dict(values)

    def of(self, integration: str) -> Mapping[str, Any] | None:
        """The arguments that count; None when `autolog` was not called."""
        return self._own.get(integration) or self._common.get(integration)

    def enabled(self, integration: str) -> Mapping[str, Any] | None:
        """The arguments that count; None when the integration is to do nothing."""
        found = self._own.get(integration) or self._common.get(integration)
        return None if found is None or found.get("disable") else found

    def get(self, integration: str, key: str, default: Any = None) -> Any:
        """One argument."""
        return (self.of(integration) or {}).get(key, default)

    def is_own(self, integration: str) -> bool:
        """Whether the framework's own `autolog` was called."""
        return integration in self._own

    def names(self) -> list[str]:
        """The integrations that `autolog` was called for."""
        return [*dict.fromkeys([*self._own, *self._common])]

    def restore(self, own: Mapping[str, Mapping[str, Any]], common: Mapping[str, Mapping[str, Any]]) -> None:
        """Go back to what `saved` answered."""
        self._own, self._common = dict(own), dict(common)

    def saved(self) -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]]]:
        """All of it, to come back to."""
        return dict(self._own), dict(self._common)


settings = Settings()
