"""Each framework trains something small, and its runs hold what the published package's hold."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.autologging import programs
from tests.autologging.recorded import differences
from tests.fixtures.foreign import Program

KEPT = json.loads(Path(__file__).with_name("published_frameworks.json").read_text())
"""What the published package recorded of the same programs, run once beside these frameworks and TensorBoard."""

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(400), pytest.mark.long]


@pytest.fixture
def trained(run_frameworks: Program, tmp_path: Path) -> Any:
    """Run a program that trains and then calls `record()`; answers its runs by experiment."""

    def run(program: str, among: str | None = None, autolog: str = "mlflow.autolog()") -> dict[str, Any]:
        environment = {
            "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / 'mlflow.db'}",
            "MLFLOW_CAPTURE": "false",
            "MLFLOW_AUTOLOGGING_TESTING": "true",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        text = programs.DUMP + programs.FRAMEWORK.replace("mlflow.autolog()", autolog) + program + "\nrecord()\n"
        found: dict[str, Any] = json.loads(run_frameworks(text, environment, 350, among).splitlines()[-1])
        return found

    return run


def only(runs: list[dict[str, Any]]) -> dict[str, Any]:
    (run,) = runs
    assert run["status"] == "FINISHED"
    return run


def steps(run: dict[str, Any], key: str) -> list[int]:
    return [step for step, _ in run["metrics"][key]]


def contexts(run: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((used[0], used[-1]) for used in run["inputs"])


def assert_as_published(framework: str, found: dict[str, Any]) -> None:
    """The same but for validations' steps: the published package logs each at step 0, and here it has its epoch.

    Profiles of training data are an addition.
    """
    kept = {name: [unstepped(run) for run in runs] for name, runs in KEPT[framework].items()}
    ours = {name: [unstepped(run) for run in found[name]] for name in kept}
    assert differences(ours, kept, 1e-3) == {}


def unstepped(run: dict[str, Any]) -> dict[str, Any]:
    told = {key: [value for _, value in run["metrics"][key]] for key in run["metrics"] if key.startswith("validation_")}
    return {key: value for key, value in (run | {"metrics": run["metrics"] | told}).items() if key != "profiles"}


def test_xgboost(trained: Any) -> None:
    found = trained(programs.XGBOOST)
    run = only(found["train"])
    assert run["tags"] == {"mlflow.autologging": "xgboost"}
    expected = {
        "max_depth": "2",
        "num_boost_round": "6",
        "early_stopping_rounds": "1",
        "eval_metric": "['rmse', 'mae']",
    }
    assert expected.items() <= run["params"].items()
    assert run["profiles"] == [[300, 10, ["prediction"]]]
    assert {"train-rmse", "train-mae", "valid-rmse", "valid-mae", "stopped_iteration", "best_iteration"} == set(
        run["metrics"]
    )
    stopped, best = (int(run["metrics"][name][0][1]) for name in ("stopped_iteration", "best_iteration"))
    assert steps(run, "valid-rmse") == [*range(stopped + 1), stopped + 1]
    assert run["metrics"]["valid-rmse"][-1][1] == run["metrics"]["valid-rmse"][best][1]
    assert run["files"] == ["feature_importance_weight.json", "feature_importance_weight.png"]
    assert contexts(run) == [("dataset", "train"), ("train", "eval"), ("valid", "eval")]
    assert run["models"] == [["model", True]]
    estimator = only(found["estimator"])
    assert estimator["params"]["num_class"] == "3"
    assert set(estimator["metrics"]) == {"XGBClassifier_score_X"}
    assert estimator["profiles"] == [[150, 4, ["prediction"]]]
    assert estimator["models"] == [["model", True]]
    assert [run["tags"]["mlflow.autologging"] for run in found["search"] if not run["child"]] == ["sklearn"]
    assert [run["status"] for run in found["failure"]] == ["FAILED"]


def test_lightgbm(trained: Any) -> None:
    found = trained(programs.LIGHTGBM, "estimators")
    run = only(found["train"])
    assert {"num_leaves": "4", "num_boost_round": "5", "objective": "regression"}.items() <= run["params"].items()
    assert steps(run, "valid-l2") == [0, 1, 2, 3, 4, 5]
    assert run["profiles"] == [[300, 10, ["prediction"]]]
    assert run["files"] == [f"feature_importance_{kind}.{end}" for kind in ("gain", "split") for end in ("json", "png")]
    assert contexts(run) == [("dataset", "train"), ("valid", "eval")]
    assert run["models"] == [["model", True]]
    estimator = only(found["estimator"])
    assert estimator["params"]["objective"] == "multiclass"
    assert set(estimator["metrics"]) == {"LGBMClassifier_score_X"}
    assert estimator["profiles"] == [[150, 4, ["prediction"]]]
    assert estimator["models"] == [["model", True]]


def test_statsmodels(trained: Any) -> None:
    found = trained(programs.STATSMODELS, "estimators")
    run = only(found["ols"])
    assert run["params"] == {"method": "pinv", "cov_type": "HC3", "cov_kwds": "None", "use_t": "None"}
    assert run["metrics"]["rsquared"][0][1] > 0.5
    assert {"aic", "bic", "llf", "mse_resid", "ssr"} < set(run["metrics"])
    assert run["files"] == ["model_summary.txt"]
    assert run["models"] == [["model", False]]
    assert only(found["arima"])["params"]["low_memory"] == "False"


def test_keras_with_tensorflow(trained: Any) -> None:
    found = trained(programs.TENSORFLOW, "tensorflow")
    assert_as_published("tensorflow", found)
    run = only(found["fit"])
    assert run["tags"] == {"mlflow.autologging": "tensorflow"}
    expected = {"epochs": "3", "batch_size": "16", "opt_name": "sgd", "monitor": "val_loss", "patience": "0"}
    assert expected.items() <= run["params"].items()
    assert steps(run, "loss") == [0, 1, 2]
    assert run["metrics"]["stopped_epoch"] == [[0, 1.0]]
    assert run["metrics"]["restored_epoch"] == [[0, 0.0]]
    assert {"checkpoints/latest_checkpoint.h5", "checkpoints/latest_checkpoint_metrics.json"} < set(run["files"])
    assert contexts(run) == [("dataset", "eval"), ("dataset", "train")]
    assert steps(only(found["batches"]), "loss") == [2, 4, 6, 8]
    assert only(found["own events"])["files"] == ["model_summary.txt", "tensorboard_logs/train/events.out.tfevents"]
    own = only(found["keras"])
    assert own["tags"] == {"mlflow.autologging": "keras"}
    assert own["params"]["optimizer_learning_rate"].startswith("0.0099")
    assert set(own["metrics"]) == {"loss", "mae", "val_loss", "val_mae", "validation_loss", "validation_mae"}
    assert own["models"] == [["model", True]]
    assert own["profiles"] == [[64, 4, ["prediction"]]]


def test_keras_alone_with_torch(trained: Any) -> None:
    found = trained(programs.KERAS, "torch", "mlflow.keras.autolog()")
    assert_as_published("keras", found)
    assert only(found["in batches"])["models"] == [["model", True]]


def test_lightning(trained: Any) -> None:
    found = trained(programs.LIGHTNING, "torch")
    run = only(found["fit"])
    assert {"epochs": "3", "optimizer_name": "Adam", "lr": "0.1", "patience": "5"}.items() <= run["params"].items()
    assert steps(run, "train_loss_epoch") == steps(run, "val_loss") == [0, 1, 2]
    assert len(run["metrics"]["test_loss"]) == 1
    expected = ["checkpoints/latest_checkpoint.pth", "checkpoints/latest_checkpoint_metrics.json", "model_summary.txt"]
    assert run["files"] == expected
    assert run["models"] == [["model", True]]
    batches = only(found["batches"])
    assert steps(batches, "train_loss_step") == [1, 3, 5, 7]
    assert steps(batches, "val_loss") == [1]
    assert batches["models"] == []


def test_paddle(trained: Any) -> None:
    found = trained(programs.PADDLE)
    run = only(found["fit"])
    assert run["tags"] == {"mlflow.autologging": "paddle"}
    assert run["params"] == {"optimizer_name": "Adam", "learning_rate": "0.05"}
    measured = {"loss", "step", "batch_size"}
    assert set(run["metrics"]) == measured | {f"eval_{name}" for name in measured}
    assert steps(run, "loss") == steps(run, "eval_loss") == [0, 1, 2]
    assert run["files"] == ["model_summary.txt"]
    assert run["models"] == [["model", False]]
    early = only(found["early"])
    assert {"monitor": "loss", "patience": "0", "min_delta": "-100"}.items() <= early["params"].items()
    assert early["metrics"]["stopped_epoch"] == [[0, 1.0]]
    assert steps(early, "eval_loss") == [0]
    assert early["metrics"]["best_value"][0][1] == early["metrics"]["eval_loss"][0][1]
    schedule = only(found["schedule"])
    assert schedule["params"]["learning_rate"] == "0.1"
    assert schedule["params"]["learning_rate_schedule"] == "StepDecay"
    assert steps(schedule, "loss") == [0, 2]


@pytest.mark.skipif(shutil.which("java") is None, reason="needs Java: install a runtime, such as default-jre-headless")
def test_spark(trained: Any) -> None:
    found = trained(programs.SPARK)
    compared = {name: [comparable(run) for run in runs] for name, runs in found.items() if name in KEPT["spark"]}
    assert differences(compared, KEPT["spark"], 1e-3) == {}
    run = only(found["pipeline"])
    assert run["tags"]["estimator_class"] == "pyspark.ml.pipeline.Pipeline"
    assert run["params"]["stages"] == "['VectorAssembler', 'LinearRegression']"
    assert run["params"]["LinearRegression.maxIter"] == "2"
    assert set(run["metrics"]) == {"rmse_frame", "mae_frame"}
    assert run["files"] == ["estimator_info.json", "metric_info.json"]
    assert contexts(run) == [("dataset", "eval"), ("dataset", "eval"), ("dataset", "train")]
    assert run["models"] == [["model", True]]
    params = only(found["params"])
    assert (params["params"]["maxIter"], params["models"], params["files"]) == ("3", [], [])
    assert found["several"] == []
    assert only(found["classes"])["params"]["LogisticRegression.maxIter"] == "2"
    named = only(found["names"])["params"]
    assert named["VectorAssembler_2.inputCols"] == "['first', 'b']"
    assert named["LinearRegression.labelCol"] == "y"
    assert_search(found["search"], {"avg_rmse", "std_rmse"})
    assert_search(found["split"], {"rmse"})
    assert [run["status"] for run in found["failure"]] == ["FAILED"]


def comparable(run: dict[str, Any]) -> dict[str, Any]:
    """A run of Spark's without its model's files, which are elsewhere here, and digests, which no session repeats."""
    data = sorted([name, kind, schema, *contexts] for name, _, kind, schema, _, *contexts in run["inputs"])
    return {key: run[key] for key in ("status", "params", "metrics", "tags", "child", "files")} | {"inputs": data}


def assert_search(runs: list[dict[str, Any]], metrics: set[str]) -> None:
    (search,) = (run for run in runs if not run["child"])
    assert search["params"]["best_LinearRegression.regParam"] == "0.0"
    assert search["files"] == ["best_parameters.json", "estimator_info.json", "search_results.csv"]
    children = [run for run in runs if run["child"]]
    assert [set(run["metrics"]) for run in children] == [metrics, metrics]
    names = ("LinearRegression.regParam", "regParam")
    assert sorted(run["params"][name] for run in children for name in names if name in run["params"]) == ["0.0", "0.1"]
