"""Names that are resolved on use, so that importing a package does not import what it offers (PEP 562)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["Deferred", "attach", "attach_of_framework"]


def attach(package: str, names: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a package whose names live in other modules.

    Args:
        package: the package's own `__name__`.
        names: name -> `module` (the name is that module) or `module:attribute`.
    """

    def resolve(name: str) -> Any:
        target = names.get(name)
        if target is None:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        module, _, attribute = target.partition(":")
        found = import_module(module)
        value = getattr(found, attribute) if attribute else found
        setattr(sys.modules[package], name, value)
        return value

    def listed() -> list[str]:
        return sorted({*vars(sys.modules[package]), *names})

    return resolve, listed


def attach_of_framework(package: str, names: Mapping[str, str], distribution: str) -> Callable[[str], Any]:
    """`__getattr__` of a module that has names which need a framework: its classes are subclasses of that one's.

    Args:
        package: the module's own `__name__`.
        names: name -> `module:attribute`.
        distribution: what pip installs the framework by; where it is missing, so is the name, with that advice.
    """
    resolve, _ = attach(package, names)

    def resolve_if_installed(name: str) -> Any:
        try:
            return resolve(name)
        except ModuleNotFoundError as exc:
            raise AttributeError(
                f"'{package}.{name}' needs the package {exc.name}, which is not installed. "
                f"Run: pip install {distribution}"
            ) from exc

    return resolve_if_installed


class Deferred:
    """A module that is imported when something of it is first asked for.

    Args:
        name: of the module.
    """

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, attribute: str) -> Any:
        """What the module has under that name, kept here: further looks cost no call."""
        value = getattr(import_module(self.__name__), attribute)
        setattr(self, attribute, value)
        return value
