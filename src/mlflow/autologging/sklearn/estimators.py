"""What a fit is about: the estimator, and the data it was given."""

from __future__ import annotations

from typing import Any

from mlflow.tracking.autologging.calls import Call

__all__ = ["TrainingData", "estimator_tags", "is_search"]


class TrainingData:
    """The arguments of a `fit`.

    Attributes:
        features: the first argument, whatever it is called.
        labels: None when there are none.
        weights: of the samples; None when there are none.
    """

    def __init__(self, call: Call) -> None:
        given = {name: value for name, value in call.given.items() if name != "self"}
        self.features = next(iter(given.values()), None)
        self.labels = given.get("y", given.get("Y"))
        self.weights = given.get("sample_weight")


def estimator_tags(estimator: Any) -> dict[str, str]:
    """Tags that name an estimator's class."""
    kind = type(estimator)
    return {"estimator_name": kind.__name__, "estimator_class": f"{kind.__module__}.{kind.__name__}"}


def is_search(estimator: Any) -> bool:
    """Whether it tries out params of another estimator."""
    return any(base.__name__ == "BaseSearchCV" for base in type(estimator).__mro__)
