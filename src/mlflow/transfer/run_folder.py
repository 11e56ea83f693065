"""The folder format of exported runs, version 1; docs/export.md describes it.

export.json                     what this is
experiments/<id>.json           an experiment
runs/<run id>/run.json          facts, params, tags, inputs, outputs, and the number of points of each metric
runs/<run id>/metrics.csv       key,step,timestamp,value
runs/<run id>/artifacts/…       files
runs/<run id>/files.json        size and SHA-256 of each file above; written last, so a run without it is not whole
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import ArtifactStore
from mlflow.contract.names import check_run_id
from mlflow.exceptions import DataLoss, InvalidParameterValue
from mlflow.transfer.exported_run import ExportedRun, History
from mlflow.transfer.history_file import read_histories, write_histories
from mlflow.transfer.run_record import experiment_from, experiment_record, run_from, run_record
from mlflow.version import VERSION

__all__ = ["FORMAT", "FORMAT_VERSION", "FolderOrigin", "FolderRun", "RunFolder"]

FORMAT = "mlflow-runs"
FORMAT_VERSION = 1
_BLOCK = 1 << 20
_FILES = "files.json"


class _File(msgspec.Struct, frozen=True):
    size: int
    sha256: str


class RunFolder:
    """A folder that runs are exported to.

    Args:
        root: new, empty, or begun by an earlier export.

    Raises:
        InvalidParameterValue: there is something else.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        mark = root / "export.json"
        if root.exists() and not mark.exists() and (not root.is_dir() or any(root.iterdir())):
            raise InvalidParameterValue(f"'{root}' exists and is no export. Choose a new folder.")
        root.mkdir(parents=True, exist_ok=True)
        if mark.exists():
            _check_format(root)
        else:
            _write_json(mark, {"format": FORMAT, "version": FORMAT_VERSION, "mlflow_version": VERSION})

    def add(self, exported: ExportedRun, *, artifacts: bool = True) -> bool:
        """Write a run; False when it is there already, as it is now.

        Args:
            exported: the run.
            artifacts: write its files too.
        """
        run, experiment = exported.run, exported.experiment
        folder = self.root / "runs" / _checked(run.info.run_id)
        record = run_record(run) | {"artifacts": artifacts}
        if _is_whole(folder, record):
            return False
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILES).unlink(missing_ok=True)
        _write_json(
            self.root / "experiments" / f"{_checked(experiment.experiment_id)}.json", experiment_record(experiment)
        )
        points = write_histories(folder / "metrics.csv", exported.histories())
        store = exported.artifacts() if artifacts else None
        if store is not None:
            store.download(ArtifactPath(), folder / "artifacts")
        _write_json(folder / "run.json", record | {"points": points})
        files = {name: _digest(path) for name, path in _files(folder)}
        _write_json(folder / _FILES, msgspec.to_builtins(files))
        return True


class FolderOrigin:
    """Exported runs as an origin.

    Args:
        root: the folder.
        run_ids: only these; all when omitted.

    Raises:
        InvalidParameterValue: the folder is no export, or of a later version, or lacks a run that is named.
    """

    def __init__(self, root: Path, run_ids: tuple[str, ...] = ()) -> None:
        self._root = root
        _check_format(root)
        found = sorted(path.name for path in (root / "runs").glob("*") if path.is_dir())
        missing = [run_id for run_id in run_ids if run_id not in found]
        if missing:
            raise InvalidParameterValue(f"'{root}' has no run '{missing[0]}'. It has: {', '.join(found[:5])} …")
        wanted = [FolderRun(root, run_id) for run_id in (run_ids or found)]
        self._runs = sorted(wanted, key=lambda exported: exported.run.info.start_time or 0)

    def count(self) -> int:
        """How many runs there are."""
        return len(self._runs)

    def runs(self) -> Iterator[FolderRun]:
        """The runs, the first started first; each is checked against its digests before it is handed out.

        Raises:
            DataLoss: a file is missing, or not what was exported.
        """
        for exported in self._runs:
            exported.check()
            yield exported


class FolderRun:
    """An exported run."""

    def __init__(self, root: Path, run_id: str) -> None:
        self._folder = root / "runs" / _checked(run_id)
        record = _read_json(self._folder / "run.json")
        self._has_artifacts = bool(record.get("artifacts"))
        try:
            self.run = run_from(record)
            experiment_id = _checked(self.run.info.experiment_id)
            self.experiment = experiment_from(_read_json(root / "experiments" / f"{experiment_id}.json"))
        except (KeyError, TypeError, ValueError, msgspec.ValidationError) as exc:
            raise DataLoss(f"'{self._folder / 'run.json'}' is no run: {exc}. Export it again.") from exc

    def histories(self) -> Iterator[History]:
        """The history of each metric."""
        return read_histories(self._folder / "metrics.csv")

    def artifacts(self) -> ArtifactStore | None:
        """The exported files; None when they were left out."""
        return LocalStore(self._folder / "artifacts") if self._has_artifacts else None

    def check(self) -> None:
        """Raise `DataLoss` unless every file is as it was exported."""
        path = self._folder / _FILES
        if not path.exists():
            raise DataLoss(f"The export of run '{self.run.info.run_id}' was not finished; repeat it.")
        expected = _listed(path)
        there = dict(_files(self._folder))
        for name, file in expected.items():
            if name not in there:
                raise DataLoss(f"The file '{self._folder / name}' is missing. Export the run again.")
            if _digest(there[name]) != file:
                raise DataLoss(f"The file '{self._folder / name}' is not what was exported. Export the run again.")
        extra = there.keys() - expected.keys()
        if extra:
            raise DataLoss(f"The file '{self._folder / min(extra)}' does not belong to the export. Remove it.")


def _check_format(root: Path) -> None:
    mark = root / "export.json"
    if not mark.is_file():
        raise InvalidParameterValue(f"'{root}' is no export: it has no export.json. Check the path.")
    facts = _read_json(mark)
    if facts.get("format") != FORMAT:
        raise InvalidParameterValue(f"'{mark}' is not of the format {FORMAT}. Check the path.")
    if not isinstance(facts.get("version"), int) or facts["version"] > FORMAT_VERSION:
        raise InvalidParameterValue(
            f"'{root}' is of version {facts.get('version')} of the format; this mlflow reads {FORMAT_VERSION}. Upgrade."
        )


def _checked(name: str) -> str:
    """An id that is to be the name of a folder."""
    check_run_id(name)
    return name


def _is_whole(folder: Path, record: dict[str, Any]) -> bool:
    """Whether the run was exported as it is now."""
    if not (folder / _FILES).exists():
        return False
    kept = _read_json(folder / "run.json")
    kept.pop("points", None)
    return kept == record


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below a run's folder but the list itself, by its path in it; links are refused."""
    for at, _, names in os.walk(folder):
        for name in names:
            path = Path(at) / name
            relative = path.relative_to(folder).as_posix()
            if not stat.S_ISREG(path.lstat().st_mode):
                raise InvalidParameterValue(f"'{path}' is no plain file. Remove it from the export.")
            if relative != _FILES:
                yield relative, path


def _digest(path: Path) -> _File:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return _File(size, digest.hexdigest())


def _listed(path: Path) -> dict[str, _File]:
    try:
        return msgspec.convert(_read_json(path), dict[str, _File])
    except msgspec.ValidationError as exc:
        raise DataLoss(f"'{path}' is no list of files: {exc}. Export the run again.") from exc


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except FileNotFoundError as exc:
        raise DataLoss(f"The file '{path}' is missing. Export again.") from exc
    except ValueError as exc:
        raise DataLoss(f"'{path}' is no JSON: {exc}. Export again.") from exc
    if not isinstance(value, dict):
        raise DataLoss(f"'{path}' holds no JSON object. Export again.")
    return value


def _write_json(path: Path, value: object) -> None:
    """Write a whole file at once: it is there with all its content or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".tmp")
    draft.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
