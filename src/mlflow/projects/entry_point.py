"""Entry points: a command with its parameters."""

from __future__ import annotations

from msgspec import Struct

from mlflow.projects.command import Template, template
from mlflow.projects.parameters import TYPES, Parameter
from mlflow.projects.yaml_nodes import Node

__all__ = ["EntryPoint", "entry_points_of"]

_SYNONYMS = {
    "str": "string",
    "integer": "int",
    "number": "float",
    "double": "float",
    "bool": "string",
    "boolean": "string",
}


class EntryPoint(Struct, frozen=True):
    """A command with its parameters."""

    name: str
    command: Template
    parameters: dict[str, Parameter] = {}


def entry_points_of(node: Node | None) -> dict[str, EntryPoint]:
    """Read `entry_points`."""
    if node is None:
        return {}
    return {name: _entry_point(name, member) for name, member in node.members(prefix="entry point").items()}


def _entry_point(name: str, node: Node) -> EntryPoint:
    members = node.members(("parameters", "command"))
    if "command" not in members:
        node.fail("has no command; expected command: TEXT.")
    parameters = (
        {
            key: _parameter(key, value)
            for key, value in members["parameters"].members(prefix=f"{node.what}: parameter").items()
        }
        if "parameters" in members
        else {}
    )
    try:
        command = template(members["command"].text())
    except ValueError as exc:
        members["command"].fail(str(exc))
    unknown = sorted(set(command.names) - parameters.keys())
    if unknown:
        members["command"].fail(
            f"uses {{{unknown[0]}}}, but the entry point has no such parameter; it has "
            f"{', '.join(sorted(parameters)) or 'none'}. A brace itself is written twice."
        )
    return EntryPoint(name, command, parameters)


def _parameter(name: str, node: Node) -> Parameter:
    if not node.is_mapping():
        return Parameter(name, _type(node))
    members = node.members(("type", "default"))
    default = members["default"].scalar() if "default" in members else None
    kind = _type(members["type"]) if "type" in members else "string"
    return Parameter(name, kind, None if default is None else str(default))


def _type(node: Node) -> str:
    kind = node.text()
    kind = _SYNONYMS.get(kind, kind)
    if kind not in TYPES:
        node.fail(f"is of type '{kind}'; expected {', '.join(TYPES)}.")
    return kind
