"""skorch's MlflowLogger logs the history of each epoch to a run."""

import pytest

from tests.fixtures.foreign import Program
from tests.fixtures.servers import TrackingServer
from tests.integration.recorded import history, runs_of

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(300)]

PROGRAM = """
import numpy as np, torch, mlflow
from mlflow.tracking import MlflowClient
from skorch import NeuralNetRegressor
from skorch.callbacks import MlflowLogger

client = MlflowClient()
experiment = client.create_experiment("skorch")
run = client.create_run(experiment)
xs = np.linspace(0, 1, 32, dtype="float32").reshape(-1, 1)
network = NeuralNetRegressor(torch.nn.Linear(1, 1), max_epochs=3, lr=0.1, verbose=0,
                             callbacks=[MlflowLogger(run, client, create_artifact=False)])
network.fit(xs, 3 * xs + 1)
"""


def test_skorch_logs_the_losses_of_each_epoch(tracking_server: TrackingServer, run_frameworks: Program) -> None:
    run_frameworks(PROGRAM, {"MLFLOW_TRACKING_URI": tracking_server.url}, 250, "torch")
    (run,) = runs_of(tracking_server.url, "skorch")
    assert run["status"] == "FINISHED"
    losses = history(tracking_server.url, run["id"], "train_loss")
    assert len(losses) == 3
    assert losses[-1] < losses[0]
    assert len(history(tracking_server.url, run["id"], "valid_loss")) == 3
