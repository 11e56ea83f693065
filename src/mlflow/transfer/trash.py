"""Emptying the trash of a database, files included."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.registry import Access, open_store
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.garbage import Collected, Due, Garbage
from mlflow.sql.store import open_store as open_database_store
from mlflow.stores import default_artifact_root
from mlflow.tracking.backend import request_headers
from mlflow.transfer.progress import Progress, silent

__all__ = ["Trash"]

_PROXIED = "mlflow-artifacts"


class Trash:
    """What is in the trash of a database.

    Args:
        uri: the database.
        older_than_ms: only what was put there at least so long ago.
        run_ids: only these runs.
        experiment_ids: only these experiments, with their runs and logged models.
        model_ids: only these logged models.
    """

    def __init__(
        self,
        uri: str,
        older_than_ms: int,
        run_ids: Sequence[str],
        experiment_ids: Sequence[str],
        model_ids: Sequence[str] = (),
    ) -> None:
        self._store = open_database_store(uri, default_artifact_root(uri))
        self._garbage = Garbage(self._store.database)
        self._chosen = older_than_ms, run_ids, experiment_ids
        self._model_ids = model_ids

    def due(self) -> Due:
        """What `empty` would delete."""
        return self._garbage.due(*self._chosen, self._model_ids)

    def empty(
        self, artifacts_destination: str | None = None, tracking_uri: str | None = None, tell: Progress = silent
    ) -> Collected:
        """Delete it, files first.

        Args:
            artifacts_destination: where `mlflow-artifacts:` places are, for whoever has access to it.
            tracking_uri: the server to delete files of such places through, otherwise.
            tell: told the runs done.
        """
        delete = _deleter(artifacts_destination, tracking_uri)
        return self._garbage.collect(delete, *self._chosen, progress=tell, model_ids=self._model_ids)

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()


def _deleter(destination: str | None, tracking_uri: str | None) -> Callable[[str, str], None]:
    access = Access(tracking_uri, None, request_headers)

    def delete(name: str, artifact_uri: str) -> None:
        if not artifact_uri:
            return
        location = Location.parse(artifact_uri)
        if location.scheme == _PROXIED and destination:
            location = Location.parse(destination).below(location.path)
        elif location.scheme == _PROXIED and not tracking_uri:
            raise InvalidParameterValue(
                f"'{artifact_uri}' is behind a server; say with --artifacts-destination where that keeps its files, or "
                "name the server with --tracking-uri"
            )
        folder = location.path
        if folder.name == "artifacts" and folder.parent.name == name:  # the run's or model's own folder goes, too
            location, folder = location.parent.parent, ArtifactPath((name,))
        else:
            folder = ArtifactPath()
        open_store(location, access).delete(folder)

    return delete
