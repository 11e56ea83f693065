"""The cells that IPython executed, as a notebook without outputs: what ran is seldom what the notebook's file says."""

from __future__ import annotations

import json
import sys
from typing import Any

from mlflow.environment_variables import MLFLOW_CAPTURE, MLFLOW_CAPTURE_CELLS
from mlflow.tracking.capture import layout
from mlflow.tracking.capture.secrets import holds_private_key
from mlflow.tracking.media.artifact_file import ArtifactFile

__all__ = ["MAY_FAIL", "CellWatch", "cell_watch"]

MAY_FAIL = "raises-exception"
"""Jupyter's tag of cells that may raise: those that did, and those that ran before anybody noted it."""
_SIZE_LIMIT = 2 << 20
_LEFT_OUT = "# This cell was not recorded: it holds a private key."


class CellWatch:
    """Knows what the IPython of this process executed; without IPython, nothing."""

    def __init__(self) -> None:
        self._shell: Any = None
        self._first = 0
        self._failed: set[int] = set()

    def start(self) -> None:
        """Note from now on which cells fail; nothing happens the second time."""
        shell = _shell()
        if shell is None or shell is self._shell or not MLFLOW_CAPTURE_CELLS.get():
            return
        running = len(shell.history_manager.input_hist_raw) - 1
        self._shell, self._first, self._failed = shell, running, set()
        shell.events.register("post_run_cell", self._note)

    def _note(self, result: Any) -> None:
        if not result.success and result.execution_count is not None:
            self._failed.add(result.execution_count)

    def files(self) -> list[ArtifactFile]:
        """The notebook of everything executed so far, the cell that runs included; empty where there is none."""
        shell = _shell()
        if shell is None or not (MLFLOW_CAPTURE.get() and MLFLOW_CAPTURE_CELLS.get()):
            return []
        cells = [(number, text) for number, text in enumerate(shell.history_manager.input_hist_raw) if text.strip()]
        content = json.dumps(self._notebook(cells), indent=1).encode()
        return [ArtifactFile(layout.SOURCE_CELLS, content)] if cells and len(content) <= _SIZE_LIMIT else []

    def _notebook(self, cells: list[tuple[int, str]]) -> dict[str, Any]:
        return {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "cells": [self._cell(number, text) for number, text in cells],
        }

    def _cell(self, number: int, text: str) -> dict[str, Any]:
        may_fail = number < self._first or number in self._failed
        return {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {"tags": [MAY_FAIL]} if may_fail else {},
            "execution_count": number,
            "outputs": [],
            "source": _LEFT_OUT if holds_private_key(text.encode()) else text,
        }


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


cell_watch = CellWatch()
