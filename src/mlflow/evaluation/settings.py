"""What `evaluator_config` can say to the built-in evaluators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

import msgspec

from mlflow.exceptions import InvalidParameterValue

__all__ = ["Settings"]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of a built-in evaluator's configuration; others are ignored.

    Args:
        metric_prefix: stands before the names of metrics and of pictures' files.
        sample_weights: one number a row.
        label_list: all classes, where the data does not have each of them.
        pos_label: the positive class of two; the greater one when omitted.
        average: how precision, recall, F1 and ROC AUC of several classes become one: as scikit-learn names it.
        max_classes_for_multiclass_roc_pr: with more classes there are no ROC and precision-recall curves.
        calibration_config: arguments of scikit-learn's `calibration_curve`: `n_bins`, `strategy`.
        col_mapping: parameter of a custom metric -> the column it takes, or the value itself.
        log_model_explainability: whether predictions are explained by SHAP; when it is installed, if omitted.
        explainability_algorithm: `exact`, `permutation`, `partition` or `kernel`; chosen when omitted.
        explainability_nsamples: the number of rows to explain at most.
        explainability_kernel_link: `identity` or `logit`, of the kernel algorithm.
        log_explainer: whether the explainer is logged as a model.
    """

    metric_prefix: str | None = None
    sample_weights: Any = None
    label_list: Any = None
    pos_label: Any = None
    average: Literal["binary", "macro", "micro", "samples", "weighted"] = "weighted"
    max_classes_for_multiclass_roc_pr: int = 10
    calibration_config: dict[str, Any] = {}
    col_mapping: dict[str, Any] = {}
    log_model_explainability: bool | None = None
    explainability_algorithm: Literal["exact", "kernel", "partition", "permutation"] | None = None
    explainability_nsamples: int = 2000
    explainability_kernel_link: Literal["identity", "logit"] = "identity"
    log_explainer: bool = False

    @classmethod
    def of(cls, config: Mapping[str, Any] | None) -> Self:
        """The settings of a configuration.

        Raises:
            InvalidParameterValue: a value is of the wrong type; the message names its key.
        """
        known = {key: value for key, value in (config or {}).items() if key in cls.__struct_fields__}
        opaque = {key: known.pop(key) for key in ("sample_weights", "label_list", "pos_label") if key in known}
        try:
            checked = msgspec.convert(known, cls)
        except msgspec.ValidationError as exc:
            raise InvalidParameterValue(f"evaluator_config cannot be used: {exc}. Correct that key.") from exc
        return msgspec.structs.replace(checked, **opaque)

    @property
    def prefix(self) -> str:
        """What stands before names; empty without."""
        return self.metric_prefix or ""

    def weights(self, rows: int) -> Any:
        """The weights as an array of one number a row; None without.

        Raises:
            InvalidParameterValue: there is not one for each row.
        """
        import numpy as np

        if self.sample_weights is None:
            return None
        weights = np.asarray(self.sample_weights, dtype=float)
        if weights.shape != (rows,):
            raise InvalidParameterValue(
                f"sample_weights have the shape {weights.shape} for {rows} rows. Give one weight for each row."
            )
        return weights
