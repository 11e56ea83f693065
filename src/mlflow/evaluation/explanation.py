"""SHAP values of some rows: what is explained, by which algorithm, against which background."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from mlflow.data.evaluation_dataset import EvaluationDataset
from mlflow.evaluation.models import raw_model
from mlflow.evaluation.outputs import Outputs
from mlflow.evaluation.settings import Settings

__all__ = ["Explanation", "explain"]

_LOG = logging.getLogger(__name__)
_BACKGROUND = 100
_KERNEL_BACKGROUND = 20
_SEED = 0


class Explanation(NamedTuple):
    """What was found.

    Args:
        values: shap's explanation, of n rows × features, or n × features × classes.
        classes: the classes of the third dimension; None where there is none.
        unit: what the values are in, for the axis.
        explainer: shap's explainer.
    """

    values: Any
    classes: list[Any] | None
    unit: str
    explainer: Any


def explain(
    model: Any, dataset: EvaluationDataset, settings: Settings, column: str | None, *, is_classifier: bool
) -> Explanation:
    """The SHAP values of the data's rows, or of a sample of them.

    Of classifiers that give probabilities these are explained, and of other models the predictions. Trees and linear
    models are explained by their structure, unless an algorithm is asked for.

    Raises:
        TypeError: the features or predictions are no numbers.
    """
    algorithm = settings.explainability_algorithm
    frame = _numeric(dataset.features_frame)
    rows = _sampled(frame, settings.explainability_nsamples)
    function, classes, unit = _explained(model, rows, column, is_classifier)
    explainer = None if algorithm else _by_structure(raw_model(model), _sampled(frame, _BACKGROUND))
    options = {}
    if explainer is not None:
        unit = "SHAP value (impact on the model's raw output)"
    else:
        explainer, options = _by_calls(function, frame, algorithm, settings), {"silent": True}
    _LOG.info("Predictions are explained by shap's %s.", type(explainer).__name__)
    return _checked(explainer(rows, **options), classes, unit, explainer)


def _numeric(frame: Any) -> Any:
    wrong = [str(name) for name, dtype in frame.dtypes.items() if dtype.kind not in "biuf"]
    if wrong:
        raise TypeError(f"the features {wrong} are no numbers; encode them, or log_model_explainability=False")
    return frame.astype({name: float for name, dtype in frame.dtypes.items() if dtype.kind == "b"})


def _sampled(frame: Any, most: int) -> Any:
    return frame if len(frame) <= most else frame.sample(most, random_state=_SEED)


def _explained(
    model: Any, rows: Any, column: str | None, is_classifier: bool
) -> tuple[Callable[[Any], Any], list[Any] | None, str]:
    """The function to explain, from an array or frame of features to numbers; its classes; and their unit."""
    import numpy as np
    import pandas as pd

    raw = raw_model(model)
    names, dtypes = list(rows.columns), rows.dtypes

    def framed(data: Any) -> Any:
        return pd.DataFrame(np.asarray(data), columns=names).astype(dtypes)

    if is_classifier and callable(getattr(raw, "predict_proba", None)):
        classes = list(getattr(raw, "classes_", range(np.asarray(raw.predict_proba(rows.head(1))).shape[1])))
        unit = "SHAP value (impact on the probability)"
        if len(classes) == 2:
            return lambda data: np.asarray(raw.predict_proba(framed(data)))[:, 1], None, unit
        return lambda data: np.asarray(raw.predict_proba(framed(data))), classes, unit

    def predict(data: Any) -> Any:
        frame = framed(data)
        found = Outputs.of_model(model.predict(frame), len(frame), column).predictions.to_numpy()
        if found.dtype.kind not in "biuf":
            raise TypeError(f"predictions such as '{found[0]}' are no numbers, and the model gives no probabilities")
        return found.astype(float)

    return predict, None, "SHAP value (impact on the prediction)"


def _by_structure(raw: Any, background: Any) -> Any:
    """An explainer that knows the model from inside; None where there is none for it."""
    import shap

    if raw is None:
        return None
    masker = shap.maskers.Independent(background)
    for kind in (shap.TreeExplainer, shap.LinearExplainer):
        if kind.supports_model_with_masker(raw, masker):
            return kind(raw) if kind is shap.TreeExplainer else kind(raw, masker)
    return None


def _by_calls(function: Callable[[Any], Any], frame: Any, algorithm: str | None, settings: Settings) -> Any:
    """An explainer that calls the model with features masked by those of other rows."""
    import shap

    if algorithm == "kernel":
        background = _sampled(frame, _KERNEL_BACKGROUND)
        return shap.KernelExplainer(function, background, link=settings.explainability_kernel_link)
    background = _sampled(frame, _BACKGROUND)
    masker = shap.maskers.Partition(background) if algorithm == "partition" else shap.maskers.Independent(background)
    return shap.Explainer(function, masker, algorithm=algorithm or "auto", seed=_SEED)


def _checked(values: Any, classes: list[Any] | None, unit: str, explainer: Any) -> Explanation:
    """The positive class alone of two; several classes by name."""
    if values.values.ndim < 3:
        return Explanation(values, None, unit, explainer)
    count = values.values.shape[2]
    if count <= 2:
        return Explanation(values[..., count - 1], None, unit, explainer)
    known = classes if classes is not None and len(classes) == count else list(range(count))
    return Explanation(values, known, unit, explainer)
