"""What a route demands: a level, and where in its arguments the resource is named."""

from __future__ import annotations

import msgspec

from mlflow.contract.caller import Permission

__all__ = ["Access", "create", "edit", "filtered", "manage", "public", "read"]


class Access(msgspec.Struct, frozen=True):
    """A rule: the caller needs `level` on the resource of `kind` that the arguments name.

    Without arguments the rule is about the server as a whole. `filtered` routes answer only what the caller may read.
    Runs, their inputs, artifacts and logged models inherit from their experiment, versions from their model.
    """

    level: Permission
    kind: str = "server"
    argument: str | None = None
    filtered: bool = False

    def __str__(self) -> str:
        if self.filtered:
            return "filtered"
        where = f"({self.kind}={self.argument})" if self.argument else f"({self.kind})"
        return f"{self.level.name.lower()}{where}"


def read(**resource: str) -> Access:
    """Reading: `read(run="run_id")` finds the run in the argument `run_id`."""
    return _access(Permission.READ, resource)


def edit(**resource: str) -> Access:
    """Logging, tagging, creating below: `edit(experiment="experiment_id")`."""
    return _access(Permission.EDIT, resource)


def manage(**resource: str) -> Access:
    """Deleting and granting."""
    return _access(Permission.MANAGE, resource)


def create() -> Access:
    """Creating something at the top; whoever may edit anything on the server may."""
    return Access(Permission.EDIT)


def filtered() -> Access:
    """Lists over everything: the store leaves out what the caller may not read."""
    return Access(Permission.NONE, filtered=True)


def public() -> Access:
    """Anyone, also without signing in: health, version, the page itself."""
    return Access(Permission.NONE)


def _access(level: Permission, resource: dict[str, str]) -> Access:
    if not resource:
        return Access(level)
    ((kind, argument),) = resource.items()
    return Access(level, kind, argument)
