"""Run anyone's training code from a folder, a git repository or a zip, in the environment that it asks for.

The names of this package are resolved on use.
"""

from __future__ import annotations

from mlflow._lazy import attach

_NAMES = {
    "run": "mlflow.projects.launch:run",
    "SubmittedRun": "mlflow.projects.submitted_run:SubmittedRun",
}

__all__ = [*_NAMES]  # noqa: PLE0604 - strings, resolved on use

__getattr__, __dir__ = attach(__name__, _NAMES)
