"""What a backend implements."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from mlflow.projects.submitted_run import SubmittedRun

__all__ = ["AbstractBackend"]


class AbstractBackend:
    """Runs projects somewhere. A distribution names what makes its own under the group `mlflow.project_backend`."""

    @abstractmethod
    def run(
        self,
        project_uri: str,
        entry_point: str,
        params: Mapping[str, Any],
        version: str | None,
        backend_config: dict[str, Any],
        tracking_uri: str,
        experiment_id: str,
    ) -> SubmittedRun:
        """Submit an entry point.

        Args:
            project_uri: a folder, a git address or a zip.
            entry_point: its name.
            params: values by name.
            version: a branch, tag or commit.
            backend_config: what the caller gave for this backend, and what `mlflow.projects.settings` names.
            tracking_uri: where the run is recorded.
            experiment_id: the experiment it belongs to.
        """
