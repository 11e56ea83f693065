"""A YAML file read with the line of everything in it, so that a mistake is told where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import yaml

from mlflow.exceptions import ExecutionException, InvalidParameterValue

__all__ = ["InvalidProject", "Node", "read_nodes"]


class InvalidProject(ExecutionException, InvalidParameterValue):
    """A project's file does not say what such a file says; the message names the file and the line."""


class Node(NamedTuple):
    """A value in a YAML file.

    Attributes:
        file: where it stands.
        what: names it in a message, as in `parameter 'lr'`.
        node: the parsed value.
    """

    file: Path
    what: str
    node: yaml.Node

    @property
    def line(self) -> int:
        """Counted from 1."""
        return int(self.node.start_mark.line) + 1

    def fail(self, message: str) -> NoReturn:
        """Raise with file and line in front."""
        raise InvalidProject(f"{self.file}:{self.line}: {self.what} {message}")

    def is_mapping(self) -> bool:
        """Whether it has keys."""
        return isinstance(self.node, yaml.MappingNode)

    def members(self, known: Collection[str] | None = None, prefix: str = "") -> dict[str, Node]:
        """The values of a mapping by key.

        Args:
            known: the keys there may be; None for any.
            prefix: what the members are called in messages, before their key in quotes.
        """
        if not isinstance(self.node, yaml.MappingNode):
            self.fail(f"is {self._kind()}; expected a mapping{f' with {_listed(known)}' if known else ''}.")
        found: dict[str, Node] = {}
        for key_node, value in self.node.value:
            key = Node(self.file, f"a key of {self.what}", key_node).text()
            member = Node(self.file, f"{prefix or self.what + ':'} '{key}'", value)
            at_key = Node(self.file, f"{self.what}:", key_node)
            if key in found:
                at_key.fail(f"'{key}' stands twice. Leave one out.")
            if known is not None and key not in known:
                at_key.fail(f"unknown key '{key}'; expected {_listed(known)}.")
            found[key] = member
        return found

    def elements(self) -> Iterator[Node]:
        """The values of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.fail(f"is {self._kind()}; expected a list.")
        for number, value in enumerate(self.node.value, 1):
            yield Node(self.file, f"{self.what}, element {number},", value)

    def text(self) -> str:
        """A scalar as text: numbers and booleans as Python prints them, as they always were in commands."""
        value = self.scalar()
        if value is None:
            self.fail("is empty; expected a text.")
        return str(value)

    def scalar(self) -> Any:
        """A scalar as YAML reads it."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.fail(f"is {self._kind()}; expected a text.")
        loader = yaml.SafeLoader("")
        try:
            return loader.construct_object(self.node)
        except (yaml.YAMLError, ValueError) as exc:
            self.fail(f"cannot be read: {exc}.")
        finally:
            loader.dispose()

    def _kind(self) -> str:
        if isinstance(self.node, yaml.MappingNode):
            return "a mapping"
        if isinstance(self.node, yaml.SequenceNode):
            return "a list"
        value = getattr(self.node, "value", "")
        return f"the text '{value}'" if value else "empty"


def read_nodes(path: Path, what: str) -> Node:
    """The top value of a YAML file.

    Raises:
        InvalidProject: it is not text, not YAML or empty; with the line where YAML ends to be so.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        line = mark.line + 1 if mark else 1
        raise InvalidProject(f"{path}:{line}: not YAML: {exc.problem or exc}.") from exc
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as exc:
        raise InvalidProject(f"{path}:1: not YAML text: {exc}.") from exc
    except OSError as exc:
        raise InvalidProject(f"'{path}' cannot be read: {exc.strerror}. Check the path.") from exc
    if root is None:
        raise InvalidProject(f"{path}:1: {what} is empty; expected a mapping.")
    return Node(path, what, root)


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))
