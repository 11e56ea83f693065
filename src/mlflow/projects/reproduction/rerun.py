"""Run a recorded command again, in its code and its environment, for a run of its own."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from mlflow.environments.built import Activation
from mlflow.environments.python_environment import local_activation, python_environment
from mlflow.environments.specification import PythonSpecification, own_lines_removed
from mlflow.exceptions import ExecutionException
from mlflow.projects.command_process import CommandProcess, raising_on_termination
from mlflow.projects.reproduction.record import Record
from mlflow.tracking.capture.process import NUMERIC_VARIABLES

__all__ = ["CommandFailed", "Rerun", "locked_environment", "rerun_of", "working_folder"]

_SHOWN_LINES = 20
_NOT_INSTALLED = re.compile(r"pkg[-_]resources==0\.0\.0")


class CommandFailed(ExecutionException):
    """The repeated command failed."""


class Rerun(msgspec.Struct, frozen=True):
    """A command to run.

    Attributes:
        argv: the program and its arguments.
        folder: to run in.
        variables: set for it; None takes one away.
    """

    argv: list[str]
    folder: Path
    variables: dict[str, str | None]

    def run(self, log: Path) -> None:
        """Run it to its end.

        Args:
            log: the file for its output.

        Raises:
            CommandFailed: with the end of its output.
            KeyboardInterrupt, Terminated: this process was asked to end; the command was ended.
        """
        merged = {**os.environ, **self.variables}
        environment = {name: value for name, value in merged.items() if value is not None}
        with raising_on_termination(), CommandProcess.running(self.argv, self.folder, environment, log) as process:
            status = process.wait()
        if status != 0:
            words = "\n".join(log.read_text(errors="replace").splitlines()[-_SHOWN_LINES:])
            raise CommandFailed(f"The repeated command ended with {status}; the end of its output:\n{words}")


def locked_environment(record: Record, folder: Path) -> Activation:
    """The environment with exactly the recorded packages; without a lock, the one that runs here.

    Raises:
        EnvironmentFailed: a package or the Python is not to be had.
    """
    if not record.lock:
        return local_activation()
    lines = [_moved(line, record, folder) for line in record.lock if not _NOT_INSTALLED.match(line)]
    specification = PythonSpecification(record.python, own_lines_removed(lines), locked=True)
    return python_environment(specification, "virtualenv")


def _moved(line: str, record: Record, folder: Path) -> str:
    """A line of the lock whose path below the old folder leads into the new one."""
    line = line.partition("  #")[0]
    return line.replace(f"file://{record.root}", f"file://{folder}") if record.root else line


def working_folder(record: Record, folder: Path) -> tuple[Path, list[tuple[str, str]]]:
    """The folder that the command will run in, and what stands for the old folders of its code now.

    Args:
        record: of the run.
        folder: where its code is now.
    """
    places = _places(record, folder, None)
    old = record.project.get("folder") if record.project else record.process.get("working_directory")
    return _below(_moved_path(str(old or folder), places), folder), places


def rerun_of(record: Record, folder: Path, activation: Activation, run_variables: Mapping[str, str | None]) -> Rerun:
    """The recorded command, with paths of the old code's folder and Python led to the new ones."""
    recorded = record.process.get("variables") or {}
    numeric: dict[str, str | None] = {name: recorded.get(name) for name in NUMERIC_VARIABLES}
    variables: dict[str, str | None] = {**numeric, **activation.variables, **run_variables}
    variables |= {"MLFLOW_EXPERIMENT_NAME": None}
    command = record.command() or []
    where, _ = working_folder(record, folder)
    places = _places(record, folder, activation.folder)
    if record.project:
        return Rerun([_moved_path(word, places) for word in command], where, variables)
    python = str(Path(activation.folder or sys.prefix) / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    if record.notebook is not None:
        return Rerun([python, "-m", "mlflow.projects.reproduction.notebook", str(record.notebook)], where, variables)
    arguments = [_moved_path(word, places) for word in command[1:]]
    if not record.source and record.entry is not None:
        script = next(iter(record.process.get("argv") or ()), "")
        arguments = [record.entry.name if word == script else word for word in arguments]
    return Rerun([python, *arguments], where, variables)


def _places(record: Record, folder: Path, environment: str | None) -> list[tuple[str, str]]:
    """Old places and what stands for each now, the longest first."""
    places = []
    root = record.project.get("root") or record.source.get("root") or record.project.get("folder")
    if root:
        places.append((str(root), str(folder)))
    prefix = (record.process.get("python") or {}).get("prefix")
    if prefix and environment:
        places.append((str(prefix), environment))
    return sorted(places, key=lambda place: -len(place[0]))


def _moved_path(word: str, places: list[tuple[str, str]]) -> str:
    for old, new in places:
        pattern = rf"(?<![\w./-]){re.escape(old)}(?=$|[/'\"\s:;,)])"
        replaced = re.sub(pattern, lambda _, new=new: new, word)  # type: ignore[misc]  # bound now
        if replaced != word:
            return replaced
    return word


def _below(place: str, folder: Path) -> Path:
    """The folder to run in: that of the code, where the old one was elsewhere."""
    path = Path(place)
    return path if path.is_relative_to(folder) and path.is_dir() else folder
