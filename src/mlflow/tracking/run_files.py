"""Files on their way to a run: into its artifact store, or into the journal's spool until there is a server."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import ArtifactStore
from mlflow.environment_variables import MLFLOW_OFFLINE
from mlflow.exceptions import TemporarilyUnavailable
from mlflow.journal.errors import JournalUnavailable
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.artifact_lookup import run_artifacts
from mlflow.tracking.media.artifact_file import ArtifactFile
from mlflow.tracking.offline import is_offline
from mlflow.tracking.run_log import run_log

__all__ = ["RunFiles"]

_logger = logging.getLogger(__name__)


class RunFiles:
    """Where the files of one run go.

    Args:
        uri: the tracking store.
        run_id: the run.
    """

    def __init__(self, uri: str, run_id: str) -> None:
        self._uri, self._run_id = uri, run_id
        self._log = run_log(uri)

    @property
    def store(self) -> ArtifactStore:
        """The run's artifacts."""
        return run_artifacts(self._uri, self._run_id)

    @property
    def spooling(self) -> bool:
        """Whether the run waits for a server: it was begun without one, or none accepts connections now."""
        return self._log.failing or self._log.is_offline(self._run_id) or is_offline(self._uri)

    def put(self, files: Iterable[ArtifactFile]) -> None:
        """Keep files; when this returns they are in the store, or in the spool."""
        given = [(ArtifactPath.parse_file(file.path), file.content) for file in files]

        def upload() -> None:
            store = self.store
            for path, content in given:
                if isinstance(content, Path):
                    store.upload_file(content, path)
                else:
                    store.write(path, [content], None, len(content))

        self._now_or_later(upload, lambda: self._spool(given))

    def put_later(self, files: Iterable[ArtifactFile]) -> None:
        """Keep files in the spool, from where the shipper uploads them."""
        given = [(ArtifactPath.parse_file(file.path), file.content) for file in files]
        try:
            self._spool(given)
        except JournalUnavailable:
            self.put(ArtifactFile(str(path), content) for path, content in given)

    def put_file(self, local: Path, path: ArtifactPath) -> None:
        """Keep a local file."""
        self._now_or_later(lambda: self.store.upload_file(local, path), lambda: self._spool([(path, local)]))

    def put_folder(self, local: Path, path: ArtifactPath) -> None:
        """Keep what a local folder holds, with the folders in it."""
        from mlflow.artifacts.transfer import local_files  # brings asyncio, which most programs do without

        self._now_or_later(
            lambda: self.store.upload_directory(local, path),
            lambda: self._spool([(path / name, file) for file, name in local_files(local)]),
        )

    def _now_or_later(self, upload: Callable[[], None], spool: Callable[[], None]) -> None:
        if self.spooling:
            spool()
            return
        try:
            upload()
        except TemporarilyUnavailable as exc:
            if MLFLOW_OFFLINE.get() == "never":
                raise
            _logger.warning("%s The files are kept and sent later.", exc)
            spool()

    def _spool(self, files: Iterable[tuple[ArtifactPath, bytes | Path]]) -> None:
        journal = self._log.journal
        with temporary_folder("files") as folder:
            for number, (path, content) in enumerate(files):
                if isinstance(content, Path):
                    journal.spool(self._run_id, str(path), content)
                    continue
                file = Path(folder, str(number))
                file.write_bytes(content)
                journal.spool(self._run_id, str(path), file, owned=True)
