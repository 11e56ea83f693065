"""scikit-learn: what no comparison with the published package shows."""

import pickle
import threading
import warnings
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.compose import ColumnTransformer
from sklearn.datasets import make_classification
from sklearn.decomposition import PCA
from sklearn.ensemble import BaggingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

import mlflow
from tests.autologging.recorded import files, inputs, only_run, parents, runs

pytestmark = pytest.mark.long

X, Y = make_classification(60, 5, random_state=0)


@pytest.fixture(autouse=True)
def switched_on(database: str) -> None:
    mlflow.sklearn.autolog(log_models=False)


def test_model_is_logged_with_its_metrics_signature_and_example() -> None:
    mlflow.sklearn.autolog(log_input_examples=True)
    model = DecisionTreeClassifier(max_depth=2).fit(X, Y)
    run = only_run()
    (output,) = run.outputs.model_outputs
    logged = mlflow.MlflowClient().get_logged_model(output.model_id)
    assert (logged.name, logged.status.name, logged.params["max_depth"]) == ("model", "READY", "2")
    assert {metric.key: metric.value for metric in logged.metrics or ()} == run.data.metrics
    assert {metric.dataset_name for metric in logged.metrics or ()} == {"dataset"}
    uri = f"models:/{output.model_id}"
    info = mlflow.models.get_model_info(uri)
    assert info.signature.inputs is not None
    assert info.signature.outputs is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert list(mlflow.pyfunc.load_model(uri).predict(X)) == list(model.predict(X))


def test_search_logs_its_best_estimator_too() -> None:
    mlflow.sklearn.autolog(max_tuning_runs=1)
    GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, 2]}, cv=2).fit(X, Y)
    (parent,) = parents()
    client = mlflow.MlflowClient()
    names = [client.get_logged_model(output.model_id).name for output in parent.outputs.model_outputs]
    assert sorted(names) == ["best_estimator", "model"]
    assert len(runs()) == 2


@pytest.mark.parametrize("backend", ["threading", "loky", "multiprocessing"])
def test_search_in_workers_logs_one_run_and_its_children(backend: str) -> None:
    with joblib.parallel_config(backend):
        GridSearchCV(SVC(), {"C": [1, 2, 3]}, cv=2, n_jobs=2).fit(X, Y)
    assert [run.data.tags["estimator_name"] for run in parents()] == ["GridSearchCV"]
    assert len(runs()) == 4


def test_ensemble_in_threads_logs_one_run() -> None:
    with joblib.parallel_config("threading"):
        BaggingClassifier(LogisticRegression(), n_estimators=4, n_jobs=2).fit(X, Y)
    assert only_run().data.tags["estimator_name"] == "BaggingClassifier"


def test_fits_in_threads_of_the_program_have_runs_of_their_own() -> None:
    def fit(depth: int) -> None:
        model = DecisionTreeClassifier(max_depth=depth).fit(X, Y)
        model.score(X, Y)

    threads = [threading.Thread(target=fit, args=(depth,)) for depth in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(run.data.params["max_depth"] for run in runs()) == ["1", "2", "3"]
    assert all("DecisionTreeClassifier_score_X" in run.data.metrics for run in runs())


def test_estimators_inside_of_preparation_log_nothing() -> None:
    ColumnTransformer([("parts", PCA(1), [0, 1, 2])]).fit_transform(X)
    assert runs() == []


def test_own_estimator_logs_the_scikit_learn_estimator_that_it_fits() -> None:
    class Own(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
        def fit(self, X: Any, y: Any) -> "Own":  # noqa: N803 - the interface's name
            self.model_ = SVC().fit(X, y)
            return self

    Own().fit(X, Y)
    assert only_run().data.tags["estimator_name"] == "SVC"


def test_conditional_methods_stay_conditional() -> None:
    pipeline = make_pipeline(StandardScaler(), SVC()).fit(X, Y)
    assert hasattr(pipeline, "predict")
    assert not hasattr(pipeline, "predict_proba")
    assert len(pipeline.predict(X)) == 60
    assert inputs(only_run())[0] == ("dataset", "train")


def test_fitted_estimators_can_be_cloned_and_pickled() -> None:
    model = DecisionTreeClassifier(max_depth=1).fit(X, Y)
    assert clone(model).get_params() == model.get_params()
    assert list(pickle.loads(pickle.dumps(model)).predict(X)) == list(model.predict(X))


def test_metrics_of_predictions_follow_the_end_of_the_run_and_start_no_other() -> None:
    from sklearn import metrics

    model = DecisionTreeClassifier(max_depth=1).fit(X, Y)
    predicted = model.predict(X)
    with mlflow.start_run() as other:
        metrics.accuracy_score(Y, predicted)
    metrics.accuracy_score(Y, Y)
    assert mlflow.active_run() is None
    assert mlflow.get_run(other.info.run_id).data.metrics == {}
    (trained,) = [run for run in runs() if run.info.run_id != other.info.run_id]
    assert trained.data.metrics["accuracy_score_X"] == pytest.approx(model.score(X, Y))


def test_prediction_in_a_loop_records_few_datasets() -> None:
    model = DecisionTreeClassifier(max_depth=1).fit(X, Y)
    for row in X:
        model.predict(row.reshape(1, -1))
    assert len(inputs(only_run())) == 11


def test_fit_without_labels_logs_params_only(caplog: pytest.LogCaptureFixture) -> None:
    PCA(2).fit(X)
    assert only_run().data.metrics == {}
    assert files(only_run()) == ["estimator.html"]


def test_labels_of_text_and_of_several_columns_are_taken() -> None:
    LogisticRegression().fit(X, np.where(Y == 1, "yes", "no"))
    DecisionTreeClassifier(max_depth=1).fit(X, np.c_[Y, Y])
    assert "training_accuracy_score" in runs()[0].data.metrics


def test_serialization_format_is_that_of_the_models(tmp_path: Path) -> None:
    mlflow.sklearn.autolog(serialization_format="pickle")
    LogisticRegression().fit(X, Y)
    (output,) = only_run().outputs.model_outputs
    flavors = mlflow.models.get_model_info(f"models:/{output.model_id}").flavors
    assert flavors["sklearn"]["serialization_format"] == "pickle"
