"""Predictions explained by SHAP, in the environment that has it."""

import json

import pytest

from tests.fixtures.foreign import Program

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(500), pytest.mark.long]

PROGRAM = """
import json, os, sys
import numpy as np, pandas as pd
import matplotlib.pyplot as plt
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB
import mlflow

mlflow.set_tracking_uri("sqlite:///mlflow.db")
data = {"two": load_breast_cancer, "three": load_iris, "number": load_diabetes}
frames = {}
for name, load in data.items():
    found = load(as_frame=True)
    frames[name] = found.data.iloc[:, :4].assign(target=found.target).sample(60, random_state=0)

def evaluated(name, model, model_type, **config):
    frame = frames[name]
    fitted = model.fit(frame.drop(columns="target"), frame["target"])
    with mlflow.start_run():
        uri = mlflow.sklearn.log_model(fitted, name="model").model_uri
    result = mlflow.evaluate(uri, frame, targets="target", model_type=model_type, evaluator_config=config)
    pictures = {key: found.content.size for key, found in result.artifacts.items() if key.startswith("shap_")}
    files = [info.path for info in mlflow.MlflowClient().list_artifacts(result.run_id)]
    return {"pictures": pictures, "files": files}

told = {
    "trees": evaluated("two", RandomForestClassifier(5, random_state=0), "classifier", log_explainer=True),
    "classes": evaluated("three", GaussianNB(), "classifier", explainability_nsamples=20),
    "linear": evaluated("number", LinearRegression(), "regressor", metric_prefix="val_"),
    "kernel": evaluated("number", LinearRegression(), "regressor", explainability_algorithm="kernel",
                        explainability_nsamples=5),
    "permutation": evaluated("number", LinearRegression(), "regressor", explainability_algorithm="permutation",
                             explainability_nsamples=5),
    "off": evaluated("number", LinearRegression(), "regressor", log_model_explainability=False),
}
[explainer] = mlflow.search_logged_models(filter_string="name = 'explainer'", output_format="list")
told["explainer"] = type(mlflow.shap.load_explainer(explainer.model_uri)).__name__
text = frames["number"].assign(age="old")
result = mlflow.evaluate(lambda frame: np.zeros(len(frame)), text, targets="target", model_type="regressor")
told["text"] = [key for key in result.artifacts]
told["figures"] = plt.get_fignums()

from mlflow.evaluation.explanation import explain
from mlflow.evaluation.models import FunctionModel
from mlflow.evaluation.settings import Settings
from mlflow.data.evaluation_dataset import EvaluationDataset

frame = pd.DataFrame({"a": np.arange(20.0), "b": np.arange(20.0)[::-1] ** 2, "target": 0.0})
model = FunctionModel(lambda frame: 3 * frame["a"] + 0 * frame["b"])
found = explain(model, EvaluationDataset(frame, targets="target"), Settings(), None, is_classifier=False)
told["values"] = found.values.values.tolist()
print(json.dumps(told))
"""
PICTURES = {"shap_beeswarm_plot", "shap_feature_importance_plot", "shap_summary_plot"}


def test_explanations_of_classifiers_and_regressors(run_frameworks: Program) -> None:
    environment = {"MLFLOW_CAPTURE": "false", "PYTHONWARNINGS": "ignore"}
    told = json.loads(run_frameworks(PROGRAM, environment, 450, "estimators").splitlines()[-1])
    for kind in ("trees", "classes", "linear", "kernel", "permutation"):
        assert told[kind]["pictures"].keys() == PICTURES, kind
        assert all(min(size) > 300 for size in told[kind]["pictures"].values())
    assert set(told["linear"]["files"]) == {f"val_{name}.png" for name in PICTURES}
    assert told["off"] == {"pictures": {}, "files": []}
    assert (told["text"], told["figures"]) == ([], [])
    assert "Tree" in told["explainer"]
    # The model is 3a: a's value is 3(a - mean of a), and b's is nothing.
    assert [row[0] for row in told["values"]] == pytest.approx([3 * (a - 9.5) for a in range(20)])
    assert [row[1] for row in told["values"]] == pytest.approx([0.0] * 20)
