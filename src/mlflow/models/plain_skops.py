"""The plain part of skops' format, read without importing skops; `plain_skops_writer` writes it.

Importing skops imports every module of scikit-learn, pytest among them, and searches all that is loaded for hundreds
of functions: 0.3 to 0.5 s. Most models need nothing of that: estimators of scikit-learn inside of lists, tuples and
dictionaries of numbers, texts and arrays. Those are read here. Whatever else a file names is left to skops, which says
what it thinks of it. Nothing is made before the whole file is known to be plain, and what counts as trusted here is a
part of what skops trusts by itself.

The format: a ZIP archive of `schema.json`, a tree in which each node names its loader and its type, and of arrays as
`.npy` files. https://skops.readthedocs.io/en/stable/persistence.html
"""

from __future__ import annotations

import inspect
import io
import json
import re
import zipfile
from collections.abc import Callable, Collection
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["PROTOCOLS", "SIMPLE_TYPES", "TREE", "NotPlain", "estimator_class", "read_plain"]

PROTOCOLS = range(3)  # plain nodes are the same in all of them
TREE = "sklearn.tree._tree.Tree"
SIMPLE_TYPES = {"builtins": {"str", "int", "float", "bool"}, "numpy": {"bool", "float32", "float64", "int32", "int64"}}
_PUBLIC = re.compile(r"(sklearn(?:\.[a-z][a-z0-9_]*)*)(?:\._\w+(?:\.\w+)*)?")
_NOT_FOR_MODELS = {"tests", "externals", "setup", "conftest", "experimental", "estimator_checks"}

Node = dict[str, Any]
Make = Callable[[], Any]


class NotPlain(Exception):
    """A file holds something that only skops itself may read."""


def read_plain(path: Path, trusted: Collection[str] | None) -> Any:
    """The object in a file.

    Args:
        path: the file.
        trusted: types that skops would have to be told to trust.

    Raises:
        NotPlain: it is for skops to read, or to refuse.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            schema = json.loads(archive.read("schema.json"))
            if type(schema["protocol"]) is not int or schema["protocol"] not in PROTOCOLS:
                raise NotPlain(f"protocol {schema['protocol']}")
            make = _Reader(archive, trusted or ()).plan(schema)
            return make()
    except (zipfile.BadZipFile, AttributeError, ImportError, LookupError, TypeError, ValueError, RecursionError) as exc:
        raise NotPlain(str(exc)) from exc


class _Reader:
    """Turns nodes into what makes their objects; a node that appears again stands for the same object."""

    def __init__(self, archive: zipfile.ZipFile, trusted: Collection[str]) -> None:
        self._archive, self._trusted = archive, trusted
        self._known: dict[int, Make | None] = {}
        self._planners: dict[str, Callable[[Node], Make]] = {
            "DictNode": self._dict,
            "JsonNode": _json,
            "ListNode": self._list,
            "NdArrayNode": self._array,
            "ObjectNode": self._estimator,
            "SliceNode": _slice,
            "TreeNode": self._tree,
            "TupleNode": self._tuple,
            "TypeNode": _type,
        }

    def plan(self, node: Node) -> Make:
        number = node.get("__id__")
        if number is not None and number in self._known:
            known = self._known[number]
            if known is None:
                raise NotPlain("an object that holds itself")
            return known
        planner = self._planners.get(node["__loader__"])
        if planner is None:
            raise NotPlain(node["__loader__"])
        if number is not None:
            self._known[number] = None
        make = cache(planner(node))
        if number is not None:
            self._known[number] = make
        return make

    def _all(self, node: Node) -> Callable[[], list[Any]]:
        makes = [self.plan(part) for part in node["content"]]
        return lambda: [make() for make in makes]

    def _list(self, node: Node) -> Make:
        _expect(node, "builtins", "list")
        return self._all(node)

    def _tuple(self, node: Node) -> Make:
        _expect(node, "builtins", "tuple")
        parts = self._all(node)
        return lambda: tuple(parts())

    def _dict(self, node: Node) -> Make:
        _expect(node, "builtins", "dict")
        kinds = self.plan(node["key_types"])
        values = {key: self.plan(value) for key, value in node["content"].items()}
        return lambda: {kind(key): make() for kind, (key, make) in zip(kinds(), values.items(), strict=True)}

    def _array(self, node: Node) -> Make:
        import numpy as np

        if node["type"] == "json":
            _expect(node, "numpy", "ndarray")
            parts, shape = self._all(node), self.plan(node["shape"])
            return lambda: _objects(parts(), shape())
        kind = None if node["__class__"] == "ndarray" else _type(node)()
        _expect(node, "numpy", node["__class__"])
        if node["type"] != "numpy":
            raise NotPlain(node["type"])
        content = self._archive.read(node["file"])

        def make() -> Any:
            found = np.load(io.BytesIO(content), allow_pickle=False)
            return found if kind is None else kind(found)

        return make

    def _estimator(self, node: Node) -> Make:
        kind = estimator_class(node["__module__"], node["__class__"])
        state = self.plan(node["content"])

        def make() -> Any:
            found = kind.__new__(kind)
            found.__setstate__(state())
            return found

        return make

    def _tree(self, node: Node) -> Make:
        """A decision tree, which only those may load who look at its nodes afterwards: skops has to be told of it."""
        if TREE not in self._trusted or f"{node['__module__']}.{node['__class__']}" != TREE:
            raise NotPlain(node["__class__"])
        from sklearn.tree._tree import Tree

        arguments, state = self.plan(node["__reduce__"]["args"]), self.plan(node["content"])

        def make() -> Any:
            found = Tree(*arguments())
            found.__setstate__(state())
            return found

        return make


def _expect(node: Node, module: str, name: str) -> None:
    if (node["__module__"], node["__class__"]) != (module, name):
        raise NotPlain(f"{node['__module__']}.{node['__class__']}")


def _json(node: Node) -> Make:
    return lambda: json.loads(node["content"])


def _slice(node: Node) -> Make:
    _expect(node, "builtins", "slice")
    ends = [node["content"][name] for name in ("start", "stop", "step")]
    return lambda: slice(*ends)


def _type(node: Node) -> Make:
    module, name = node["__module__"], node["__class__"]
    if name not in SIMPLE_TYPES.get(module, ()):
        raise NotPlain(f"{module}.{name}")
    kind = getattr(import_module(module), name)
    return lambda: kind


def _objects(values: list[Any], shape: tuple[int, ...]) -> Any:
    import numpy as np

    if len(shape) != 1:
        return np.array(values, dtype=object)
    found = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        found[place] = value
    return found


def estimator_class(module: str, name: str) -> Any:
    """A class that scikit-learn offers as an estimator: its public module has it under its name."""
    public = _PUBLIC.fullmatch(module)
    if public is None or name.startswith("_") or _NOT_FOR_MODELS & {*module.split(".")}:
        raise NotPlain(f"{module}.{name}")
    from sklearn.base import BaseEstimator

    kind = getattr(import_module(public[1]), name, None)
    if not (inspect.isclass(kind) and issubclass(kind, BaseEstimator)) or inspect.isabstract(kind):
        raise NotPlain(f"{module}.{name}")
    if (kind.__module__, kind.__name__) != (module, name) or kind is BaseEstimator:
        raise NotPlain(f"{module}.{name}")
    return kind
