"""Being told when a module is imported, without importing it.

A finder at the front of `sys.meta_path` looks only at the packages that somebody waits for. It leaves finding to the
others, and has the found loader call back once when the module's code has run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

__all__ = ["when_imported"]

Callback = Callable[[ModuleType], None]


def when_imported(name: str, callback: Callback) -> None:
    """Call back with a module when it is imported; at once when it is there already.

    Args:
        name: the module, or `package.*` for a package and all modules below it.
        callback: it must not raise.
    """
    _finder.waiting.setdefault(name, []).append(callback)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    for found, module in list(sys.modules.items()):
        if _matches(name, found) and (found in _finder.executed or _is_ready(module)):
            callback(module)


def _matches(pattern: str, name: str) -> bool:
    if not pattern.endswith(".*"):
        return name == pattern
    package = pattern[:-2]
    return name == package or name.startswith(f"{package}.")


def _is_ready(module: object) -> bool:
    """Whether it is a module whose code has run; of one that is being imported the finder tells later."""
    spec = getattr(module, "__spec__", None)
    return isinstance(module, ModuleType) and not getattr(spec, "_initializing", False)


class _Finder:
    def __init__(self) -> None:
        self.waiting: dict[str, list[Callback]] = {}
        self.executed: set[str] = set()  # modules whose code has run, though their import may not be over
        self._busy: set[str] = set()

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        package = fullname.partition(".")[0]
        if fullname in self._busy or not (fullname in self.waiting or f"{package}.*" in self.waiting):
            return None
        spec = self._found_by_others(fullname, path, target)
        if spec is not None and spec.loader is not None:
            self._have_it_call(spec.loader, fullname)
        return spec

    def _found_by_others(self, fullname: str, path: Any, target: ModuleType | None) -> ModuleSpec | None:
        self._busy.add(fullname)
        try:
            for finder in list(sys.meta_path):
                spec = None if finder is self else finder.find_spec(fullname, path, target)
                if spec is not None:
                    return spec
            return None
        finally:
            self._busy.discard(fullname)

    def _have_it_call(self, loader: Any, fullname: str) -> None:
        original = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            vars(loader).pop("exec_module", None)
            original(module)
            self.executed.add(fullname)
            for pattern, callbacks in list(self.waiting.items()):
                if _matches(pattern, fullname):
                    for callback in list(callbacks):
                        callback(module)

        try:
            loader.exec_module = exec_module
        except AttributeError:  # a loader without attributes of its own: built into the interpreter
            return


_finder = _Finder()
