"""Requirements of pip, as users give them: a file, or a list; and as a model's folder keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.version import API_LEVEL

__all__ = ["ConflictingRequirements", "Requirements", "installed", "is_mlflow", "name_of", "pin"]

_NESTED = ("-r", "--requirement")
_CONSTRAINT = ("-c", "--constraint")
_OURS = frozenset({"mlflow", "mlflow-skinny"})
CONSTRAINTS_FILE = "constraints.txt"
_MAX_DEPTH = 20
_BUILDS = {
    "onnxruntime": ("onnxruntime-gpu",),
    "paddlepaddle": ("paddlepaddle-gpu",),
    "pyspark": ("pyspark-client",),
    "tensorflow": ("tensorflow-cpu", "tensorflow-intel", "tensorflow-macos"),
    "xgboost": ("xgboost-cpu",),
}
"""Distributions that bring the same package under another name."""


class ConflictingRequirements(InvalidParameterValue):
    """Two requirements ask for different versions of one distribution."""


class InvalidRequirements(InvalidParameterValue, TypeError):
    """The requirements are neither a path nor a list of texts."""


class Requirements(msgspec.Struct, frozen=True):
    """Requirements, and the constraints that go with them.

    Args:
        lines: requirement lines, also options of pip such as `--extra-index-url …`; one a distribution.
        constraints: the lines of `constraints.txt`.
    """

    lines: list[str] = []
    constraints: list[str] = []

    @classmethod
    def read(cls, given: str | Path | Iterable[str] | None, what: str = "pip_requirements") -> Requirements:
        """The requirements of a file or list; files that they include are read too.

        Raises:
            InvalidRequirements: it is neither; a TypeError too.
            ResourceDoesNotExist: a file is not there.
            ConflictingRequirements: two of them contradict each other.
        """
        if given is None:
            return cls()
        if isinstance(given, (str, Path)):
            lines, constraints = _read_file(Path(given), 0)
        else:
            lines, constraints = _read_lines(_checked(given, what), Path(), 0)
        return cls(_unique(lines), constraints)

    def plus(self, other: Requirements) -> Requirements:
        """These and then others.

        Raises:
            ConflictingRequirements: two of them contradict each other.
        """
        return Requirements(_unique([*self.lines, *other.lines]), [*self.constraints, *other.constraints])

    def with_mlflow(self) -> Requirements:
        """These after `mlflow`, in the version whose interface this is, unless they name mlflow themselves."""
        if any(map(is_mlflow, self.lines)):
            return self
        return Requirements([f"mlflow=={API_LEVEL}", *self.lines], self.constraints)

    def file_lines(self) -> list[str]:
        """The lines of `requirements.txt`, which names the constraints' file where there are any."""
        return [*self.lines, f"-c {CONSTRAINTS_FILE}"] if self.constraints else self.lines


def name_of(line: str) -> str | None:
    """The canonical name of the distribution that a line asks for; None for options and bare URLs."""
    try:
        return canonicalize_name(Requirement(line).name)
    except InvalidRequirement:
        return None


def is_mlflow(line: str) -> bool:
    """Whether a line asks for mlflow itself."""
    return name_of(line) in _OURS


def installed(distribution: str) -> tuple[str, str] | None:
    """The name and version of a distribution, or of another build of it that is installed; None when none is."""
    for name in (distribution, *_BUILDS.get(distribution, ())):
        try:
            return name, version(name)
        except PackageNotFoundError:
            continue
    return None


def pin(distribution: str) -> str:
    """The requirement for the installed version, without a local part; the bare name when it is not installed."""
    found = installed(distribution)
    return f"{found[0]}=={found[1].partition('+')[0]}" if found else distribution


def _checked(given: Any, what: str) -> list[str]:
    lines = list(given) if isinstance(given, Iterable) and not isinstance(given, (bytes, dict)) else None
    if lines is None or not all(isinstance(line, str) for line in lines):
        raise InvalidRequirements(f"'{what}' is '{given!r}'. Pass the path of a file, or a list of requirements.")
    return lines


def _read_file(path: Path, depth: int) -> tuple[list[str], list[str]]:
    return _read_lines(_content(path).splitlines(), path.parent, depth)


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as exc:
        raise MissingRequirements(
            f"Requirements file '{path}' cannot be read: {exc.strerror}. Check the path."
        ) from exc


class MissingRequirements(ResourceDoesNotExist, FileNotFoundError):
    """A file of requirements or constraints is not there."""


def _read_lines(given: Iterable[str], folder: Path, depth: int) -> tuple[list[str], list[str]]:
    if depth > _MAX_DEPTH:
        raise InvalidParameterValue(f"Requirements in '{folder}' include each other. Remove the circle.")
    lines: list[str] = []
    constraints: list[str] = []
    for line in map(_stripped, _joined(given)):
        option, _, rest = line.replace("=", " ", 1).partition(" ") if line.startswith("--") else line.partition(" ")
        if option in _NESTED:
            nested, more = _read_file(folder / rest.strip(), depth + 1)
            lines += nested
            constraints += more
        elif option in _CONSTRAINT:
            constraints += filter(None, map(_stripped, _content(folder / rest.strip()).splitlines()))
        elif line:
            lines.append(_normal(line))
    return lines, constraints


def _joined(lines: Iterable[str]) -> Iterable[str]:
    """Lines that end in a backslash go on in the next one."""
    open_line = ""
    for line in lines:
        open_line += line
        if line.endswith("\\"):
            open_line = open_line[:-1]
            continue
        yield open_line
        open_line = ""
    if open_line:
        yield open_line


def _stripped(line: str) -> str:
    text = line.strip()
    return "" if text.startswith("#") else text.split(" #", 1)[0].strip()


def _normal(line: str) -> str:
    try:
        found = Requirement(line)
    except InvalidRequirement:
        return line
    return str(found) if found.marker is not None and found.url is None else line


def _unique(lines: Iterable[str]) -> list[str]:
    """Each line once; of lines for one distribution the place of the first with the specifiers of all."""
    merged: dict[str, str] = {}
    for line in lines:
        key = _key(line)
        merged[key] = _merge(merged[key], line) if key in merged else line
    return list(merged.values())


def _key(line: str) -> str:
    """What tells lines apart: distribution, extras and marker; for options and URLs the line."""
    try:
        found = Requirement(line)
    except InvalidRequirement:
        return line
    return f"{canonicalize_name(found.name)}[{','.join(sorted(found.extras))}]{found.marker or ''}"


def _merge(one: str, other: str) -> str:
    first, second = Requirement(one), Requirement(other)
    if one == other or (not str(second.specifier) and not second.url):
        return one
    pins = {spec.version for spec in [*first.specifier, *second.specifier] if spec.operator == "=="}
    if len(pins) > 1 or (first.url and second.url):
        raise ConflictingRequirements(f"Requirements '{one}' and '{other}' contradict each other. Keep one of them.")
    if second.url or not str(first.specifier):
        return other
    first.specifier &= second.specifier
    return str(first)
