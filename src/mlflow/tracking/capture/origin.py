"""Everything a run records about its origin, gathered beside the program."""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mlflow.environment_variables import (
    MLFLOW_CAPTURE,
    MLFLOW_CAPTURE_GIT_BUNDLE,
    MLFLOW_CAPTURE_GIT_DIFF,
    MLFLOW_CAPTURE_PACKAGES,
    MLFLOW_CAPTURE_SOURCE_CODE,
    MLFLOW_CAPTURE_UNTRACKED,
)
from mlflow.tracking.capture import layout
from mlflow.tracking.capture.cells import cell_watch
from mlflow.tracking.capture.repository import find_repository
from mlflow.tracking.capture.secrets import holds_private_key, secret_name
from mlflow.tracking.context.default_context import source_name
from mlflow.tracking.context.jupyter_notebook_context import in_notebook, notebook_path
from mlflow.tracking.media.artifact_file import ArtifactFile

if TYPE_CHECKING:
    from mlflow.tracking.capture.source import Source

__all__ = ["Origin", "OriginCapture", "capture_origin"]

_logger = logging.getLogger(__name__)
_ENTRY_LIMIT = 10 << 20


class Origin(NamedTuple):
    """What was captured.

    Attributes:
        tags: for the run.
        files: for the run's artifacts; those on disk are gone after the callback that got them returns.
    """

    tags: dict[str, str]
    files: list[ArtifactFile]


class OriginCapture:
    """Captures origins one after another, each in a thread; an unchanged working tree is not packed again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._source: tuple[object, Source] | None = None
        self._folder: Path | None = None
        self._owner = os.getpid()
        atexit.register(self._remove_folder)

    def start(self, deliver: Callable[[Origin], None], before: int = 0) -> threading.Thread | None:
        """Begin a capture whose result a thread hands to `deliver`; None when MLFLOW_CAPTURE switches it off.

        What fails is logged and left out. Joining the thread waits for `deliver` too. `before` counts the runs that the
        program began before.
        """
        if not MLFLOW_CAPTURE.get():
            return None
        thread = threading.Thread(target=self._run, args=(deliver, before), name="mlflow-capture", daemon=True)
        thread.start()
        return thread

    def _run(self, deliver: Callable[[Origin], None], before: int) -> None:
        try:
            with self._lock:
                deliver(self.capture(before))
        except Exception:
            _logger.warning("The origin of the run could not be recorded; the run goes on.", exc_info=True)

    def capture(self, before: int = 0) -> Origin:
        """Capture now, in this thread, which also imports what that takes."""
        from mlflow.tracking.capture.packages import package_lock
        from mlflow.tracking.capture.process import process_record

        files = [ArtifactFile(layout.PROCESS, process_record(before)), *_entry_file(), *cell_watch.files()]
        if MLFLOW_CAPTURE_PACKAGES.get():
            files.append(ArtifactFile(layout.PACKAGES, package_lock().encode()))
        source = self._capture_source()
        return Origin(source.tags, files + source.files)

    def _capture_source(self) -> Source:
        from mlflow.tracking.capture.git import GitFailed
        from mlflow.tracking.capture.source import Source, SourceParts, capture_source
        from mlflow.tracking.capture.status import read_status

        repository = find_repository(_source_folder())
        parts = SourceParts(
            MLFLOW_CAPTURE_GIT_DIFF.get(), MLFLOW_CAPTURE_GIT_BUNDLE.get(), MLFLOW_CAPTURE_UNTRACKED.get()
        )
        if repository is None or not any(parts):
            return Source({}, [])
        try:
            status = read_status(repository.root)
        except GitFailed as exc:
            _logger.info("No source was recorded: %s", exc)
            return Source({}, [])
        state = (
            repository,
            parts,
            status.text,
            [_stamp(repository.root / path) for path in status.changed + status.untracked],
        )
        if self._source is None or self._source[0] != state:
            self._source = (state, capture_source(repository, status, self._fresh_folder(), parts))
        return self._source[1]

    def _fresh_folder(self) -> Path:
        from mlflow.temporary_folders import held_folder

        self._remove_folder()
        self._folder = held_folder("capture")
        return self._folder

    def _remove_folder(self) -> None:
        if self._folder is not None and os.getpid() == self._owner:
            from mlflow.temporary_folders import release

            release(self._folder)


def _source_folder() -> Path:
    """Where the program's file is; the working directory of a notebook, a console or a `-c` command."""
    source = Path(source_name())
    return source.parent if source.is_file() and not in_notebook() else Path()


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


def _entry_file() -> list[ArtifactFile]:
    """The script or notebook itself, which shows what ran even without a repository."""
    path = Path((notebook_path() or "") if in_notebook() else source_name())
    if not MLFLOW_CAPTURE_SOURCE_CODE.get() or not path.is_file() or secret_name(path.name):
        return []
    if path.stat().st_size > _ENTRY_LIMIT or holds_private_key(content := path.read_bytes()):
        return []
    return [ArtifactFile(f"{layout.SOURCE_ENTRY_FOLDER}/{path.name}", content)]


_process_capture = OriginCapture()


def capture_origin(deliver: Callable[[Origin], None], before: int = 0) -> threading.Thread | None:
    """Begin to capture this process's origin; see `OriginCapture.start`."""
    return _process_capture.start(deliver, before)


def _start_afresh() -> None:
    """After fork the parent's lock may be held for ever, and its folder is the parent's."""
    global _process_capture
    _process_capture = OriginCapture()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_afresh)
