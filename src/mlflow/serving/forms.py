"""The form of a body by the name that was kept with it."""

from __future__ import annotations

from mlflow.serving.inference.form import InferenceForm
from mlflow.serving.scoring import ScoringForm
from mlflow.serving.wire import Form

__all__ = ["form_of"]


def form_of(kind: str) -> Form:
    """The form whose `kind` this is."""
    return InferenceForm.of(kind) or ScoringForm(kind)
