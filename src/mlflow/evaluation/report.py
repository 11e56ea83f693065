"""What one evaluator found, and its way into the run."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mlflow.data.evaluation_dataset import EvaluationDataset
from mlflow.entities import Dataset as DatasetRecord
from mlflow.evaluation.artifacts import KINDS, EvaluationArtifact, JsonEvaluationArtifact
from mlflow.evaluation.result import EvaluationResult
from mlflow.temporary_folders import lasting_folder, release
from mlflow.tracking.active_run import current_run
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.fluent import log_metrics

__all__ = ["Report"]

TABLE = "eval_results_table"
_DPI = 144


class Report:
    """Collects metrics and files of a run; the files are sent together when the block ends.

    Args:
        run_id: the run.
        dataset: what the metrics were taken on.
        model_id: the logged model they are about.
        prefix: stands before the names of pictures' and tables' files.
    """

    def __init__(self, run_id: str, dataset: EvaluationDataset, model_id: str | None = None, prefix: str = "") -> None:
        self.run_id = run_id
        self._about = DatasetRecord(dataset.name, dataset.digest or dataset.hash, "", "")
        self._model_id = model_id
        self._prefix = prefix
        self._metrics: dict[str, Any] = {}
        self._artifacts: dict[str, EvaluationArtifact] = {}
        self._root = _artifact_root(run_id).rstrip("/")

    def __enter__(self) -> Self:
        self._folder = lasting_folder("report")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and any(self._folder.iterdir()):
                MlflowClient().log_artifacts(self.run_id, str(self._folder))
        finally:
            release(self._folder)

    def log_metrics(self, found: Mapping[str, Any]) -> None:
        """Log figures by the names they are given, with what they are about."""
        plain = {name: _plain(value) for name, value in found.items()}
        self._metrics |= plain
        log_metrics(plain, run_id=self.run_id, model_id=self._model_id, dataset=self._about)

    def add_picture(self, name: str, figure: Any) -> None:
        """Add a matplotlib figure."""
        from PIL import Image

        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=_DPI, facecolor="white")
        path = self._path(f"{self._prefix}{name}.png")
        path.write_bytes(buffer.getvalue())
        self._add(name, path, Image.open(buffer))

    def add_frame(self, name: str, frame: Any) -> None:
        """Add a DataFrame as a csv file."""
        path = self._path(f"{name}.csv")
        frame.to_csv(path, index=False)
        self._add(name, path, frame)

    def add_file(self, name: str, source: Path, content: Any) -> None:
        """Add a local file; its content is read here where it is not given, as the file will not stay."""
        path = self._path(source.name)
        path.write_bytes(source.read_bytes())
        self._add(name, path, content)
        if content is None:
            self._artifacts[name]._load(path)

    def add_table(self, frame: Any) -> None:
        """Log the table of results, a row for each row of the data."""
        file = f"{self._prefix}{TABLE}.json"
        MlflowClient().log_table(self.run_id, frame, file)
        split = json.loads(frame.to_json(orient="split", index=False))
        self._artifacts[TABLE] = JsonEvaluationArtifact(f"{self._root}/{file}", split)

    def result(self) -> EvaluationResult:
        """All that was found."""
        return EvaluationResult(self._metrics, self._artifacts, self.run_id)

    def _path(self, file: str) -> Path:
        return self._folder / file

    def _add(self, name: str, path: Path, content: Any) -> None:
        self._artifacts[name] = KINDS[path.suffix](f"{self._root}/{path.name}", content)


def _artifact_root(run_id: str) -> str:
    active = current_run()
    run = active if active is not None and active.run_id == run_id else MlflowClient().get_run(run_id)
    return run.info.artifact_uri or ""


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
