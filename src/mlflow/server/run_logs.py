"""What runs printed."""

from __future__ import annotations

from collections.abc import Mapping

from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.proxy import Reply
from mlflow.artifacts.store import ArtifactStore
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.server.run_artifacts import RunFiles
from mlflow.tracking.capture.layout import CONSOLE_LOG

__all__ = ["read_log"]

_MOST_LINES = 10_000
_BLOCK = 1 << 16
_FARTHEST = 64 << 20  # bytes from the end in which lines are looked for


def read_log(runs: RunFiles, run_id: str, lines: int, headers: Mapping[str, str], method: str) -> Reply:
    """A run's console log, the part of it that the request's headers ask for, or its last lines.

    Raises:
        ResourceDoesNotExist: nothing of what the run printed was recorded.
    """
    if not 0 <= lines <= _MOST_LINES:
        raise InvalidParameterValue(f"Invalid value '{lines}' for parameter 'lines'; ask for 1 to {_MOST_LINES}.")
    files, root = runs.place(run_id)
    path = root / ArtifactPath.parse(CONSOLE_LOG)
    try:
        if lines:
            start, size = _last_lines(files.store, path, lines)
            headers = {"range": f"bytes={start}-"} if start < size else {}
        return files.read(str(path), headers, method)
    except ResourceDoesNotExist as error:
        raise ResourceDoesNotExist(
            f"Run '{run_id}' has no console log. Runs of mlflow.start_run() record what they print unless "
            "MLFLOW_CAPTURE_CONSOLE=false is set."
        ) from error


def _last_lines(store: ArtifactStore, path: ArtifactPath, lines: int) -> tuple[int, int]:
    """Where the last lines begin, and the size of the file; a line break at its end begins no line."""
    size = store.stat(path).size
    end, left, farthest = size, lines, max(0, size - _FARTHEST)
    while end > farthest:
        start = max(farthest, end - _BLOCK)
        block = store.open(path, start, end).read()
        at = len(block) - (end == size and block.endswith(b"\n"))
        while left and (at := block.rfind(b"\n", 0, at)) >= 0:
            left -= 1
        if not left:
            return start + at + 1, size
        end = start
    return farthest, size
