"""What a project's run records of its origin besides what its command records itself: for `mlflow reproduce`."""

from __future__ import annotations

import json
import logging
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from mlflow.artifacts import download_artifacts
from mlflow.environment_variables import MLFLOW_CAPTURE, MLFLOW_CAPTURE_PACKAGES
from mlflow.environments.built import Activation
from mlflow.exceptions import MlflowException
from mlflow.temporary_folders import held_folder, release
from mlflow.tracking.capture import layout
from mlflow.tracking.capture.git import GitFailed
from mlflow.tracking.capture.packages import package_lock
from mlflow.tracking.capture.repository import find_repository
from mlflow.tracking.capture.source import SourceParts, capture_folder, capture_source
from mlflow.tracking.capture.status import read_status
from mlflow.tracking.media.artifact_file import ArtifactFile
from mlflow.tracking.run_files import RunFiles

__all__ = ["ProjectOrigin"]

_LOCK = "from mlflow.tracking.capture.packages import package_lock; print(package_lock(), end='')"

_logger = logging.getLogger(__name__)


class ProjectOrigin:
    """Around a command: its code as it was before, and its packages, stored after, unless the command recorded them.

    What fails is logged; the run goes on.

    Args:
        run_id: of the run.
        tracking_uri: where it is.
        folder: the project's.
        argv: the command; empty for a workflow, whose steps have theirs.
        activation: the environment; None for a workflow.
        source: record the code; a workflow does so for its steps.
    """

    def __init__(
        self,
        run_id: str,
        tracking_uri: str,
        folder: Path,
        argv: Sequence[str] = (),
        activation: Activation | None = None,
        *,
        source: bool = True,
    ) -> None:
        self._run_id, self._uri, self._folder = run_id, tracking_uri, folder
        self._activation, self._wants_source = activation, source
        kind = "workflow" if activation is None else activation.kind
        self._record: dict[str, Any] = {"argv": list(argv), "folder": str(folder), "environment": kind}
        self._place = held_folder("origin")
        self._source: list[ArtifactFile] = []

    def __enter__(self) -> Self:
        if MLFLOW_CAPTURE.get():
            try:
                self._capture_source()
            except (GitFailed, OSError) as exc:
                _logger.info("No source was recorded: %s", exc)
        return self

    def _capture_source(self) -> None:
        repository, place = find_repository(self._folder), self._place
        self._record["root"] = str(repository.root if repository is not None else self._folder)
        if not self._wants_source:
            return
        if repository is None:
            self._source = capture_folder(self._folder, place).files
        else:
            self._source = capture_source(repository, read_status(repository.root), place, SourceParts()).files

    def __exit__(self, *raised: object) -> None:
        try:
            if MLFLOW_CAPTURE.get():
                files = [] if self._source and self._has(layout.SOURCE_MANIFEST) else self._source
                packages = self._packages()
                record = json.dumps(self._record, indent=2).encode()
                RunFiles(self._uri, self._run_id).put([ArtifactFile(layout.PROJECT, record), *files, *packages])
        except Exception:
            _logger.warning("The origin of the run could not be recorded; the run is as it is.", exc_info=True)
        finally:
            release(self._place)

    def _packages(self) -> list[ArtifactFile]:
        """The lock of the environment, where the command has not recorded it."""
        if self._activation is None or not MLFLOW_CAPTURE_PACKAGES.get() or self._has(layout.PACKAGES):
            return []
        lock = _lock_of(self._activation)
        if lock is None:
            return []
        self._record["python"] = lock.split(maxsplit=3)[2]
        return [ArtifactFile(layout.PACKAGES, lock.encode())]

    def _has(self, path: str) -> bool:
        """Whether the command recorded it."""
        try:
            download_artifacts(
                run_id=self._run_id, artifact_path=path, dst_path=str(self._place), tracking_uri=self._uri
            )
        except MlflowException:
            return False
        return True


def _lock_of(activation: Activation) -> str | None:
    """What is installed in an environment; None in a container, which nobody can ask from outside."""
    if activation.kind == "local":
        return package_lock()
    if activation.folder is None:
        return None
    python = Path(activation.folder, "Scripts/python.exe" if os.name == "nt" else "bin/python")
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(  # noqa: S603 - an argument list; no shell
        [str(python), "-c", _LOCK], env=variables, capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        _logger.info("The packages of '%s' were not recorded: %s", activation.folder, done.stderr.strip()[-200:])
    return done.stdout if done.returncode == 0 else None
