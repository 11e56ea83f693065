"""Reading an `mlruns` folder: the file store that MLflow kept experiments in, a folder a run, a file a param."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

from mlflow._yaml import load_yaml
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.run_status import RunStatus
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.sql.bulk_logged_models import LoggedModelRecord
from mlflow.sql.bulk_records import Counts, ExperimentRecord, RunRecord, Series
from mlflow.sql.bulk_registry import ModelRecord
from mlflow.transfer.metric_file import read_metric_file
from mlflow.transfer.mlruns_logged_models import read_model_folder
from mlflow.transfer.mlruns_models import read_model_folders

__all__ = ["MlrunsFolder"]

_TRASH = ".trash"
_META = "meta.yaml"
_OTHERS = {"models", "datasets", "traces", "tags", "inputs", "outputs", "evaluation_datasets"}
_BYTES_A_POINT = 32

Meta = dict[str, Any]


class MlrunsFolder:
    """Experiments, runs and histories below an `mlruns` folder.

    Args:
        root: the folder.

    Raises:
        ResourceDoesNotExist: there is no such folder.
        InvalidParameterValue: it holds no experiments.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._experiments: dict[str, Path] = {}
        self._runs: dict[str, Path] = {}
        self._left_out: dict[str, int] = {}
        self._unread_lines: dict[Path, int] = {}
        self._unread_runs: set[str] = set()
        self._unread_models = 0
        if not root.is_dir():
            raise ResourceDoesNotExist(f"There is no folder '{root}'. Check the path.")
        if not any(root.glob(f"*/{_META}")) and not any(root.glob(f"{_TRASH}/*/{_META}")):
            raise InvalidParameterValue(f"'{root}' holds no experiments: no folder in it has a {_META}. Check it.")

    def experiments(self) -> list[ExperimentRecord]:
        """All experiments, those in the trash last; a folder whose meta.yaml cannot be read is left out."""
        found = []
        for folder in [*_folders(self._root), *_folders(self._root / _TRASH)]:
            if folder.name in _OTHERS or not (folder / _META).exists():
                continue
            meta = _read_meta(folder)
            if meta is None or not meta.get("name"):
                self._leave_out("experiments whose meta.yaml cannot be read")
                continue
            experiment_id = str(meta.get("experiment_id", folder.name))
            self._experiments[experiment_id] = folder
            found.append(self._experiment(experiment_id, folder, meta))
        return found

    def sizes(self, experiment_ids: Sequence[str]) -> dict[str, int]:
        """The runs of experiments, each with its number of points, guessed from the sizes of files."""
        sizes: dict[str, int] = {}
        for experiment_id in experiment_ids:
            for folder in _folders(self._experiments[experiment_id]):
                if folder.name not in _OTHERS and (folder / _META).exists():
                    self._runs[folder.name] = folder
                    files = _files(folder / "metrics").values()
                    sizes[folder.name] = sum(path.stat().st_size for path in files) // _BYTES_A_POINT
        return sizes

    def runs(self, run_ids: Sequence[str]) -> list[RunRecord]:
        """These runs with params, tags and inputs."""
        records = []
        for run_id in run_ids:
            meta = _read_meta(self._runs[run_id])
            if meta is None:
                self._unread_runs.add(run_id)
            else:
                records.append(_run(self._runs[run_id], meta))
        return records

    def keys(self, run_id: str) -> dict[str, int]:
        """The metrics of a run, each with a guess of its number of points."""
        files = _files(self._runs[run_id] / "metrics")
        return {key: path.stat().st_size // _BYTES_A_POINT for key, path in files.items()}

    def series(self, run_ids: Sequence[str]) -> list[Series]:
        """All points of these runs."""
        return [series for run_id in run_ids for series in self.series_of(run_id)]

    def series_of(self, run_id: str) -> Iterator[Series]:
        """All points of one run, metric by metric."""
        for key, path in _files(self._runs[run_id] / "metrics").items():
            points, unread = read_metric_file(path)
            if unread:
                self._unread_lines[path] = unread
            yield Series(run_id, key, points)

    def counts(self, run_ids: Sequence[str]) -> dict[str, Counts]:
        """How much each of these runs has; reads their metrics again."""
        return {run_id: self._counts(run_id) for run_id in run_ids if run_id not in self._unread_runs}

    def models(self) -> list[ModelRecord]:
        """All registered models, by name; those that cannot be read are left out."""
        found, unread = read_model_folders(self._root / "models", _read_meta, _texts, self._moved_source)
        self._unread_models = unread
        return found

    def logged_models(self) -> Iterator[LoggedModelRecord]:
        """All logged models; those that cannot be read are left out."""
        for experiment_id, experiment in self._experiments.items():
            for folder in _folders(experiment / "models"):
                meta = _read_meta(folder) if (folder / _META).exists() else None
                if meta is None:
                    self._leave_out("logged models whose meta.yaml cannot be read")
                else:
                    yield read_model_folder(folder, {"experiment_id": experiment_id} | meta, _texts, _files, _moved)

    def left_out(self) -> dict[str, int]:
        """What was not read, by kind."""
        found = {
            "runs whose meta.yaml cannot be read": len(self._unread_runs),
            "lines of metrics that cannot be read": sum(self._unread_lines.values()),
            "registered models and versions whose meta.yaml cannot be read": self._unread_models,
            "traces": self._count("traces"),
        }
        return self._left_out | {kind: count for kind, count in found.items() if count}

    def close(self) -> None:
        """Nothing is held open."""

    def _experiment(self, experiment_id: str, folder: Path, meta: Meta) -> ExperimentRecord:
        created = _integer(meta.get("creation_time"))
        return ExperimentRecord(
            experiment_id=experiment_id,
            name=str(meta["name"]),
            artifact_location=_moved(str(meta.get("artifact_location") or ""), folder),
            deleted=meta.get("lifecycle_stage") == "deleted" or folder.parent.name == _TRASH,
            creation_time=created,
            last_update_time=_integer(meta.get("last_update_time")) or created,
            tags=_texts(folder / "tags"),
        )

    def _counts(self, run_id: str) -> Counts:
        folder = self._runs[run_id]
        points = sum(len(series.points.distinct()) for series in self.series_of(run_id))
        uses = _uses(folder)
        return Counts(points, len(_files(folder / "params")), len(_files(folder / "tags")), len(uses))

    def _count(self, kind: str) -> int:
        return sum(
            (entry / _META).exists() or (entry / "trace_info.yaml").exists()
            for folder in self._experiments.values()
            for entry in _folders(folder / kind)
        )

    def _moved_source(self, uri: str) -> str:
        """Where a version's files are: in the run that held them, when the store was moved."""
        for run_id, folder in self._runs.items():
            before, found, below = uri.partition(f"/{run_id}/artifacts/")
            if found and before:
                return _moved(uri, folder / "artifacts" / unquote(below))
        return uri

    def _leave_out(self, kind: str) -> None:
        self._left_out[kind] = self._left_out.get(kind, 0) + 1


def _run(folder: Path, meta: Meta) -> RunRecord:
    tags = _texts(folder / "tags")
    end = _integer(meta.get("end_time"))
    return RunRecord(
        run_id=folder.name,
        experiment_id=str(meta.get("experiment_id", folder.parent.name)),
        name=str(meta.get("run_name") or tags.get("mlflow.runName") or meta.get("name") or ""),
        user_id=str(meta.get("user_id") or ""),
        status=_status(meta.get("status")),
        start_time=_integer(meta.get("start_time")) or 0,
        end_time=end,
        deleted=meta.get("lifecycle_stage") == "deleted",
        deleted_time=_integer(meta.get("deleted_time")),
        artifact_uri=_moved(str(meta.get("artifact_uri") or ""), folder / "artifacts"),
        params=_texts(folder / "params"),
        tags=tags,
        datasets=_uses(folder),
        models=[
            LoggedModelInput(str(link["source_id"]))
            for link in _links(folder / "inputs")
            if link.get("source_type") in {"MODEL", "MODEL_INPUT", "LOGGED_MODEL"}
        ],
        outputs=[
            LoggedModelOutput(str(link["destination_id"]), _integer(link.get("step")) or 0)
            for link in _links(folder / "outputs")
        ],
    )


def _uses(folder: Path) -> list[DatasetInput]:
    """The datasets a run used."""
    found = []
    for link in _links(folder / "inputs"):
        meta = _read_meta(folder.parent / "datasets" / str(link.get("source_id")))
        if link.get("source_type") != "DATASET" or meta is None:
            continue
        dataset = Dataset(
            str(meta.get("name") or ""),
            str(meta.get("digest") or ""),
            str(meta.get("source_type") or ""),
            str(meta.get("source") or ""),
            meta.get("schema"),
            meta.get("profile"),
        )
        tags = [InputTag(str(key), str(value)) for key, value in (link.get("tags") or {}).items()]
        found.append(DatasetInput(dataset, tags))
    return found


def _links(folder: Path) -> list[Meta]:
    return [meta for entry in _folders(folder) if (meta := _read_meta(entry)) is not None]


def _status(status: object) -> str:
    """The name of a state; old files have its number."""
    try:
        return RunStatus.to_string(int(str(status)))
    except (ValueError, InvalidParameterValue):
        return str(status or "RUNNING")


def _moved(uri: str, actual: Path) -> str:
    """The place of files: `uri` as it stands, unless it names a local folder that has moved to `actual`."""
    scheme = urlsplit(uri).scheme
    if len(scheme) > 1 and scheme != "file":  # one letter is a Windows drive
        return uri
    path = Path(unquote(urlsplit(uri).path) if scheme == "file" else uri)
    return uri if uri and path.is_absolute() and path.exists() else actual.absolute().as_uri()


def _texts(folder: Path) -> dict[str, str]:
    """The content of each file below a folder, by its path."""
    return {key: path.read_bytes().decode("utf-8", "replace") for key, path in _files(folder).items()}


def _files(folder: Path) -> dict[str, Path]:
    """The files below a folder by their path in it: a key with a slash is a file in a folder."""
    found: dict[str, Path] = {}
    for at, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(at) / name
            found[path.relative_to(folder).as_posix()] = path
    return found


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_dir() and not entry.name.startswith("."))


def _read_meta(folder: Path) -> Meta | None:
    """The meta.yaml of a folder; None when there is none that can be read."""
    try:
        meta = load_yaml((folder / _META).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    return meta if isinstance(meta, dict) else None


def _integer(value: object) -> int | None:
    try:
        return None if value is None else int(str(value))
    except ValueError:
        return None
