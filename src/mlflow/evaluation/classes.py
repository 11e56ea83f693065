"""The classes of a classification: which there are, and which of two is the positive one."""

from __future__ import annotations

from typing import Any, NamedTuple

from mlflow.evaluation.settings import Settings
from mlflow.exceptions import InvalidParameterValue

__all__ = ["Classes"]


class Classes(NamedTuple):
    """The classes in order.

    Args:
        labels: an array of them; of two, the negative class stands first.
        is_binary: whether there are two.
    """

    labels: Any
    is_binary: bool

    @property
    def positive(self) -> Any:
        """The positive class of two."""
        return self.labels[1]

    @classmethod
    def of(cls, targets: Any, predictions: Any, settings: Settings) -> Classes:
        """The classes among targets and predictions, or those that the settings list.

        Raises:
            InvalidParameterValue: values are missing or continuous, or there are fewer than two classes.
        """
        import numpy as np

        for role, values in (("targets", targets), ("predictions", predictions)):
            _check(role, values)
        if settings.label_list is not None:
            labels = np.unique(np.asarray(settings.label_list))
        else:
            labels = _union(targets, predictions)
        if len(labels) < 2:
            raise InvalidParameterValue(
                f"The data has only the class '{', '.join(map(str, labels))}'. A classifier is evaluated on rows of "
                "two classes or more; list those that may occur by evaluator_config={'label_list': […]}."
            )
        if len(labels) == 2:
            if others := [label for label in _union(targets, predictions) if label not in labels]:
                raise InvalidParameterValue(
                    f"label_list has the two classes {labels.tolist()}, but the data has {others[0]!s} too. List it, "
                    "or leave its rows out of the data."
                )
            return cls(_ordered(labels, settings.pos_label), True)
        return cls(labels, False)


def _check(role: str, values: Any) -> None:
    import pandas as pd
    from sklearn.utils.multiclass import type_of_target

    if missing := int(pd.isna(pd.Series(values)).sum()):
        raise InvalidParameterValue(f"The {role} lack a class in {missing} rows. Leave these rows out of the data.")
    if pd.api.types.is_numeric_dtype(pd.Series(values)) and type_of_target(values) == "continuous":
        raise InvalidParameterValue(
            f"The {role} are continuous numbers such as {values[0]}, but model_type is 'classifier', which needs "
            "classes. Give classes, or model_type='regressor'."
        )


def _union(targets: Any, predictions: Any) -> Any:
    import numpy as np
    import pandas as pd

    both = pd.concat([pd.Series(targets), pd.Series(predictions)], ignore_index=True).to_numpy()
    try:
        return np.unique(both)
    except TypeError as exc:
        raise InvalidParameterValue(
            f"Targets such as '{targets[0]}' and predictions such as '{predictions[0]}' are of different types: {exc}. "
            "Give both as numbers, or both as text."
        ) from exc


def _ordered(labels: Any, positive: Any) -> Any:
    """Two classes with the positive one last."""
    if positive is None or positive == labels[1]:
        return labels
    if positive == labels[0]:
        return labels[::-1]
    raise InvalidParameterValue(f"pos_label is '{positive}', but the classes are {list(labels)}. Use one of them.")
