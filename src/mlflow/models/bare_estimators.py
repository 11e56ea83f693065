"""scikit-learn's own estimators, called with arrays in place of tables of the same columns.

Of the time for one row, scikit-learn spends three quarters on finding out that a DataFrame of numbers is an array with
names. Where the names have been compared already, an estimator that was fitted without names does the same with the
array; so a copy that has forgotten them is asked. Estimators that look at columns by name, or that others have
written, get their tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["by_rows"]

_NAMES = "feature_names_in_"
_READ_AS_ARRAYS = tuple(
    f"sklearn.{name}"
    for name in (
        "cluster._kmeans",
        "decomposition._pca",
        "discriminant_analysis",
        "ensemble._forest",
        "ensemble._gb",
        "linear_model._",
        "naive_bayes",
        "neighbors._classification",
        "neighbors._regression",
        "neural_network._multilayer_perceptron",
        "preprocessing._data",
        "preprocessing._polynomial",
        "svm._classes",
        "tree._classes",
    )
)
"""Modules whose estimators turn a table of numbers into an array before anything else."""


def by_rows(model: Any, method: str, names: Sequence[str]) -> Callable[[Any], Any] | None:
    """A model's method for arrays of numbers; None where the model wants a table.

    Args:
        model: an estimator, or a pipeline.
        method: what is called.
        names: of the arrays' columns, in order.
    """
    bare = _bare_pipeline(model, names) if _is(model, "sklearn.pipeline", "Pipeline") else _bare(model, names)
    return getattr(bare, method, None)


def _bare_pipeline(pipeline: Any, names: Sequence[str]) -> Any | None:
    """A pipeline whose first step sees to the names; the others get arrays anyway."""
    (first, estimator), *others = pipeline.steps
    bare = _bare(estimator, names)
    plain = all(step == "passthrough" or (_is_plain(step) and _NAMES not in vars(step)) for _, step in others)
    return _copy(pipeline, steps=[(first, bare), *others]) if bare is not None and plain else None


def _bare(estimator: Any, names: Sequence[str]) -> Any | None:
    if not _is_plain(estimator):
        return None
    known = vars(estimator).get(_NAMES)
    if known is None:
        return estimator
    return _copy(estimator, without=_NAMES) if list(known) == list(names) else None


def _is_plain(estimator: Any) -> bool:
    kind = type(estimator)
    own = vars(estimator) if hasattr(estimator, "__dict__") else {}
    return kind.__module__.startswith(_READ_AS_ARRAYS) and "_sklearn_output_config" not in own


def _is(model: Any, module: str, name: str) -> bool:
    return (type(model).__module__, type(model).__name__) == (module, name)


def _copy(model: Any, without: str = "", **changes: Any) -> Any:
    """A copy that shares what was learnt."""
    found = object.__new__(type(model))
    found.__dict__.update({**vars(model), **changes})
    found.__dict__.pop(without, None)
    return found
