"""The plain part of skops' format, written without importing skops: what `plain_skops` reads.

A file has the nodes that skops would give it, and is the same each time: its nodes are numbered, where skops takes the
places in memory, and it bears no time.
"""

from __future__ import annotations

import io
import json
import runpy
import zipfile
from collections.abc import Callable, Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mlflow.models.plain_skops import PROTOCOLS, SIMPLE_TYPES, TREE, Node, NotPlain, estimator_class

__all__ = ["write_plain"]

_FIRST_OF_ALL_TIMES = (1980, 1, 1, 0, 0, 0)  # that a ZIP archive knows
_JSON = (str, int, float, bool, type(None))


def write_plain(model: Any) -> tuple[bytes, set[str]]:
    """The content of the file of an object, and the types that skops has to be told to trust.

    Raises:
        NotPlain: it is for skops to write, or to refuse.
        ImportError: there is no skops that could read it.
    """
    protocol = _protocol()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        writer = _Writer(archive)
        try:
            schema = writer.node(model)
        except (AttributeError, ImportError, LookupError, TypeError, ValueError, RecursionError) as exc:
            raise NotPlain(str(exc)) from exc
        schema |= {"protocol": protocol, "_skops_version": version("skops")}
        writer.add("schema.json", json.dumps(schema, indent=2).encode())
    return content.getvalue(), writer.untrusted


def _protocol() -> int:
    """The protocol of the skops that is installed; its file says so, alone."""
    found = find_spec("skops")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'skops'", name="skops")
    try:
        protocol = runpy.run_path(str(Path(found.origin).with_name("io") / "_protocol.py"))["PROTOCOL"]
    except (OSError, LookupError) as exc:
        raise NotPlain(f"a skops without a protocol: {exc}") from exc
    if protocol not in PROTOCOLS:
        raise NotPlain(f"protocol {protocol}")
    return int(protocol)


class _Writer:
    """Turns objects into nodes, and arrays into files of the archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.untrusted: set[str] = set()
        self._archive = archive
        self._numbers: dict[int, int] = {}
        self._objects: list[Any] = []
        """Kept, so that no two of them are ever at the same place in memory."""
        self._nodes: dict[type, Callable[[Any], Node]] = {
            dict: self._dict,
            list: self._list,
            tuple: self._tuple,
            slice: _slice,
            type: _type,
        }

    def node(self, value: Any) -> Node:
        """The node of an object, with a number that it keeps wherever it appears."""
        number = self._number(value)
        if type(value) in _JSON:
            made = _node("builtins", "str", "JsonNode", content=json.dumps(value), is_json=True)
        elif (known := self._nodes.get(type(value))) is not None:
            made = known(value)
        else:
            made = self._of_a_library(value)
        return made | {"__id__": number}

    def add(self, name: str, content: bytes) -> None:
        """Add a file to the archive."""
        self._archive.writestr(zipfile.ZipInfo(name, _FIRST_OF_ALL_TIMES), content)

    def _number(self, value: Any) -> int:
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._objects)
            self._objects.append(value)
        return self._numbers[id(value)]

    def _all(self, values: Iterable[Any]) -> list[Node]:
        return [self.node(value) for value in values]

    def _list(self, value: list[Any]) -> Node:
        return _node("builtins", "list", "ListNode", content=self._all(value))

    def _tuple(self, value: tuple[Any, ...]) -> Node:
        return _node("builtins", "tuple", "TupleNode", content=self._all(value))

    def _dict(self, value: dict[Any, Any]) -> Node:
        kinds = self.node([type(key) for key in value])
        content = {key.item() if hasattr(key, "item") else key: self.node(item) for key, item in value.items()}
        if len({*map(str, content)}) < len(value):
            raise NotPlain("keys of several types that are the same as texts")
        return _node("builtins", "dict", "DictNode", content=content, key_types=kinds)

    def _of_a_library(self, value: Any) -> Node:
        import numpy as np

        if type(value) is np.ndarray or isinstance(value, np.generic):
            return self._array(value)
        module, name = type(value).__module__, type(value).__name__
        if f"{module}.{name}" == TREE:
            return self._tree(value)
        if estimator_class(module, name) is not type(value) or _reduces_itself(type(value)):
            raise NotPlain(f"{module}.{name}")
        return _node(module, name, "ObjectNode", content=self.node(value.__getstate__()))

    def _array(self, value: Any) -> Node:
        """An array, or a number of numpy's."""
        import numpy as np

        made = _node("numpy", "ndarray", "NdArrayNode")
        if type(value) is not np.ndarray:
            made |= _type(type(value)) | {"__loader__": "NdArrayNode"}
        if value.dtype == object:
            items = self.node(value.tolist())["content"]
            return made | {"content": items, "type": "json", "shape": self.node(value.shape)}
        file = f"{self._number(value)}.npy"
        if file not in self._archive.NameToInfo:
            content = io.BytesIO()
            np.save(content, value, allow_pickle=False)
            self.add(file, content.getvalue())
        return made | {"type": "numpy", "file": file}

    def _tree(self, value: Any) -> Node:
        self.untrusted.add(TREE)
        _, arguments, state = value.__reduce__()
        reduced = {"args": self.node(arguments)}
        module, name = type(value).__module__, type(value).__name__
        return _node(module, name, "TreeNode", __reduce__=reduced, content=self.node(state))


def _node(module: str, name: str, loader: str, **members: Any) -> Node:
    return {"__class__": name, "__module__": module, "__loader__": loader, **members}


def _reduces_itself(kind: type) -> bool:
    return any("__reduce__" in vars(base) for base in kind.__mro__ if base is not object)


def _slice(value: slice) -> Node:
    ends = {name: getattr(value, name) for name in ("start", "stop", "step")}
    if not all(type(end) in (int, type(None)) for end in ends.values()):
        raise NotPlain("a slice between other things than numbers")
    return _node("builtins", "slice", "SliceNode", content=ends)


def _type(value: type) -> Node:
    if value.__name__ not in SIMPLE_TYPES.get(value.__module__, ()):
        raise NotPlain(f"the type {value}")
    return _node(value.__module__, value.__name__, "TypeNode")
