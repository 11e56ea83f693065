"""Predictions as the JSON that a scoring server answers with.

A table is a list of records, a series one of records keyed by its name, an array nested lists; bytes are base64 and
times ISO 8601. NaN and the infinities are bare tokens, as MLflow writes them and its clients read them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from mlflow.exceptions import MlflowException
from mlflow.models.json_values import to_plain
from mlflow.serving.failures import in_words

__all__ = ["AnswerNotEncodable", "count_rows", "encode_answer", "split_answer", "to_lists"]


class AnswerNotEncodable(MlflowException):
    """What a model returned has no counterpart in JSON."""


def encode_answer(predictions: Any, *, bare: bool = False) -> bytes:
    """The body of an answer.

    Args:
        predictions: what the model returned.
        bare: without the object around it, as chat models answer.

    Raises:
        AnswerNotEncodable: it has no counterpart in JSON.
    """
    try:
        found = to_lists(predictions)
        return json.dumps(found if bare else {"predictions": found}, default=to_plain).encode()
    except Exception as exc:  # objects of a model's own may fail in any way
        raise AnswerNotEncodable(
            f"The model returned a '{type(predictions).__name__}' that has no counterpart in JSON: {in_words(exc)}. "
            "Have it return a table, an array, or lists and dictionaries of plain values."
        ) from exc


def to_lists(predictions: Any) -> Any:
    """Tables, series and arrays as lists; anything else as it is."""
    kind = type(predictions).__name__
    if kind == "DataFrame":
        return predictions.to_dict(orient="records")
    if kind == "Series":
        return predictions.to_frame().to_dict(orient="records")
    if hasattr(predictions, "toarray"):
        predictions = predictions.toarray()
    return to_plain(predictions) if kind == "ndarray" else predictions


def split_answer(predictions: Any, sizes: Sequence[int]) -> list[Any] | None:
    """Predictions for all rows as those of the requests that the rows came from; None where they are not row by row.

    Args:
        predictions: what the model returned.
        sizes: the rows of each request, in order.
    """
    if getattr(predictions, "ndim", 1) == 0 or (
        not isinstance(predictions, list) and not hasattr(predictions, "shape")
    ):
        return None
    if hasattr(predictions, "toarray") or len(predictions) != sum(sizes):
        return None
    rows = predictions.iloc if hasattr(predictions, "iloc") else predictions
    ends = list(accumulate(sizes))
    return [rows[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def count_rows(data: Any) -> int:
    """How many inputs there are, for what counts them; 1 where that cannot be told."""
    if isinstance(data, dict):
        return max((count_rows(value) for value in data.values()), default=0)
    if isinstance(data, (str, bytes)):
        return 1
    shape = getattr(data, "shape", None)
    if shape is not None:
        return int(shape[0]) if shape else 1
    return len(data) if hasattr(data, "__len__") else 1
