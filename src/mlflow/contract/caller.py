"""Who asks: every store method takes a caller as its first argument."""

from __future__ import annotations

import enum

import msgspec

from mlflow.entities._record import DEFAULT_WORKSPACE

__all__ = ["DEFAULT_WORKSPACE", "EVERYONE", "NOBODY", "Caller", "Permission"]


class Permission(enum.IntEnum):
    """What a caller may do with a resource; each level includes the ones before."""

    NONE = 0
    READ = 1
    USE = 2
    EDIT = 3
    MANAGE = 4


class Caller(msgspec.Struct, frozen=True):
    """An identity with its workspace and grants.

    `grants` maps (kind, id), such as ("experiment", "7"), to a level; what has no grant has `default`.
    """

    user: str = ""
    workspace: str = DEFAULT_WORKSPACE
    default: Permission = Permission.NONE
    grants: dict[tuple[str, str], Permission] = {}

    def permission(self, kind: str, id: str) -> Permission:
        """The level this caller has on one resource."""
        return self.grants.get((kind, id), self.default)

    def may(self, level: Permission, kind: str, id: str) -> bool:
        """Whether the caller has at least this level on one resource."""
        return self.permission(kind, id) >= level

    @property
    def unrestricted(self) -> bool:
        """Whether everything is allowed, so that lists need no filter."""
        return self.default >= Permission.MANAGE and not self.grants

    def hidden(self, kind: str) -> frozenset[str]:
        """Ids that must not show although the default level would show them."""
        return frozenset(of_id for (of, of_id), level in self.grants.items() if of == kind and level < Permission.READ)

    def shown(self, kind: str) -> frozenset[str] | None:
        """The only ids that may show, or None when the default level shows all but the hidden ones."""
        if self.default >= Permission.READ:
            return None
        return frozenset(of_id for (of, of_id), level in self.grants.items() if of == kind and level >= Permission.READ)


EVERYONE = Caller(default=Permission.MANAGE)
NOBODY = Caller()
