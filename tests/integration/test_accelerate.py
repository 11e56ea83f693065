"""accelerate's MLflowTracker logs configuration, metrics, a figure and files."""

import pytest

from tests.fixtures.foreign import Program
from tests.fixtures.servers import TrackingServer
from tests.integration.recorded import artifacts, history, runs_of

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

PROGRAM = """
from pathlib import Path
from accelerate import Accelerator

accelerator = Accelerator(log_with="mlflow", cpu=True)
accelerator.init_trackers("accelerate project", config={"learning_rate": 0.5, "layers": 3})
for step in range(5):
    accelerator.log({"loss": 1.0 / (step + 1)}, step=step)
Path("notes.txt").write_text("written by the program")
accelerator.get_tracker("mlflow").log_artifact("notes.txt")
accelerator.end_training()
"""


def test_accelerate_logs_configuration_metrics_and_files(
    tracking_server: TrackingServer, run_frameworks: Program
) -> None:
    url = tracking_server.url
    run_frameworks(PROGRAM, {"MLFLOW_TRACKING_URI": url}, 250, "torch")
    (run,) = runs_of(url, "accelerate project")
    assert run["status"] == "FINISHED"
    assert run["params"] == {"learning_rate": "0.5", "layers": "3"}
    assert history(url, run["id"], "loss") == [1.0, 1 / 2, 1 / 3, 1 / 4, 1 / 5]
    assert artifacts(url, run["id"]) == {"notes.txt"}
