"""What a run recorded of its origin, read back; and what it did not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from mlflow.artifacts import download_artifacts
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.projects.workflow import STEP_NAME
from mlflow.temporary_folders import lasting_folder
from mlflow.tracking.capture import layout
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.run_tags import MLFLOW_PARENT_RUN_ID

__all__ = ["Gap", "Record", "dataset_digests", "read_record"]

_REDACTED = "[redacted]"


class Gap(NamedTuple):
    """Something that a repetition lacks.

    Attributes:
        what: it is, and what follows.
        fatal: without it nothing is run.
        about: "Not recorded", or "Data", which was recorded and is not the same any more.
    """

    what: str
    fatal: bool = False
    about: str = "Not recorded"

    def __str__(self) -> str:
        return f"{self.about}: {self.what}"


class Record(msgspec.Struct, frozen=True):
    """The origin of a run.

    Attributes:
        run: the run.
        files: a local copy of the folder that origins are recorded in; it goes with the process at the latest.
        source: the manifest of its code; empty when none was recorded.
        process: how it was started; likewise.
        project: the command of the project that it ran; likewise.
        lock: the installed packages, a line each.
        entry: the script or notebook itself.
        data: what is known of the local files of its data sets, by their name and digest.
    """

    run: Run
    files: Path
    source: dict[str, Any]
    process: dict[str, Any]
    project: dict[str, Any]
    lock: tuple[str, ...]
    entry: Path | None
    data: dict[tuple[str, str], dict[str, Any]] = {}

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.run.info.run_id

    @property
    def root(self) -> Path | None:
        """Where the top folder of the repository was."""
        root = self.source.get("root")
        return Path(root) if root else None

    @property
    def python(self) -> str | None:
        """The version of Python."""
        return (self.process.get("python") or {}).get("version") or self.project.get("python")

    @property
    def notebook(self) -> Path | None:
        """The cells that it executed, else its notebook's file; None for other programs."""
        kind = (self.process.get("entry_point") or {}).get("kind")
        if self.project or kind not in {"notebook", "console"}:
            return None
        file = self.entry if self.entry is not None and self.entry.suffix == ".ipynb" else None
        return self.file(layout.SOURCE_CELLS) or file

    def file(self, path: str) -> Path | None:
        """A recorded file; None when it was not."""
        found = self.files / Path(path).relative_to(layout.ROOT)
        return found if found.is_file() else None

    def command(self) -> list[str] | None:
        """The command as it was given, beginning with the program."""
        argv = self.project.get("argv") or self.process.get("command")
        return [str(word) for word in argv] if argv else None

    def gaps(self) -> list[Gap]:
        """What is missing for repeating it, what is fatal first."""
        gaps = [*self._gaps_of_command(), *self._gaps_of_code()]
        if not self.lock:
            gaps.append(Gap("The installed packages were not recorded: those of this environment are used."))
        if "PYTHONHASHSEED" not in (self.process.get("variables") or {}):
            gaps.append(Gap("PYTHONHASHSEED was not set, so the order of sets of texts may differ."))
        return sorted(gaps, key=lambda gap: not gap.fatal)

    def _gaps_of_command(self) -> list[Gap]:
        command = self.command()
        kind = (self.process.get("entry_point") or {}).get("kind")
        if command is None:
            parent = self.run.data.tags.get(MLFLOW_PARENT_RUN_ID)
            hint = f" It ran inside of run '{parent}': repeat that one." if parent else ""
            return [Gap(f"How it was started was not recorded.{hint}", fatal=True)]
        if not self.project and kind in {"notebook", "console"}:
            return self._gaps_of_cells(str(kind))
        if any(_REDACTED in word for word in command):
            return [Gap("An argument named like a password was not recorded, so the command is cut.", fatal=True)]
        return []

    def _gaps_of_cells(self, kind: str) -> list[Gap]:
        if self.notebook is None:
            how = "run it in IPython or Jupyter, with MLFLOW_CAPTURE_CELLS on and at most 2 MiB of cells"
            return [
                Gap(f"It ran in a {kind}, and what was typed there was not recorded. To have it, {how}.", fatal=True)
            ]
        if self.file(layout.SOURCE_CELLS) is None:
            return [Gap("The cells that ran: the notebook's file, as it was saved, is run from top to bottom instead.")]
        return []

    def _gaps_of_code(self) -> list[Gap]:
        if not self.source:
            if self.notebook is not None:
                return [Gap("It was in no git repository: only its cells were recorded.")]
            if self.entry is None and (self.process.get("entry_point") or {}).get("kind") != "command":
                return [Gap("No code was recorded: it was in no git repository, and no script.", fatal=True)]
            return [Gap("It was in no git repository: only the script itself was recorded.")]
        left = self.source.get("left_out") or {}
        missing = {path: reason for path, reason in left.items() if reason != "made by a tool"}
        shown = [Gap(f"'{path}' was not recorded: {reason}.") for path, reason in missing.items()]
        if self.source.get("commit") is None and self.source.get("repository", True):
            shown.append(Gap("The repository had no commit yet: its files come from the diff and the untracked ones."))
        return shown


def read_record(client: MlflowClient, run_id: str) -> Record:
    """Read what a run recorded.

    Raises:
        ResourceDoesNotExist: there is no such run.
    """
    run = client.get_run(run_id)
    files = lasting_folder("record")
    wanted = [layout.SOURCE_MANIFEST, layout.SOURCE_CELLS, layout.PROCESS, layout.PACKAGES, layout.PROJECT, layout.DATA]
    for path in wanted:
        _fetch(client, run_id, path, files)
    source_id = run_id
    if not _json(files, layout.SOURCE_MANIFEST) and STEP_NAME in run.data.tags:
        source_id = run.data.tags.get(MLFLOW_PARENT_RUN_ID, run_id)  # the workflow has its steps' code
        _fetch(client, source_id, layout.SOURCE_MANIFEST, files)
    source = _json(files, layout.SOURCE_MANIFEST)
    for path in source.get("parts") or ():
        _fetch(client, source_id, path, files)
    process = _json(files, layout.PROCESS)
    entry = _fetch_entry(client, run_id, process, files)
    lock_file = files / Path(layout.PACKAGES).relative_to(layout.ROOT)
    lines = lock_file.read_text(encoding="utf-8").splitlines() if lock_file.is_file() else []
    lock = tuple(line for line in lines if line and not line.startswith("#"))
    data = {(str(one["name"]), str(one["digest"])): one for one in _json(files, layout.DATA).get("sources") or ()}
    return Record(run, files, source, process, _json(files, layout.PROJECT), lock, entry, data)


def dataset_digests(run: Run) -> dict[str, str]:
    """Digests of the data sets that a run logged, by name."""
    return {use.dataset.name: use.dataset.digest for use in run.inputs.dataset_inputs}


def _fetch_entry(client: MlflowClient, run_id: str, process: dict[str, Any], files: Path) -> Path | None:
    name = (process.get("entry_point") or {}).get("name")
    script = next(iter(process.get("argv") or ()), None)
    for candidate in filter(None, (name, script)):
        path = f"{layout.SOURCE_ENTRY_FOLDER}/{Path(candidate).name}"
        if _fetch(client, run_id, path, files):
            return files / Path(path).relative_to(layout.ROOT)
    return None


def _fetch(client: MlflowClient, run_id: str, path: str, files: Path) -> bool:
    target = files / Path(path).relative_to(layout.ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        download_artifacts(
            run_id=run_id, artifact_path=path, dst_path=str(target.parent), tracking_uri=client.tracking_uri
        )
    except MlflowException:
        return False
    return target.is_file()


def _json(files: Path, path: str) -> dict[str, Any]:
    try:
        found = json.loads((files / Path(path).relative_to(layout.ROOT)).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
