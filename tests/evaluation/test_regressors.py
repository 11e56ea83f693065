"""Regressors: metrics against scikit-learn's own, and by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sk

import mlflow
from mlflow.exceptions import InvalidParameterValue

QUIET = {"log_model_explainability": False}


def test_metrics_are_those_of_scikit_learn(diabetes: pd.DataFrame, save: Callable[..., str], fit: Any) -> None:
    result = mlflow.evaluate(save(diabetes), diabetes, targets="target", model_type="regressor", evaluator_config=QUIET)
    model, y = fit(diabetes), diabetes["target"]
    said = model.predict(diabetes.drop(columns="target"))
    assert result.metrics == pytest.approx(
        {
            "score": sk.r2_score(y, said),
            "example_count": 442,
            "mean_absolute_error": sk.mean_absolute_error(y, said),
            "mean_squared_error": sk.mean_squared_error(y, said),
            "root_mean_squared_error": sk.root_mean_squared_error(y, said),
            "sum_on_target": y.sum(),
            "mean_on_target": y.mean(),
            "r2_score": sk.r2_score(y, said),
            "max_error": np.abs(y - said).max(),
            "mean_absolute_percentage_error": sk.mean_absolute_percentage_error(y, said),
        }
    )
    assert result.artifacts == {}


def test_small_example_by_hand() -> None:
    frame = pd.DataFrame({"t": [1.0, 2.0, 4.0], "p": [2.0, 2.0, 2.0]})
    found = mlflow.evaluate(data=frame, targets="t", predictions="p", model_type="regressor").metrics
    assert found["mean_absolute_error"] == pytest.approx(1.0)
    assert found["mean_squared_error"] == pytest.approx(5 / 3)
    assert found["max_error"] == 2.0
    assert found["mean_absolute_percentage_error"] == pytest.approx((1 + 0 + 0.5) / 3)
    assert (found["sum_on_target"], found["mean_on_target"]) == (7.0, pytest.approx(7 / 3))


@pytest.mark.parametrize(
    ("kind", "most"), [("uint8", 200), ("int16", 20_000), ("int32", 2_000_000_000), ("int64", 2**40)]
)
def test_whole_numbers_do_not_overflow(kind: str, most: int) -> None:
    frame = pd.DataFrame({"t": np.array([0, most], kind), "p": np.array([most, 0], kind)})
    found = mlflow.evaluate(data=frame, targets="t", predictions="p", model_type="regressor").metrics
    assert (found["max_error"], found["mean_absolute_error"], found["mean_squared_error"]) == (most, most, most**2)
    own = mlflow.metrics.max_error()(predictions=frame["p"], targets=frame["t"])
    assert own.aggregate_results == {"max_error": most}


def test_weights_count(small: pd.DataFrame) -> None:
    config = {"sample_weights": [1, 2, 3, 4]}
    found = mlflow.evaluate(
        data=small, targets="t", predictions="p", model_type="regressor", evaluator_config=config
    ).metrics
    assert found["mean_absolute_error"] == pytest.approx(0.3)
    assert (found["sum_on_target"], found["mean_on_target"], found["max_error"]) == (5.0, 1.25, 1.0)


def test_one_row_has_no_share_of_variance() -> None:
    frame = pd.DataFrame({"t": [1.0], "p": [2.0]})
    found = mlflow.evaluate(data=frame, targets="t", predictions="p", model_type="regressor").metrics
    assert np.isnan(found["r2_score"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"t": [1, None, 0, 1]}, "targets are missing or infinite in 1 rows"),
        ({"t": list("abcd")}, "targets of a regressor must be numbers, but there is 'a'"),
        ({"p": list("abcd")}, "predictions of a regressor must be numbers"),
        ({"p": [1, np.inf, 0, 1]}, "predictions are missing or infinite"),
    ],
    ids=["missing", "text", "text predicted", "infinite"],
)
def test_what_is_no_number_is_named(small: pd.DataFrame, change: Any, message: str) -> None:
    with pytest.raises(InvalidParameterValue, match=message):
        mlflow.evaluate(data=small.assign(**change), targets="t", predictions="p", model_type="regressor")
