"""Evaluate in many ways, and print what was found; runs under the published package too.

Its answers there are kept in published.json beside this file.
"""

import json

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB

import mlflow
from mlflow.metrics import MetricValue, f1_score, mae
from mlflow.models import make_metric

mlflow.set_tracking_uri("sqlite:///mlflow.db")
mlflow.set_experiment("evaluation")


def frame(load):
    found = load(as_frame=True)
    return found.data.iloc[:, :4].assign(target=found.target)


def saved(data, model, name):
    fitted = model.fit(data.drop(columns="target"), data["target"])
    mlflow.sklearn.save_model(fitted, name, serialization_format="cloudpickle")
    return name, fitted.predict(data.drop(columns="target"))


two, three, number = frame(load_breast_cancer), frame(load_iris), frame(load_diabetes)
two_model, two_said = saved(two, GaussianNB(), "two")
three_model, three_said = saved(three, GaussianNB(), "three")
number_model, number_said = saved(number, LinearRegression(), "number")


def each(predictions, targets):
    return MetricValue(scores=[float(x) for x in (predictions - targets).abs()])


def asks(predictions, age, mean_absolute_error):
    return float(age.sum() + mean_absolute_error.aggregate_results["mean_absolute_error"])


def files(eval_df, builtin_metrics, artifacts_dir):
    return {"document": {"rows": len(eval_df)}, "table": eval_df.head(3), "array": np.arange(3), "object": range(3)}


weights = np.arange(len(two)) + 1.0
custom = [make_metric(eval_fn=each, greater_is_better=False), make_metric(eval_fn=asks, greater_is_better=False)]
versioned = [make_metric(eval_fn=each, greater_is_better=False, version="v1"), mae()]
cases = {
    "two": {"model": two_model, "data": two, "kind": "classifier"},
    "two, weighted, from the other side": {
        "model": two_model,
        "data": two,
        "kind": "classifier",
        "config": {"pos_label": 0, "sample_weights": weights},
    },
    "two, prefixed": {"model": two_model, "data": two, "kind": "classifier", "config": {"metric_prefix": "val_"}},
    "two, predicted": {"data": two.assign(p=two_said), "kind": "classifier", "predictions": "p", "extra": [f1_score()]},
    "three": {"model": three_model, "data": three, "kind": "classifier"},
    "three, macro, no curves": {
        "model": three_model,
        "data": three,
        "kind": "classifier",
        "config": {"average": "macro", "max_classes_for_multiclass_roc_pr": 2},
    },
    "three, predicted": {"data": three.assign(p=three_said), "kind": "classifier", "predictions": "p"},
    "number": {"model": number_model, "data": number, "kind": "regressor"},
    "number, weighted": {
        "model": number_model,
        "data": number,
        "kind": "regressor",
        "config": {"sample_weights": np.arange(442) + 1.0},
    },
    "number, own metrics and files": {
        "data": number.assign(p=number_said),
        "kind": "regressor",
        "predictions": "p",
        "extra": custom,
        "files": [files],
    },
    "number, function": {"model": lambda data: number_said, "data": number, "kind": "regressor", "extra": custom},
    "own metrics alone": {
        "data": number.assign(p=number_said),
        "kind": None,
        "predictions": "p",
        "extra": versioned,
        "config": {"metric_prefix": "x_"},
    },
}
told = {}
for name, case in cases.items():
    evaluator = case["kind"] or "default"
    with mlflow.start_run() as run:
        result = mlflow.evaluate(
            case.get("model"),
            case["data"],
            targets="target",
            predictions=case.get("predictions"),
            model_type=case["kind"],
            evaluators=[evaluator],
            evaluator_config={evaluator: case.get("config", {})},
            extra_metrics=case.get("extra"),
            custom_artifacts=case.get("files"),
        )
    found = mlflow.get_run(run.info.run_id)
    told[name] = {
        "metrics": {key: float(value) for key, value in result.metrics.items()},
        "logged": found.data.metrics,
        "artifacts": {key: type(artifact).__name__ for key, artifact in result.artifacts.items()},
        "files": sorted(info.path for info in mlflow.MlflowClient().list_artifacts(run.info.run_id)),
        "tables": {key: [list(table.columns), len(table)] for key, table in result.tables.items()},
        "inputs": [[found.dataset.name, found.dataset.digest] for found in found.inputs.dataset_inputs],
        "noted": [sorted(entry) for entry in json.loads(found.data.tags.get("mlflow.datasets", "[]"))],
        "classes": result.artifacts["per_class_metrics"].content.to_dict("list")
        if "per_class_metrics" in result.artifacts
        else {},
    }
    result.save("saved-" + name)
print(json.dumps(told))
