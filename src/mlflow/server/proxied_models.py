"""Logged models among the proxied files of their run, for the clients of MLflow 2, which know no logged models.

Those clients list and download a run's files by their place behind the proxy, and never ask for the run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.proxy import ArtifactProxy, Reply
from mlflow.contract.caller import EVERYONE
from mlflow.entities.file_info import FileInfo
from mlflow.exceptions import MlflowException, ResourceDoesNotExist
from mlflow.server.run_artifacts import RunFiles, ServedRunArtifacts

__all__ = ["ProxiedModels"]

_OLDER_CLIENT = re.compile(r"mlflow-python-client/[12]\.")
_RUN_ID = re.compile(r"[0-9a-f]{32}")


class ProxiedModels:
    """What the proxy answers, and beyond that what runs' models have at the same place.

    Args:
        proxy: the files this server serves.
        runs: finds runs and their models.
    """

    def __init__(self, proxy: ArtifactProxy, runs: RunFiles) -> None:
        self._proxy, self._runs = proxy, runs
        self._listings = ServedRunArtifacts(runs)

    def list(self, path: str | None, headers: Mapping[str, str]) -> list[FileInfo]:
        """The files of a folder, by base name; to a client of MLflow 2 the models too that the folder's run made."""
        place = self._place(path or "") if _OLDER_CLIENT.match(headers.get("user-agent", "")) else None
        if place is None:
            return self._proxy.list(path)
        run_id, below = place
        entries = self._listings.list_artifacts(EVERYONE, run_id, str(below)).files
        return [FileInfo(entry.path.rpartition("/")[2], entry.is_dir, entry.file_size) for entry in entries]

    def read(self, path: str, headers: Mapping[str, str], method: str) -> Reply:
        """A file; where there is none, that of a model which the run at this place made."""
        try:
            return self._proxy.read(path, headers, method)
        except ResourceDoesNotExist:
            place = self._place(path)
            found = self._runs.in_model(*place) if place is not None else None
            if found is None:
                raise
            files, inside = found
            return files.read(str(inside), headers, method)

    def _place(self, path: str) -> tuple[str, ArtifactPath] | None:
        """The run whose artifacts are at a place behind the proxy, and the path below their root."""
        parsed = ArtifactPath.parse(path)
        for run_id in filter(_RUN_ID.fullmatch, parsed.parts):
            try:
                files, root = self._runs.place(run_id)
            except MlflowException:
                continue
            if files is self._proxy and parsed.parts[: len(root.parts)] == root.parts:
                return run_id, ArtifactPath(parsed.parts[len(root.parts) :])
        return None
