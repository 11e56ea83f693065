"""Which distributions a model needs, told from the model itself: no second process, nothing is loaded again.

    >>> distributions({"yaml"})
    ['PyYAML']

Two sources: what a pickle names (read from its opcodes, without running it), and what the code of functions and classes
imports. A flavor that knows better says so itself.
"""

from __future__ import annotations

import ast
import dis
import pickletools
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from mlflow.models.requirements import pin

__all__ = ["code_modules", "distributions", "pickle_modules", "pins", "source_modules"]

# module of a cloudpickle -> its function whose argument names a module
_SUBIMPORT = ("cloudpickle.cloudpickle", "subimport")
_TEXTS = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"}
_IGNORED = frozenset({"mlflow", "pip", "setuptools"})


@lru_cache(maxsize=1)
def _owners() -> dict[str, list[metadata.Distribution]]:
    """Import name -> the distributions that bring it; their names are read of those that are asked for only."""
    found: dict[str, list[metadata.Distribution]] = {}
    for distribution in metadata.distributions():
        for package in _top_level(distribution):
            found.setdefault(package, []).append(distribution)
    return found


def _top_level(distribution: metadata.Distribution) -> set[str]:
    named = (distribution.read_text("top_level.txt") or "").split()
    if named:
        return set(named)
    paths = (line.partition(",")[0] for line in (distribution.read_text("RECORD") or "").splitlines())
    return {path.partition("/")[0] if "/" in path else _module(path) for path in paths} - {"", ".."}


def _module(file: str) -> str:
    """The module of a file beside the packages; empty for other files."""
    stem, _, suffix = file.partition(".")
    return stem if suffix.endswith(("py", "so", "pyd")) else ""


def distributions(modules: Iterable[str]) -> list[str]:
    """The installed distributions that these modules belong to, sorted; of the standard library and mlflow none.

    Args:
        modules: import names; `a.b.c` counts as its package.
    """
    packages = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names
    found = {owner.name for package in packages for owner in _owners().get(package, [])}
    return sorted((name for name in found if name.lower() not in _IGNORED), key=str.lower)


def pins(modules: Iterable[str]) -> list[str]:
    """The requirements for the installed versions of the distributions that these modules belong to."""
    return [pin(name) for name in distributions(modules)]


def pickle_modules(path: Path) -> set[str]:
    """The modules that a pickle or cloudpickle file names; the file is read, not run.

    Raises:
        ValueError: the file is no pickle.
    """
    with path.open("rb") as file:
        return set(_named(pickletools.genops(file)))


class _Stack:
    """What a pickle pushed last: texts, and globals as (module, name); also by way of its memo."""

    def __init__(self) -> None:
        self._texts = ("", "")
        self._memo: dict[int, str | tuple[str, str] | None] = {}
        self._top: str | tuple[str, str] | None = None

    def push(self, name: str, argument: Any) -> str | tuple[str, str] | None:
        """Take in one operation, and return the text or global that it pushes, if any."""
        if name == "MEMOIZE" or name.endswith("PUT"):
            self._memo[len(self._memo) if name == "MEMOIZE" else int(argument)] = self._top
            return None
        self._top = self._pushed(name, argument)
        if isinstance(self._top, str):
            self._texts = (self._texts[1], self._top)
        return self._top

    def _pushed(self, name: str, argument: Any) -> str | tuple[str, str] | None:
        if name in _TEXTS:
            return str(argument)
        if name == "STACK_GLOBAL":
            return self._texts
        if name == "GLOBAL":
            module, _, attribute = argument.partition(" ")
            return module, attribute
        return self._memo.get(int(argument)) if name.endswith("GET") else None


def _named(operations: Iterable[tuple[Any, Any, Any]]) -> Iterator[str]:
    stack = _Stack()
    awaited = False
    for operation, argument, _ in operations:
        pushed = stack.push(operation.name, argument)
        if isinstance(pushed, tuple):
            awaited = pushed == _SUBIMPORT
            yield pushed[0]
        elif pushed is not None and awaited:
            awaited = False
            yield pushed


def source_modules(place: Path) -> set[str]:
    """The modules that Python files import, anywhere in them; files that are not Python count as none.

    Args:
        place: a file, or a folder with files below it.
    """
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    return {name for file in files for name in _imported(file)}


def _imported(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def code_modules(*objects: Any) -> set[str]:
    """The modules that functions, classes, or the classes of other objects import or refer to in their code.

    Code of installed packages is not followed: naming its package is enough.
    """
    found: set[str] = set()
    seen: set[int] = set()
    waiting = list(objects)
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        for target in _referred(one):
            if isinstance(target, str):
                found.add(target)
            else:
                waiting.append(target)
    return found


def _referred(one: Any) -> Iterator[Any]:
    """Names of modules, and objects to look into."""
    if isinstance(one, types.ModuleType):
        yield one.__name__
    elif isinstance(one, types.FunctionType):
        yield from _of_function(one)
    elif isinstance(one, (staticmethod, classmethod, types.MethodType)):
        yield one.__func__
    elif isinstance(one, property):
        yield from filter(None, (one.fget, one.fset))
    elif isinstance(one, type):
        yield from _of_class(one)
    elif type(one).__module__ != "builtins":
        yield type(one)


def _of_class(one: type) -> Iterator[Any]:
    yield one.__module__
    if _is_local(one.__module__):
        yield from vars(one).values()
        yield from one.__bases__


def _of_function(one: types.FunctionType) -> Iterator[Any]:
    yield one.__module__ or ""
    if not _is_local(one.__module__):
        return
    for code in _codes(one.__code__):
        yield from (item.argval for item in dis.get_instructions(code) if item.opname == "IMPORT_NAME")
        yield from (one.__globals__[name] for name in code.co_names if _is_code(one.__globals__.get(name)))
    yield from (cell.cell_contents for cell in one.__closure__ or () if _is_code(_content(cell)))


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # an empty cell
        return None


def _is_code(value: Any) -> bool:
    return isinstance(value, (types.ModuleType, types.FunctionType, type))


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _is_local(module: str | None) -> bool:
    """Whether a module is the user's own: neither of the standard library nor of an installed distribution."""
    package = (module or "").partition(".")[0]
    return (package not in sys.stdlib_module_names and package not in _owners()) or package == "__main__"


Needs = Callable[[Any], Iterable[str]]
"""How a flavor tells the modules that a model of its kind needs."""
