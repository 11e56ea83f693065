"""What the requirements of a model bring along, as it is installed where the model is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import requires

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from mlflow.models.requirements import installed, is_mlflow, pin

__all__ = ["transitive_pins"]


def transitive_pins(lines: Iterable[str]) -> list[str]:
    """Pins of all distributions that those of requirement lines need in turn, in the order of their names.

    Lines for mlflow, options of pip, and what is not installed here add nothing.
    """
    asked = [requirement for line in lines if not is_mlflow(line) for requirement in _parsed(line)]
    named = {canonicalize_name(requirement.name) for requirement in asked}
    seen: set[tuple[str, str]] = set()
    found: set[str] = set()
    while asked:
        requirement = asked.pop()
        name = canonicalize_name(requirement.name)
        found.add(name)
        for extra in ("", *requirement.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                asked += _needed(name, extra)
    return [pin(name) for name in sorted(found - named) if installed(name)]


def _parsed(line: str) -> Iterator[Requirement]:
    try:
        yield Requirement(line)
    except InvalidRequirement:
        return


def _needed(name: str, extra: str) -> Iterator[Requirement]:
    """What one distribution asks for here, by itself or for one of its extras."""
    here = installed(name)
    for line in (requires(here[0]) if here else None) or ():
        for requirement in _parsed(line):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                yield requirement
