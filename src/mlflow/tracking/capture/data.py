"""The local files that a run's data sets come from: where they are and their digests, taken beside the program."""

from __future__ import annotations

import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mlflow.entities import Dataset
from mlflow.environment_variables import MLFLOW_CAPTURE, MLFLOW_CAPTURE_DATA
from mlflow.tracking.capture import layout
from mlflow.tracking.capture.content import files_below, path_digest
from mlflow.tracking.media.artifact_file import ArtifactFile

__all__ = ["DataCapture", "content_size", "source_address", "source_path"]

_SIZE_LIMIT = 4 << 30
"""Bytes: of a larger source only the size is recorded."""
_ADDRESS_KEYS = ("uri", "path", "url")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")

_logger = logging.getLogger(__name__)


class DataCapture:
    """Digests what the data sets of one run come from, in a thread that the program does not wait for.

    Args:
        deliver: called in that thread with the file that tells everything digested so far.
    """

    def __init__(self, deliver: Callable[[ArtifactFile], None]) -> None:
        self._deliver = deliver
        self._lock = threading.Lock()
        self._found: dict[tuple[str, str], dict[str, Any]] = {}
        self._threads: list[threading.Thread] = []

    def add(self, datasets: Iterable[Dataset]) -> None:
        """Begin to digest the local files among the sources; returns at once."""
        if not (MLFLOW_CAPTURE.get() and MLFLOW_CAPTURE_DATA.get()):
            return
        local = [
            (dataset, path.absolute()) for dataset in datasets if (path := source_path(dataset.source)) is not None
        ]
        there = [(dataset, path) for dataset, path in local if os.path.exists(path)]  # noqa: PTH110 - never raises
        if there:
            thread = threading.Thread(target=self._run, args=(there,), name="mlflow-capture-data", daemon=True)
            self._threads.append(thread)
            thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until all of it is delivered, for so long at most."""
        for thread in self._threads:
            thread.join(seconds)

    def _run(self, sources: list[tuple[Dataset, Path]]) -> None:
        try:
            with self._lock:
                for dataset, path in sources:
                    if (dataset.name, dataset.digest) not in self._found:
                        self._found[dataset.name, dataset.digest] = _described(dataset, path)
                text = json.dumps({"sources": list(self._found.values())}, indent=2)
                self._deliver(ArtifactFile(layout.DATA, text.encode()))
        except Exception:
            _logger.warning("What the data sets come from could not be recorded; the run goes on.", exc_info=True)


def source_address(source: str) -> str | None:
    """The path or URI in the JSON text that describes a data set's source; None where there is none."""
    try:
        found = json.loads(source)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    return next((str(found[key]) for key in _ADDRESS_KEYS if found.get(key)), None)


def source_path(source: str) -> Path | None:
    """The local path that a data set's source names, as it was given; None where it names none."""
    address = source_address(source)
    if address is None:
        return None
    if address.startswith("file:"):
        return Path(unquote(urlsplit(address).path))
    return None if _SCHEME.match(address) else Path(address)


def content_size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_dir():
        return sum((path / name).stat().st_size for name in files_below(path))
    return path.stat().st_size


def _described(dataset: Dataset, path: Path) -> dict[str, Any]:
    size = content_size(path)
    digest = path_digest(path) if size <= _SIZE_LIMIT else None
    return {"name": dataset.name, "digest": dataset.digest, "path": str(path), "bytes": size, "sha256": digest}
