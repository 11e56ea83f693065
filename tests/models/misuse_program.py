"""Models, the registry and evaluation, used wrongly; runs under either mlflow."""

import json
import logging
import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression

import mlflow
from mlflow import MlflowClient
from mlflow.models import MetricThreshold, make_metric

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
NAME = "misuse-" + os.environ["WORLD"]
X = pd.DataFrame({"a": np.arange(20.0), "b": np.arange(20.0) % 3})
Y = X.a * 2
DATA, LABELLED = X.assign(y=Y), X.assign(y=(X.a > 9).astype(int))
LINE, KIND = LinearRegression().fit(X, Y), LogisticRegression().fit(X, LABELLED.y)

log, validate, client = mlflow.sklearn.log_model, mlflow.validate_evaluation_results, MlflowClient()
mlflow.set_experiment(NAME)
with mlflow.start_run() as run:
    line = log(LINE, name="m", registered_model_name=NAME, input_example=X[:2])
    kind = log(KIND, name="k")
run_id = run.info.run_id
d = tempfile.mkdtemp()
Path(d, "taken").write_text("x")


def failing(*args: Any) -> Any:
    raise ValueError("x")


def evaluate(*args: Any, **options: Any) -> Any:
    config = {"log_model_explainability": False}
    return mlflow.models.evaluate(*args, **{"evaluator_config": config, **options})


exact = evaluate(line.model_uri, DATA, targets="y", model_type="regressor")
shifted = evaluate(data=DATA.assign(p=Y + 1), targets="y", predictions="p", model_type="regressor")

CALLS: dict[str, Callable[[], Any]] = {
    "log none": lambda: log(None, name="x"),
    "log str": lambda: log("text", name="x"),
    "log slash name": lambda: log(LINE, name="a/b"),
    "log empty name": lambda: log(LINE, name=""),
    "log both names": lambda: log(LINE, name="a", artifact_path="b"),
    "log bad format": lambda: log(LINE, name="a", serialization_format="zzz"),
    "log two envs": lambda: log(LINE, name="a", conda_env={"name": "x"}, pip_requirements=["numpy"]),
    "log two reqs": lambda: log(LINE, name="a", extra_pip_requirements=["a"], pip_requirements=["numpy"]),
    "log bad reqs": lambda: log(LINE, name="a", pip_requirements=5),
    "log missing req file": lambda: log(LINE, name="a", pip_requirements="/none.txt"),
    "log missing conda": lambda: log(LINE, name="a", conda_env="/none.yaml"),
    "log missing code": lambda: log(LINE, name="a", code_paths=["/none"]),
    "log code str": lambda: log(LINE, name="a", code_paths="x"),
    "log bad signature": lambda: log(LINE, name="a", signature="x"),
    "log bad example": lambda: log(LINE, name="a", input_example=object()),
    "log bad metadata": lambda: log(LINE, name="a", metadata=5),
    "log bad registered": lambda: log(LINE, name="a", registered_model_name="a:b"),
    "log empty registered": lambda: log(LINE, name="a", registered_model_name=""),
    "load empty": lambda: mlflow.pyfunc.load_model(""),
    "load nothing": lambda: mlflow.pyfunc.load_model("/none"),
    "load scheme": lambda: mlflow.pyfunc.load_model("zzz://x"),
    "load models:": lambda: mlflow.pyfunc.load_model("models:/"),
    "load no stage": lambda: mlflow.pyfunc.load_model(f"models:/{NAME}/Production"),
    "load bad stage": lambda: mlflow.pyfunc.load_model(f"models:/{NAME}/bogus"),
    "load no alias": lambda: mlflow.pyfunc.load_model(f"models:/{NAME}@x"),
    "load version 0": lambda: mlflow.pyfunc.load_model(f"models:/{NAME}/0"),
    "load negative": lambda: mlflow.pyfunc.load_model(f"models:/{NAME}/-1"),
    "load runs no path": lambda: mlflow.pyfunc.load_model(f"runs:/{run_id}"),
    "register no run": lambda: mlflow.register_model("runs:/" + "0" * 32 + "/m", NAME).version,
    "register no artifact": lambda: mlflow.register_model(f"runs:/{run_id}/none", NAME),
    "register bad name": lambda: mlflow.register_model(line.model_uri, "a/b"),
    "register empty name": lambda: mlflow.register_model(line.model_uri, ""),
    "register no id": lambda: mlflow.register_model("models:/m-" + "0" * 32, NAME),
    "register version": lambda: str(mlflow.register_model(f"models:/{NAME}/1", NAME + "c").version),
    "alias int": lambda: client.set_registered_model_alias(NAME, "1", "1"),
    "alias v1": lambda: client.set_registered_model_alias(NAME, "v1", "1"),
    "alias latest": lambda: client.set_registered_model_alias(NAME, "latest", "1"),
    "alias empty": lambda: client.set_registered_model_alias(NAME, "", "1"),
    "alias bad chars": lambda: client.set_registered_model_alias(NAME, "a b", "1"),
    "alias long": lambda: client.set_registered_model_alias(NAME, "a" * 300, "1"),
    "alias no version": lambda: client.set_registered_model_alias(NAME, "x", "99"),
    "alias no model": lambda: client.set_registered_model_alias(NAME + "zz", "x", "1"),
    "stage archive": lambda: (
        client.transition_model_version_stage(NAME, "1", "Production", archive_existing_versions=True).current_stage
    ),
    "stage archive archived": lambda: (
        client.transition_model_version_stage(NAME, "1", "Archived", archive_existing_versions=True).current_stage
    ),
    "version x": lambda: client.get_model_version(NAME, "x"),
    "version 1.5": lambda: client.get_model_version(NAME, 1.5),
    "tag none key": lambda: client.set_model_version_tag(NAME, "1", None, "v"),
    "tag empty key": lambda: client.set_model_version_tag(NAME, "1", "", "v"),
    "tag neither": lambda: client.set_model_version_tag(NAME, None, "k", "v"),
    "tag by stage": lambda: client.set_model_version_tag(NAME, key="k", value="v", stage="Archived"),
    "tag both": lambda: client.set_model_version_tag(NAME, "1", "k", "v", stage="Archived"),
    "rename taken": lambda: client.rename_registered_model(NAME, NAME + "c"),
    "create taken": lambda: client.create_registered_model(NAME),
    "copy latest": lambda: str(client.copy_model_version(f"models:/{NAME}/latest", NAME + "d").version),
    "copy runs": lambda: client.copy_model_version(f"runs:/{run_id}/m", NAME + "d"),
    "copy id": lambda: client.copy_model_version(line.model_uri, NAME + "d"),
    "copy missing": lambda: client.copy_model_version(f"models:/{NAME}/9", NAME + "d"),
    "max 0": lambda: len(client.search_registered_models(max_results=0)),
    "max neg": lambda: len(client.search_registered_models(max_results=-1)),
    "max big": lambda: len(client.search_registered_models(f"name='{NAME}'", max_results=1001)),
    "bad token": lambda: len(client.search_model_versions(page_token="zz")),
    "evaluate no type": lambda: evaluate(line.model_uri, DATA, targets="y"),
    "evaluate bad type": lambda: evaluate(line.model_uri, DATA, targets="y", model_type="zzz"),
    "evaluate no targets": lambda: evaluate(line.model_uri, DATA, model_type="regressor"),
    "evaluate bad targets": lambda: evaluate(line.model_uri, DATA, targets="zz", model_type="regressor"),
    "evaluate targets array": lambda: evaluate(line.model_uri, X, targets=Y, model_type="regressor"),
    "evaluate bad data": lambda: evaluate(line.model_uri, 5, targets="y", model_type="regressor"),
    "evaluate none data": lambda: evaluate(line.model_uri, None, targets="y", model_type="regressor"),
    "evaluate no model": lambda: evaluate(None, DATA, targets="y", model_type="regressor"),
    "evaluate preds": lambda: sorted(
        evaluate(data=DATA.assign(p=Y), targets="y", predictions="p", model_type="regressor").metrics
    ),
    "evaluate bad preds": lambda: evaluate(data=DATA, targets="y", predictions="p", model_type="regressor"),
    "evaluate bad evaluator": lambda: evaluate(
        line.model_uri, DATA, targets="y", model_type="regressor", evaluators="zzz"
    ),
    "evaluate config list": lambda: evaluate(
        line.model_uri, DATA, targets="y", model_type="regressor", evaluator_config=[1]
    ),
    "evaluate bad metric": lambda: evaluate(
        line.model_uri, DATA, targets="y", model_type="regressor", extra_metrics=[5]
    ),
    "evaluate failing metric": lambda: sorted(
        evaluate(
            line.model_uri,
            DATA,
            targets="y",
            model_type="regressor",
            extra_metrics=[make_metric(eval_fn=failing, greater_is_better=True, name="bad")],
        ).metrics
    ),
    "evaluate nonscalar": lambda: sorted(
        evaluate(
            line.model_uri,
            DATA,
            targets="y",
            model_type="regressor",
            extra_metrics=[make_metric(eval_fn=lambda p, t, mm: "x", greater_is_better=True, name="bad")],
        ).metrics
    ),
    "evaluate wrong columns": lambda: evaluate(
        line.model_uri, DATA.drop(columns="a"), targets="y", model_type="regressor"
    ),
    "evaluate text targets": lambda: evaluate(line.model_uri, DATA.assign(y="x"), targets="y", model_type="regressor"),
    "evaluate classifier float": lambda: sorted(
        evaluate(kind.model_uri, DATA, targets="y", model_type="classifier").metrics
    ),
    "evaluate pos label": lambda: sorted(
        evaluate(
            kind.model_uri,
            LABELLED,
            targets="y",
            model_type="classifier",
            evaluator_config={"log_model_explainability": False, "pos_label": 7},
        ).metrics
    ),
    "evaluate empty": lambda: sorted(evaluate(line.model_uri, DATA[:0], targets="y", model_type="regressor").metrics),
    "validate ok": lambda: validate(
        {"root_mean_squared_error": MetricThreshold(threshold=1, greater_is_better=False)}, exact
    ),
    "validate fail": lambda: validate(
        {"mean_absolute_error": MetricThreshold(threshold=0.5, greater_is_better=False)}, shifted
    ),
    "validate missing": lambda: validate({"zz": MetricThreshold(threshold=1, greater_is_better=False)}, exact),
    "validate baseline": lambda: validate(
        {"mean_absolute_error": MetricThreshold(min_absolute_change=0.5, greater_is_better=False)}, exact, shifted
    ),
    "validate baseline worse": lambda: validate(
        {"mean_absolute_error": MetricThreshold(min_absolute_change=0.5, greater_is_better=False)}, shifted, exact
    ),
    "validate relative": lambda: validate(
        {"mean_absolute_error": MetricThreshold(min_relative_change=0.5, greater_is_better=False)}, exact, shifted
    ),
    "validate no baseline": lambda: validate(
        {"mean_absolute_error": MetricThreshold(min_absolute_change=0.5, greater_is_better=False)}, exact
    ),
    "validate nothing": lambda: validate({}, exact),
    "threshold no direction": lambda: MetricThreshold(threshold=1),
    "threshold bad": lambda: MetricThreshold(threshold="x", greater_is_better=True),
    "threshold neg": lambda: MetricThreshold(min_absolute_change=-1, greater_is_better=True),
    "threshold rel 2": lambda: MetricThreshold(min_relative_change=2, greater_is_better=True),
    "threshold rel str": lambda: MetricThreshold(min_relative_change="a", greater_is_better=True),
    "threshold dir": lambda: MetricThreshold(threshold=1, greater_is_better=5),
    "delete version": lambda: client.delete_model_version(NAME, "9"),
    "delete model": lambda: client.delete_registered_model("nope" + NAME),
    "delete id": lambda: client.delete_logged_model("m-" + "0" * 32),
    "get latest": lambda: [str(x.version) for x in client.get_latest_versions(NAME, stages=["None"])],
    "get latest bad": lambda: [str(x.version) for x in client.get_latest_versions(NAME, stages=["zz"])],
}


def outcome(call: Callable[[], Any]) -> Any:
    """Of a failure its code; of an answer what is plain in it."""
    try:
        found = call()
    except Exception as exc:  # noqa: BLE001 - what fails there must fail here
        return ["fails", getattr(exc, "error_code", "")]
    return found if isinstance(found, (int, float, str, bool, list, type(None))) else type(found).__name__


print(json.dumps({name: outcome(call) for name, call in CALLS.items()}))
