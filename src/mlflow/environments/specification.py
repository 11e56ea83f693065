"""What an environment holds, read from python_env.yaml, conda.yaml or a requirements file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from mlflow._yaml import load_yaml
from mlflow.exceptions import ExecutionException, InvalidParameterValue

__all__ = [
    "CondaSpecification",
    "InvalidEnvironment",
    "PythonSpecification",
    "own_lines_removed",
    "read_conda_env",
    "read_python_env",
]

_OWN_NAMES = {"mlflow", "mlflow-skinny", "mlflow-tracing"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_OWN_WHEEL = re.compile(r"(?:.*/)?mlflow(?:_skinny|_tracing)?-[^/]*\.whl")
_FILE_OPTION = re.compile(r"(-r|--requirement|-c|--constraint)(?:\s+|=)(.+)")
_VERSION = re.compile(r"(?:[<>=!~]=?\s*)?\d+(?:\.\d+)*(?:\.\*|(?:a|b|rc)\d+)?", re.ASCII)
_FROM_PIP = {"python", "pip", "setuptools", "wheel"}


class InvalidEnvironment(ExecutionException, InvalidParameterValue):
    """A file that describes an environment is missing or wrong."""


class PythonSpecification(msgspec.Struct, frozen=True):
    """A Python with packages.

    Attributes:
        python: its version, as far as it is given; None for the one that runs here.
        requirements: lines of a requirements file; mlflow itself is not among them.
        constraints: likewise, for what the requirements bring along.
        locked: the requirements are all there is, so that nothing is resolved.
    """

    python: str | None = None
    requirements: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    locked: bool = False


class CondaSpecification(msgspec.Struct, frozen=True):
    """A conda environment.

    Attributes:
        content: of its file, with mlflow taken out.
        python: what pip alone could make of it; None when `needs_conda` names anything.
        needs_conda: packages that only conda can install.
    """

    content: dict[str, Any]
    python: PythonSpecification | None
    needs_conda: tuple[str, ...] = ()


def read_python_env(path: Path) -> PythonSpecification:
    """Read python_env.yaml: `python`, `build_dependencies` and `dependencies`, which may be `-r requirements.txt`."""
    content = _mapping(path)
    version = content.get("python")
    lines: list[str] = []
    constraints: list[str] = []
    for key in ("build_dependencies", "dependencies"):
        for line in _strings(path, key, content.get(key)):
            _expand(line, path.parent, lines, constraints)
    return PythonSpecification(_version(path, version), own_lines_removed(lines), tuple(constraints))


def read_conda_env(path: Path) -> CondaSpecification:
    """Read conda.yaml."""
    content = _mapping(path)
    conda: list[str] = []
    lines: list[str] = []
    constraints: list[str] = []
    for entry in _list(path, "dependencies", content.get("dependencies")):
        if isinstance(entry, dict):
            for line in _strings(path, "pip", entry.get("pip")):
                _expand(line, path.parent, lines, constraints)
        else:
            conda.append(str(entry))
    names = {re.split(r"[\s=<>!~\[]", entry.rpartition("::")[2], maxsplit=1)[0]: entry for entry in conda}
    needs = tuple(entry for name, entry in names.items() if name.lower() not in _FROM_PIP | _OWN_NAMES)
    requirements = own_lines_removed(lines)
    kept = [entry for name, entry in names.items() if name.lower() not in _OWN_NAMES]
    if "pip" not in names:
        kept.append("pip")
    if requirements:
        kept.append({"pip": list(requirements)})  # type: ignore[arg-type]  # conda's own form
    python = None if needs else PythonSpecification(_version_of_conda(names), requirements, tuple(constraints))
    return CondaSpecification({**content, "dependencies": kept}, python, needs)


def _version_of_conda(names: dict[str, str]) -> str | None:
    found = re.search(r"\d+(?:\.\d+)*", names.get("python", "").replace("python", "", 1))
    return found[0] if found else None


def _version(path: Path, value: object) -> str | None:
    """A version that tools may be called with: a file of a stranger must not name a program, or an option, instead."""
    if value is None:
        return None
    version = str(value).strip()
    if not _VERSION.fullmatch(version) or value == 3.1:
        raise InvalidEnvironment(
            f"'python' of '{path}' is '{version}', which is no version of Python. Write it in quotes, such as '3.10': "
            "without them YAML makes 3.1 of that."
        )
    return version


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = load_yaml(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise InvalidEnvironment(f"'{path}' cannot be read: {exc.strerror}. Check the path.") from exc
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise InvalidEnvironment(f"'{path}' is not YAML: {exc}.") from exc
    if not isinstance(content, dict):
        if content is None:
            return {}
        raise InvalidEnvironment(f"'{path}' is not a mapping but '{type(content).__name__}'.")
    return content


def _strings(path: Path, key: str, value: object) -> list[str]:
    elements = _list(path, key, value)
    if not all(isinstance(element, (str, int, float)) for element in elements):
        raise _no_list(path, key, value)
    return [str(element) for element in elements]


def _list(path: Path, key: str, value: object) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise _no_list(path, key, value)
    return value or []


def _no_list(path: Path, key: str, value: object) -> InvalidEnvironment:
    return InvalidEnvironment(f"'{key}' of '{path}' is '{value}'; expected a list of requirements.")


def _expand(
    line: str, folder: Path, requirements: list[str], constraints: list[str], within: tuple[Path, ...] = ()
) -> None:
    """Take the lines of files that a line names; paths of packages become absolute.

    Args:
        line: of a requirements file.
        folder: that relative paths start from.
        requirements: takes the lines.
        constraints: likewise, those of constraints.
        within: the files that the line is read from, each named by the one before.

    Raises:
        InvalidEnvironment: a file cannot be read, or names itself.
    """
    text = " ".join(re.sub(r"(^|\s)#.*$", "", line).split())
    option = _FILE_OPTION.fullmatch(text)
    if not text:
        return
    if option is None:
        requirements.append(_absolute(text, folder))
        return
    target = (folder / option[2].strip()).resolve()
    if target in within:
        raise InvalidEnvironment(f"The requirements file '{target}' names itself by '{text}'. Take that line out.")
    into = constraints if option[1] in {"-c", "--constraint"} else requirements
    for inner in _lines(target):
        _expand(inner, target.parent, into, constraints, (*within, target))


def _lines(path: Path) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "it is no text in UTF-8"
        raise InvalidEnvironment(
            f"The requirements file '{path}' cannot be read: {reason}. Check the path and the file."
        ) from exc
    yield from text.replace("\\\n", " ").splitlines()


def _absolute(line: str, folder: Path) -> str:
    editable, marker, target = line.rpartition("-e ") if line.startswith("-e ") else ("", "", line)
    local = target.startswith((".", "/")) and "://" not in target
    local = local or (target.endswith(".whl") and (folder / target).is_file())
    return f"{editable}{marker}{(folder / target).resolve() if local else target}"


def own_lines_removed(lines: list[str]) -> tuple[str, ...]:
    """Requirements without mlflow under any of its names: the running distribution is installed in its place."""
    kept = []
    for line in lines:
        name = _NAME.match(line)
        if _OWN_WHEEL.fullmatch(line):
            continue
        if (
            name
            and re.sub(r"[-_.]+", "-", name[0]).lower() in _OWN_NAMES
            and not line[name.end() :].startswith(("/", ":"))
        ):
            continue
        kept.append(line)
    return tuple(kept)
