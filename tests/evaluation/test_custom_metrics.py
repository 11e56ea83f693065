"""Metrics of one's own, and what they may ask for."""

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlflow
from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.metrics import MetricValue
from mlflow.models import EvaluationResult, make_metric


def evaluate(data: pd.DataFrame, *functions: Callable[..., Any], **options: Any) -> EvaluationResult:
    options = {"model_type": "regressor", **options}
    metrics = [make_metric(eval_fn=function, greater_is_better=True) for function in functions]
    return mlflow.evaluate(data=data, targets="t", predictions="p", extra_metrics=metrics, **options)


def agreement(predictions: pd.Series, targets: pd.Series) -> float:
    return float((predictions == targets).mean())


def each_error(predictions: pd.Series, targets: pd.Series) -> MetricValue:
    return MetricValue(scores=(predictions - targets).abs().tolist(), justifications=list("abcd"))


def test_number_is_logged_by_the_functions_name(small: pd.DataFrame) -> None:
    result = evaluate(small, agreement)
    assert result.metrics["agreement"] == 0.75
    assert mlflow.get_run(str(result.run_id)).data.metrics["agreement"] == 0.75
    assert result.metrics["mean_absolute_error"] == 0.25


def test_without_a_model_type_there_is_nothing_else(small: pd.DataFrame) -> None:
    result = evaluate(small, agreement, model_type=None)
    assert (result.metrics, result.artifacts, result.tables) == ({"agreement": 0.75}, {}, {})


def test_scores_become_aggregates_and_columns_of_the_table(small: pd.DataFrame) -> None:
    result = evaluate(small, each_error, model_type=None)
    assert result.metrics == pytest.approx(
        {"each_error/mean": 0.25, "each_error/variance": 0.1875, "each_error/p90": np.percentile([0, 0, 1, 0], 90)}
    )
    table = result.tables["eval_results_table"]
    assert list(table.columns) == ["x", "other", "t", "p", "each_error/score", "each_error/justification"]
    assert table["each_error/score"].tolist() == [0, 0, 1, 0]
    stored = mlflow.load_table("eval_results_table.json", run_ids=[str(result.run_id)])
    assert stored["each_error/justification"].tolist() == list("abcd")


def test_version_and_prefix_are_part_of_the_name(small: pd.DataFrame) -> None:
    metric = make_metric(
        eval_fn=lambda predictions: MetricValue(scores=[1.0] * 4, aggregate_results={"mean": 1.0, "own": 2.0}),
        greater_is_better=True,
        name="own",
        version="v1",
    )
    options = {"targets": "t", "predictions": "p", "extra_metrics": [metric]}
    result = mlflow.evaluate(data=small, evaluator_config={"metric_prefix": "x_"}, **options)
    assert result.metrics == {"x_own/v1/x_mean": 1.0, "x_own/v1": 2.0}
    files = [info.path for info in mlflow.MlflowClient().list_artifacts(str(result.run_id))]
    assert files == ["x_eval_results_table.json"]


def test_parameter_may_name_a_column_a_metric_or_a_setting(small: pd.DataFrame) -> None:
    def asks(predictions: Any, other: Any, mean_absolute_error: Any, metrics: Any, unit: int, spare: int = 5) -> float:
        assert metrics["mean_squared_error"].aggregate_results == {"mean_squared_error": 0.25}
        return float(other.sum() + mean_absolute_error.aggregate_results["mean_absolute_error"] + unit + spare)

    result = evaluate(small, asks, evaluator_config={"unit": 100})
    assert result.metrics["asks"] == 26 + 0.25 + 100 + 5


def test_later_metric_reads_an_earlier_one(small: pd.DataFrame) -> None:
    def doubled(metrics: dict[str, MetricValue]) -> float:
        return 2 * (metrics["agreement"].aggregate_results or {})["agreement"]

    assert evaluate(small, agreement, doubled, model_type=None).metrics["doubled"] == 1.5


def test_mapping_leads_a_parameter_to_a_column_or_a_value(small: pd.DataFrame) -> None:
    def asks(predictions: Any, context: Any, factor: int) -> float:
        return float(context.sum() * factor)

    result = evaluate(small, asks, evaluator_config={"col_mapping": {"context": "other", "factor": 3}})
    assert result.metrics["asks"] == 78


@pytest.mark.parametrize(
    "bins", [[1, 2, 3], {"a": 1, "b": 2, "c": 3}, np.arange(3)], ids=["list", "dictionary", "array"]
)
def test_mapping_may_have_values_of_any_kind(small: pd.DataFrame, bins: Any) -> None:
    def asks(predictions: Any, bins: Any) -> int:
        return len(bins)

    assert evaluate(small, asks, evaluator_config={"col_mapping": {"bins": bins}}).metrics["asks"] == 3


def test_older_function_gets_a_frame_and_plain_numbers(small: pd.DataFrame) -> None:
    def older(eval_df: pd.DataFrame, builtin_metrics: dict[str, float]) -> float:
        assert list(eval_df.columns) == ["prediction", "target"]
        return builtin_metrics["mean_absolute_error"] * 2

    assert evaluate(small, older).metrics["older"] == 0.5


def test_columns_beside_the_models_predictions_can_be_asked_for(small: pd.DataFrame) -> None:
    def unsure(predictions: Any, spread: Any) -> float:
        return float(spread.mean())

    result = mlflow.evaluate(
        lambda frame: pd.DataFrame({"value": frame["x"], "spread": 0.5}),
        small,
        targets="t",
        predictions="value",
        extra_metrics=[make_metric(eval_fn=unsure, greater_is_better=False)],
    )
    assert result.metrics["unsure"] == 0.5


def test_error_names_the_metric_and_the_reason_and_nothing_is_logged(small: pd.DataFrame) -> None:
    def broken(predictions: Any) -> float:
        raise ValueError("bad thing")

    with pytest.raises(MlflowException, match="Metric 'broken' failed: ValueError: bad thing"):
        evaluate(small, broken)
    [run] = mlflow.search_runs(output_format="list")
    assert (run.info.status, run.data.metrics) == ("FAILED", {})


def test_missing_columns_are_all_named(small: pd.DataFrame) -> None:
    def first(predictions: Any, context: Any) -> float:
        return 1.0

    def second(predictions: Any, question: Any, answer: Any) -> float:
        return 1.0

    with pytest.raises(InvalidParameterValue, match=r"'first' needs \['context'\]; 'second' needs .*col_mapping"):
        evaluate(small, first, second)


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        (None, "returned 'None'"),
        ("text", "neither a number nor a MetricValue"),
        (MetricValue(scores="abc"), "scores are a 'str'"),
        (MetricValue(aggregate_results={"a": "x"}), "aggregate 'a' is 'x'"),  # type: ignore[dict-item]
        (MetricValue(aggregate_results={"a": np.ones(2)}), "aggregate 'a' is '[1. 1.]'"),  # type: ignore[dict-item]
    ],
    ids=["nothing", "text", "scores", "aggregate", "aggregates"],
)
def test_useless_value_is_left_out_with_a_warning(
    small: pd.DataFrame, returned: Any, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    def useless(predictions: Any) -> Any:
        return returned

    with caplog.at_level(logging.WARNING, "mlflow"):
        assert "useless" not in evaluate(small, useless, agreement).metrics
    assert f"Metric 'useless' is left out: it {reason}" in caplog.text or reason in caplog.text


def test_scores_must_be_one_a_row(small: pd.DataFrame) -> None:
    def short(predictions: Any) -> MetricValue:
        return MetricValue(scores=[1.0])

    with pytest.raises(InvalidParameterValue, match="'short/score' has 1 values for 4 rows"):
        evaluate(small, short)


def test_plain_function_is_refused_with_the_way_to_wrap_it(small: pd.DataFrame) -> None:
    with pytest.raises(InvalidParameterValue, match="make_metric"):
        mlflow.evaluate(data=small, targets="t", predictions="p", model_type="regressor", extra_metrics=[agreement])
