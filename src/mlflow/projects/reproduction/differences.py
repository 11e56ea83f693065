"""Why two runs differ: params, code, data, environment and host, ranked by how likely each explains it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from mlflow.projects.reproduction.record import Record, dataset_digests
from mlflow.tracking.capture import layout

__all__ = ["Reason", "ranked_differences"]

_NUMERIC = re.compile(
    r"(torch|torchvision|tensorflow|tensorflow-cpu|keras|jax|jaxlib|numpy|scipy|scikit-learn|xgboost|xgboost-cpu|lightgbm|"
    r"catboost|pandas|transformers|lightning|pytorch-lightning|statsmodels|prophet|onnxruntime|cupy.*|nvidia-.*)"
)
_LONGEST = 200
_DIFF_LINES = 200


class Reason(Struct, frozen=True):
    """One thing that differs between two runs.

    Attributes:
        kind: params, code, data, environment or host.
        name: of the thing.
        first: what the first run has; None for nothing.
        second: likewise.
        weight: how likely it explains other results, from 0 to 100.
        detail: more text, such as a diff.
    """

    kind: str
    name: str
    first: str | None
    second: str | None
    weight: int
    detail: str | None = None


def ranked_differences(first: Record, second: Record) -> list[Reason]:
    """Everything recorded that differs, the likeliest first."""
    groups: tuple[Callable[[Record, Record], Iterator[Reason]], ...] = (_params, _code, _data, _environment, _host)
    found = [reason for group in groups for reason in group(first, second)]
    return sorted(found, key=lambda reason: (-reason.weight, reason.kind, reason.name))


def _params(first: Record, second: Record) -> Iterator[Reason]:
    for name, a, b in _changed(first.run.data.params, second.run.data.params):
        seed = "seed" in name.lower() or "random_state" in name.lower()
        yield Reason("params", name, a, b, 98 if seed else 95)
    a_argv, b_argv = _arguments(first), _arguments(second)
    if a_argv != b_argv:
        yield Reason("params", "arguments", " ".join(a_argv), " ".join(b_argv), 90)


def _arguments(record: Record) -> list[str]:
    """Of the command, with paths below the code's folder made relative."""
    root = str(record.root) if record.root else None
    words = (record.command() or [""])[1:]
    return [word.replace(f"{root}/", "").replace(root, ".") if root else word for word in words]


def _code(first: Record, second: Record) -> Iterator[Reason]:
    a, b = first.source, second.source
    if a.get("commit") != b.get("commit"):
        yield Reason("code", "commit", a.get("commit"), b.get("commit"), 80)
    entry = _entry_diff(first, second)
    if entry is not None:
        yield entry
    if _content(first, layout.SOURCE_DIFF) != _content(second, layout.SOURCE_DIFF):
        sizes = [_size(record, layout.SOURCE_DIFF) for record in (first, second)]
        detail = _text_diff(_text(first, layout.SOURCE_DIFF), _text(second, layout.SOURCE_DIFF), "uncommitted changes")
        yield Reason("code", "uncommitted changes", sizes[0], sizes[1], 85, detail)
    if first.source and second.source:
        for path, x, y in _changed(_untracked(first), _untracked(second)):
            yield Reason("code", f"untracked file {path}", x, y, 70)


def _entry_diff(first: Record, second: Record) -> Reason | None:
    if first.entry is None or second.entry is None or first.entry.name != second.entry.name:
        return None
    a, b = (path.read_text(encoding="utf-8", errors="replace") for path in (first.entry, second.entry))
    if a == b:
        return None
    changed = sum(line[0] in "+-" for line in difflib.ndiff(a.splitlines(), b.splitlines()))
    return Reason("code", first.entry.name, f"{len(a.splitlines())} lines", f"{changed} lines differ", 92,
                  _text_diff(a, b, first.entry.name))  # fmt: skip


def _data(first: Record, second: Record) -> Iterator[Reason]:
    for name, a, b in _changed(dataset_digests(first.run), dataset_digests(second.run)):
        yield Reason("data", name, a, b, 88)


def _environment(first: Record, second: Record) -> Iterator[Reason]:
    if first.lock and second.lock:
        for name, a, b in _changed(_packages(first), _packages(second)):
            numeric = bool(_NUMERIC.fullmatch(name))
            both = a is not None and b is not None
            yield Reason("environment", name, a, b, (60 if both else 45) if numeric else (30 if both else 15))
    if first.python != second.python:
        yield Reason("environment", "Python", first.python, second.python, 40)
    variables = [record.process.get("variables") or {} for record in (first, second)]
    for name, a, b in _changed(*variables):
        yield Reason("environment", name, a, b, 65 if name in {"PYTHONHASHSEED", "PL_GLOBAL_SEED"} else 50)


def _packages(record: Record) -> dict[str, str]:
    found = {}
    for line in record.lock:
        name, sign, version = line.partition("==")
        if not sign:
            name, sign, version = line.partition(" @ ")
            version = version.rpartition("/")[2] if version.endswith(".whl") else version
        if not sign:
            name, version = line.rpartition("# ")[2], line
        found[name.strip()] = version.strip()
    return found


def _host(first: Record, second: Record) -> Iterator[Reason]:
    weights = {"processor": 35, "machine": 35, "system": 25, "processors": 20, "release": 5, "name": 3}
    a, b = (record.process.get("host") or {} for record in (first, second))
    for name, x, y in _changed(a, b):
        yield Reason("host", name, x, y, weights.get(name, 3))


def _changed(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[tuple[str, str | None, str | None]]:
    for name in sorted(first.keys() | second.keys()):
        a, b = first.get(name), second.get(name)
        if a != b:
            yield name, _short(a), _short(b)


def _short(value: object) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _untracked(record: Record) -> dict[str, str]:
    """Digests of the untracked files, by path."""
    import hashlib
    import tarfile

    path = record.file(layout.SOURCE_UNTRACKED)
    if path is None:
        return {}
    found = {}
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                found[member.name] = hashlib.sha256(content.read()).hexdigest()[:12]
    return found


def _content(record: Record, path: str) -> bytes:
    found = record.file(path)
    return found.read_bytes() if found is not None else b""


def _text(record: Record, path: str) -> str:
    return _content(record, path).decode(errors="replace")


def _size(record: Record, path: str) -> str | None:
    content = _content(record, path)
    return f"{content.count(b'diff --git')} files" if content else None


def _text_diff(a: str, b: str, name: str) -> str:
    names = f"a/{Path(name)}", f"b/{Path(name)}"
    lines = list(difflib.unified_diff(a.splitlines(), b.splitlines(), *names, lineterm=""))
    more = [f"… {len(lines) - _DIFF_LINES} more lines"] if len(lines) > _DIFF_LINES else []
    return "\n".join([*lines[:_DIFF_LINES], *more])
