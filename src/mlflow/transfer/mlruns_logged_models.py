"""Logged models of an `mlruns` folder: `<experiment>/models/m-…`, with a file a param, tag and metric."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mlflow.entities.metric import Metric
from mlflow.sql.bulk_logged_models import LoggedModelRecord

__all__ = ["read_model_folder"]

_LEAST = 4  # words in the line of a point; a dataset's name and digest may follow


def read_model_folder(
    folder: Path,
    meta: dict[str, Any],
    texts: Callable[[Path], dict[str, str]],
    files: Callable[[Path], dict[str, Path]],
    moved: Callable[[str, Path], str],
) -> LoggedModelRecord:
    """The model of a folder.

    Args:
        folder: its own.
        meta: what its meta.yaml says.
        texts: reads a folder of texts.
        files: the files of a folder, by key.
        moved: the place of files that were moved with the store, given where they were and where they would be.
    """
    model_id = str(meta.get("model_id", folder.name))
    created = int(meta.get("creation_timestamp") or 0)
    metrics = files(folder / "metrics")
    return LoggedModelRecord(
        model_id=model_id,
        experiment_id=str(meta.get("experiment_id")),
        name=str(meta.get("name") or model_id),
        artifact_location=moved(str(meta.get("artifact_location") or ""), folder / "artifacts"),
        creation_timestamp=created,
        last_updated_timestamp=int(meta.get("last_updated_timestamp") or created),
        status=int(meta.get("status") or 0),
        status_message=meta.get("status_message"),
        model_type=str(meta.get("model_type") or ""),
        source_run_id=str(meta.get("source_run_id") or ""),
        deleted=meta.get("lifecycle_stage") == "deleted",
        params=texts(folder / "params"),
        tags=texts(folder / "tags"),
        points=[point for key, path in metrics.items() for point in _points(model_id, key, path)],
    )


def _points(model_id: str, key: str, path: Path) -> Iterator[Metric]:
    for line in path.read_text(errors="replace").splitlines():
        words = line.split()
        if len(words) < _LEAST:
            continue
        name, digest = (" ".join(words[_LEAST:-1]), words[-1]) if len(words) > _LEAST + 1 else (None, None)
        try:
            yield Metric(key, float(words[1]), int(words[0]), int(words[2]), model_id, name, digest, words[3])
        except ValueError:
            continue
