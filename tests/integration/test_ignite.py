"""ignite's MLflowLogger logs params and what handlers attach."""

import pytest

from tests.fixtures.foreign import Program
from tests.fixtures.servers import TrackingServer
from tests.integration.recorded import history, runs_of

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(300)]

PROGRAM = """
import mlflow
mlflow.set_experiment("ignite")
from ignite.engine import Engine, Events
from ignite.handlers.mlflow_logger import MLflowLogger

trainer = Engine(lambda engine, batch: 1.0 / batch)
logger = MLflowLogger()
logger.log_params({"lr": 0.5, "model": "line"})
logger.attach_output_handler(trainer, event_name=Events.ITERATION_COMPLETED, tag="training",
                             output_transform=lambda loss: {"loss": loss})
trainer.run([1, 2, 4], max_epochs=2)
logger.close()
"""


def test_ignite_logs_params_and_the_output_of_each_iteration(
    tracking_server: TrackingServer, run_frameworks: Program
) -> None:
    run_frameworks(PROGRAM, {"MLFLOW_TRACKING_URI": tracking_server.url}, 250, "torch")
    (run,) = runs_of(tracking_server.url, "ignite")
    assert run["status"] == "FINISHED"
    assert {"lr": "0.5", "model": "line"}.items() <= run["params"].items()
    (key,) = [name for name in run["metrics"] if name.endswith("loss")]
    assert history(tracking_server.url, run["id"], key) == [1.0, 0.5, 0.25, 1.0, 0.5, 0.25]
