"""Optuna's MLflowCallback logs a run for every trial."""

import pytest

from tests.fixtures.foreign import Program
from tests.fixtures.servers import TrackingServer
from tests.integration.recorded import runs_of

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

PROGRAM = """
import os, warnings
import optuna
from optuna_integration import MLflowCallback

warnings.simplefilter("ignore")
callback = MLflowCallback(tracking_uri=os.environ["MLFLOW_TRACKING_URI"], metric_name="error",
                          mlflow_kwargs={"nested": True})

@callback.track_in_mlflow()
def objective(trial):
    x = trial.suggest_float("x", -10, 10)
    import mlflow
    mlflow.log_metric("inside", x)
    return (x - 2) ** 2

study = optuna.create_study(study_name="optuna study", sampler=optuna.samplers.RandomSampler(seed=1))
study.optimize(objective, n_trials=4, callbacks=[callback])
print(study.best_value)
"""


def test_optuna_logs_each_trial_with_its_params_and_value(
    tracking_server: TrackingServer, run_frameworks: Program
) -> None:
    printed = run_frameworks(PROGRAM, {"MLFLOW_TRACKING_URI": tracking_server.url}, 250, "estimators")
    best = float(printed.splitlines()[-1])
    runs = runs_of(tracking_server.url, "optuna study")
    assert [run["name"] for run in runs] == ["0", "1", "2", "3"]
    assert {run["status"] for run in runs} == {"FINISHED"}
    assert min(run["metrics"]["error"] for run in runs) == pytest.approx(best)
    for run in runs:
        assert run["metrics"]["inside"] == pytest.approx(float(run["params"]["x"]))
        assert run["metrics"]["error"] == pytest.approx((float(run["params"]["x"]) - 2) ** 2)
        assert run["tags"]["direction"] == "MINIMIZE"
