"""What only the framework's own model can tell: its score, and the probabilities of classes."""

from __future__ import annotations

import logging
from typing import Any

from mlflow.data.evaluation_dataset import EvaluationDataset
from mlflow.evaluation.models import raw_model

__all__ = ["own_score", "probabilities_of"]

_LOG = logging.getLogger(__name__)


def own_score(model: Any, dataset: EvaluationDataset, weights: Any) -> dict[str, Any]:
    """`score` as the model itself computes it; nothing where it has no such method, or the method fails."""
    raw = raw_model(model)
    if not callable(getattr(raw, "score", None)):
        return {}
    options = {} if weights is None else {"sample_weight": weights}
    try:
        return {"score": float(raw.score(_inputs(raw, dataset), dataset.labels_data, **options))}
    except Exception as exc:  # noqa: BLE001 - any framework's own code; the other metrics stand without it
        _LOG.warning("The model's own score is left out: %s: %s", type(exc).__name__, exc)
        return {}


def probabilities_of(model: Any, dataset: EvaluationDataset) -> tuple[Any, Any]:
    """The classes that a model knows and its n × classes probabilities; None for each where it gives none."""
    import numpy as np

    raw = raw_model(model)
    if not callable(getattr(raw, "predict_proba", None)):
        return None, None
    try:
        found = np.asarray(raw.predict_proba(_inputs(raw, dataset)))
    except Exception as exc:  # noqa: BLE001 - as above
        _LOG.warning("Curves are left out: the model gives no probabilities: %s: %s", type(exc).__name__, exc)
        return None, None
    known = getattr(raw, "classes_", None)
    return (None if known is None else np.asarray(known)), found


def _inputs(raw: Any, dataset: EvaluationDataset) -> Any:
    """The features as the model was fitted with: estimators that saw no names warn when they are given some."""
    frame = dataset.features_frame
    nameless = hasattr(raw, "n_features_in_") and not hasattr(raw, "feature_names_in_")
    return frame.to_numpy() if nameless else frame
