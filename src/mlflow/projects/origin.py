"""What a project's run records of its origin besides what its command records itself: for `mlflow reproduce`."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from mlflow.artifacts import download_artifacts
from mlflow.environment_variables import MLFLOW_CAPTURE
from mlflow.exceptions import MlflowException
from mlflow.tracking.capture import layout
from mlflow.tracking.capture.git import GitFailed
from mlflow.tracking.capture.repository import find_repository
from mlflow.tracking.capture.source import SourceParts, capture_source
from mlflow.tracking.capture.status import read_status
from mlflow.tracking.media.artifact_file import ArtifactFile
from mlflow.tracking.run_files import RunFiles

__all__ = ["ProjectOrigin"]

_logger = logging.getLogger(__name__)


class ProjectOrigin:
    """Around a command: its code as it was before, stored after, unless the command recorded its own.

    What fails is logged; the run goes on.

    Args:
        run_id: of the run.
        tracking_uri: where it is.
        folder: the project's.
        argv: the command.
        kind: of environment.
    """

    def __init__(self, run_id: str, tracking_uri: str, folder: Path, argv: Sequence[str], kind: str) -> None:
        self._run_id, self._uri, self._folder = run_id, tracking_uri, folder
        self._record = {"argv": list(argv), "folder": str(folder), "environment": kind}
        self._place = tempfile.TemporaryDirectory(prefix="mlflow-origin-")
        self._source: list[ArtifactFile] = []

    def __enter__(self) -> Self:
        repository = find_repository(self._folder) if MLFLOW_CAPTURE.get() else None
        if repository is not None:
            self._record["root"] = str(repository.root)
            try:
                status = read_status(repository.root)
                self._source = capture_source(repository, status, Path(self._place.name), SourceParts()).files
            except (GitFailed, OSError) as exc:
                _logger.info("No source was recorded: %s", exc)
        return self

    def __exit__(self, *raised: object) -> None:
        try:
            if MLFLOW_CAPTURE.get():
                files = [] if self._has_source() else self._source
                record = json.dumps(self._record, indent=2).encode()
                RunFiles(self._uri, self._run_id).put([ArtifactFile(layout.PROJECT, record), *files])
        except Exception:
            _logger.warning("The origin of the run could not be recorded; the run is as it is.", exc_info=True)
        finally:
            self._place.cleanup()

    def _has_source(self) -> bool:
        """Whether the command recorded its source."""
        try:
            download_artifacts(
                run_id=self._run_id,
                artifact_path=layout.SOURCE_MANIFEST,
                dst_path=self._place.name,
                tracking_uri=self._uri,
            )
        except MlflowException:
            return False
        return True
