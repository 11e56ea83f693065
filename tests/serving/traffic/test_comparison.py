"""How far two answers differ."""

import math
from typing import Any

import pytest

from mlflow.serving.traffic.comparison import difference

NAN = float("nan")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 2], [1, 2], 0.0),
        ([1, 2.5], [1, 2.0], 0.5),
        ([1], [1.0], 0.0),
        ([NAN], [NAN], 0.0),
        ([NAN], [1], math.inf),
        ([1], [1, 2], math.inf),
        ([{"a": 1, "b": "x"}], [{"b": "x", "a": 4}], 3.0),
        ([{"a": 1}], [{"b": 1}], math.inf),
        (["x"], ["y"], math.inf),
        ([True], [1], math.inf),
        (None, None, 0.0),
        ([1], ["1"], math.inf),
        ([math.inf], [math.inf], 0.0),
        ([math.inf], [1], math.inf),
    ],
)
def test_the_largest_difference_counts(one: Any, other: Any, expected: float) -> None:
    assert difference({"predictions": one}, {"predictions": other}) == expected
