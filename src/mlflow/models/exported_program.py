"""Whether a file of `torch.export` only computes: loading one unpickles parts of it, and evaluates text of others.

`torch.export.load` unpickles custom objects and whatever `weights_only` refuses, resolves each operation by a dotted
name below `torch` (which reaches `torch.os`), and evaluates expressions of symbolic sizes and guards. A file that uses
none of this, but plain tensors and operations of `aten`, runs no code. Every part that is not known counts as code.
"""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

__all__ = ["runs_code"]

_PART = re.compile(
    r"[^/]+/(models/\w+\.json|data/weights/(weight_\d+|\w+\.json)|data/constants/(tensor_\d+|\w+\.json)"
    r"|data/sample_inputs/\w+\.pt|archive_format|archive_version|byteorder|version|\.data/\w+)"
)
_PICKLED = re.compile(r"[^/]+/data/(sample_inputs/\w+\.pt|(weights|constants)/\w+)")
_OPERATOR = "add|sub|mul|truediv|floordiv|mod|pow|neg|eq|ne|lt|le|gt|ge|and_|or_|not_|getitem"
_TARGET = re.compile(
    rf"torch\.ops\.aten\.(?!from_file|save)\w+(\.\w+)?|torch\.sym_\w+|_operator\.({_OPERATOR})|math\.(ceil|floor|trunc)"
)
_SYMBOLS = re.compile(
    "Symbol|Integer|Add|Mul|Pow|Max|Min|Mod|Eq|Ne|Equality|Unequality|StrictLessThan|StrictGreaterThan|LessThan"
    "|GreaterThan|And|Or|Not|FloorDiv|PythonMod|ModularIndexing|CleanDiv|CeilToInt|FloorToInt|true|false|[suz][0-9]+"
)
_CONTAINERS = {"builtins.tuple", "builtins.list", "builtins.dict", "collections.OrderedDict"}
_MAX_JSON = 256 * 2**20


def runs_code(path: Path) -> bool:
    """Whether loading a file of `torch.export`, or calling what it holds, can run code that is in the file."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(not _is_plain(archive, entry) for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, RecursionError, KeyError):
        return True


def _is_plain(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    if not _PART.fullmatch(name) or (name.endswith(".json") and entry.file_size > _MAX_JSON):
        return False
    if name.endswith(".json"):
        return all(_is_plain_value(key, value) for key, value in _pairs(json.loads(archive.read(entry))))
    return not _PICKLED.fullmatch(name) or _is_tensors(archive.read(entry))


def _is_tensors(content: bytes) -> bool:
    """Whether a part is raw numbers, or a pickle of nothing but tensors."""
    if not content.startswith((b"PK", b"\x80")):
        return True
    import torch

    try:
        torch.load(io.BytesIO(content), weights_only=True, map_location="cpu")
    except Exception:  # noqa: BLE001 - whatever it is, it is not known to be harmless
        return False
    return True


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at every depth."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from one.items()
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _is_plain_value(key: str, value: Any) -> bool:
    check = _CHECKS.get(key)
    return value is None or check is None or check(value)


def _is_expression(text: Any) -> bool:
    """Whether a text is a formula of sizes: calls of known functions, whose texts are names of symbols."""
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, TypeError):
        return False
    names = {id(node.args[0]) for node in ast.walk(tree) if isinstance(node, ast.Call) and _makes_symbol(node)}
    return all(_is_formula(node, names) for node in ast.walk(tree))


def _makes_symbol(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "Symbol" and len(node.args) == 1


def _is_formula(node: ast.AST, names: set[int]) -> bool:
    if isinstance(node, ast.Name):
        return bool(_SYMBOLS.fullmatch(node.id))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return id(node) in names and node.value.isidentifier()
    return isinstance(node, (ast.Expression, ast.Call, ast.keyword, ast.Constant, ast.UnaryOp, ast.USub, ast.Load))


def _is_container(spec: Any) -> bool:
    """Whether a tree of arguments, as JSON in a text, has plain containers only."""
    if not isinstance(spec, str):
        return True
    return all(kind in _CONTAINERS for key, kind in _pairs(json.loads(spec)) if key == "type" and kind is not None)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "target": lambda value: isinstance(value, str) and bool(_TARGET.fullmatch(value)),
    "expr_str": _is_expression,
    "guards_code": lambda value: not value,
    "custom_obj_values": lambda value: not value,
    "path_name": lambda value: isinstance(value, str) and bool(re.fullmatch(r"(weight|tensor)_\d+", value)),
    "in_spec": _is_container,
    "out_spec": _is_container,
}
