"""The run of an evaluation, the model that is evaluated, and what the run says of both."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from sklearn.naive_bayes import GaussianNB

import mlflow
from mlflow.exceptions import InvalidParameterValue, NotImplementedByStore, ResourceDoesNotExist
from mlflow.models import EvaluationResult

Save = Callable[..., str]
FULL = "[" + ",".join(['{"name":"' + "n" * 100 + '"}'] * 71) + "]"
QUIET = {"log_model_explainability": False}


def evaluate(model: Any, data: Any, **options: Any) -> EvaluationResult:
    return mlflow.evaluate(
        model, data, **{"targets": "target", "model_type": "classifier", "evaluator_config": QUIET, **options}
    )


def evaluate_small(data: pd.DataFrame, **options: Any) -> EvaluationResult:
    return mlflow.evaluate(data=data, targets="t", predictions="p", model_type="regressor", **options)


def test_run_is_started_and_ended_where_none_is_active(small: pd.DataFrame) -> None:
    result = evaluate_small(small)
    assert mlflow.active_run() is None
    assert mlflow.get_run(str(result.run_id)).info.status == "FINISHED"


def test_active_run_is_used_and_stays_active(small: pd.DataFrame) -> None:
    with mlflow.start_run() as parent, mlflow.start_run(nested=True) as child:
        assert evaluate_small(small).run_id == child.info.run_id
        assert mlflow.active_run() is child
        mlflow.end_run()
        assert evaluate_small(small, evaluator_config={"metric_prefix": "all_"}).run_id == parent.info.run_id
        assert mlflow.active_run() is parent


def test_failure_ends_the_run_that_was_started(small: pd.DataFrame) -> None:
    with pytest.raises(ZeroDivisionError):
        mlflow.evaluate(lambda frame: 1 / 0, small, targets="t", model_type="regressor")
    assert mlflow.active_run() is None
    assert mlflow.search_runs(output_format="list")[0].info.status == "FAILED"


def test_dataset_is_an_input_of_the_run(small: pd.DataFrame) -> None:
    dataset = mlflow.data.from_pandas(small, source="/data/small.csv", targets="t", predictions="p", name="small")
    result = mlflow.evaluate(data=dataset, model_type="regressor")
    run = mlflow.get_run(str(result.run_id))
    [found] = run.inputs.dataset_inputs
    assert (found.dataset.name, found.dataset.digest) == ("small", dataset.digest)
    assert "mlflow.datasets" not in run.data.tags


def test_metrics_are_linked_with_the_logged_model_and_the_dataset(tumours: pd.DataFrame, fit: Any) -> None:
    with mlflow.start_run():
        logged = mlflow.sklearn.log_model(fit(tumours), name="model")
    result = evaluate(logged.model_uri, tumours, dataset_path="/data/tumours.csv")
    run = mlflow.get_run(str(result.run_id))
    assert [model.model_id for model in run.inputs.model_inputs] == [logged.model_id]
    [tag] = json.loads(run.data.tags["mlflow.datasets"])
    assert (tag["name"], tag["path"], tag["model"]) == ("dataset", "/data/tumours.csv", logged.model_id)
    [dataset] = [found.dataset for found in run.inputs.dataset_inputs]
    metrics = {metric.key: metric for metric in mlflow.MlflowClient().get_logged_model(logged.model_id).metrics or []}
    assert metrics.keys() == result.metrics.keys()
    assert metrics["roc_auc"].value == pytest.approx(result.metrics["roc_auc"])
    assert (metrics["roc_auc"].dataset_name, metrics["roc_auc"].dataset_digest) == ("dataset", dataset.digest)


def test_model_may_be_loaded_or_a_function_or_named_by_its_id(tumours: pd.DataFrame, fit: Any) -> None:
    with mlflow.start_run():
        logged = mlflow.sklearn.log_model(fit(tumours), name="model")
    loaded = evaluate(mlflow.pyfunc.load_model(logged.model_uri), tumours)
    function = evaluate(fit(tumours).predict, tumours, model_id=logged.model_id)
    assert loaded.metrics["accuracy_score"] == function.metrics["accuracy_score"]
    assert "roc_auc" in loaded.metrics
    assert "roc_auc" not in function.metrics
    for result in (loaded, function):
        [model] = mlflow.get_run(str(result.run_id)).inputs.model_inputs
        assert model.model_id == logged.model_id


def test_several_evaluations_of_one_run_are_all_noted(tumours: pd.DataFrame, save: Save) -> None:
    model = save(tumours)
    with mlflow.start_run() as run:
        evaluate(model, tumours, evaluator_config={"metric_prefix": "all_", **QUIET})
        evaluate(model, tumours.iloc[:100], evaluator_config={"metric_prefix": "first_", **QUIET})
    found = mlflow.get_run(run.info.run_id)
    assert found.data.metrics["all_example_count"] == 569
    assert found.data.metrics["first_example_count"] == 100
    assert len(json.loads(found.data.tags["mlflow.datasets"])) == 2
    assert len(found.inputs.dataset_inputs) == 2


@pytest.mark.parametrize(("before", "count"), [("cut[", 1), ('{"a": 1}', 1), (FULL, 71)], ids=["cut", "other", "full"])
def test_note_of_evaluations_has_the_latest_that_fit(
    tumours: pd.DataFrame, save: Save, before: str, count: int
) -> None:
    model = save(tumours)
    with mlflow.start_run() as run:
        mlflow.set_tag("mlflow.datasets", before)
        evaluate(model, tumours, evaluator_config=QUIET)
    told = json.loads(mlflow.get_run(run.info.run_id).data.tags["mlflow.datasets"])
    assert told[-1]["hash"]
    assert len(told) == count


def test_evaluation_works_without_a_server(small: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    mlflow.set_tracking_uri("http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_OFFLINE", "always")
    result = evaluate_small(small)
    assert result.metrics["mean_absolute_error"] == 0.25


@pytest.mark.parametrize("package", ["sklearn.metrics", "matplotlib.figure"])
def test_missing_package_is_named_before_anything_is_logged(
    small: pd.DataFrame, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=r"pip install 'mlflow\[evaluation\]'"):
        mlflow.evaluate(data=small, targets="t", predictions="p", model_type="classifier")
    [run] = mlflow.search_runs(output_format="list")
    assert run.data.metrics == {}


@pytest.mark.parametrize("kind", ["text", "question-answering", "text-summarization", "retriever"])
def test_generative_model_types_name_their_tier(small: pd.DataFrame, kind: str) -> None:
    with pytest.raises(NotImplementedByStore, match=f"'{kind}' belongs to MLflow's tier for generative applications"):
        mlflow.evaluate(data=small, targets="t", predictions="p", model_type=kind)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": 3}, "Model is a 'int'"),
        ({"model": GaussianNB()}, "Model is a 'GaussianNB'.*estimator.predict"),
        ({"model": None}, "neither a model nor a column of predictions"),
        ({"model_type": None}, "nothing to measure"),
        ({"model_type": "nope"}, "models of the type 'nope'"),
        ({"env_manager": "virtualenv"}, "Use 'local'"),
        ({"env_manager": "zzz"}, "env_manager is 'zzz'"),
        ({"inference_params": {"a": 1}}, "Bind parameters in a function"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_unusable_argument_is_named(small: pd.DataFrame, options: Any, message: str) -> None:
    arguments = {"model": lambda frame: frame["x"], "model_type": "regressor", **options}
    with pytest.raises(InvalidParameterValue, match=message):
        mlflow.evaluate(data=small, targets="t", **arguments)
    assert mlflow.search_runs().empty


@pytest.mark.parametrize(
    "options", [{"model": "models:/nosuch/1"}, {"model": "/no/such/folder"}, {"model_id": "m-" + "0" * 32}], ids=str
)
def test_missing_model_is_named(small: pd.DataFrame, options: Any) -> None:
    arguments = {"model": lambda frame: frame["x"], **options}
    with pytest.raises(ResourceDoesNotExist):
        mlflow.evaluate(data=small, targets="t", model_type="regressor", **arguments)


def test_autologging_rests_while_a_model_is_evaluated(tumours: pd.DataFrame, fit: Any) -> None:
    model = fit(tumours)
    mlflow.sklearn.autolog()
    try:
        result = evaluate(model.predict, tumours)
    finally:
        mlflow.sklearn.autolog(disable=True)
    assert mlflow.get_run(str(result.run_id)).data.metrics.keys() == result.metrics.keys()
