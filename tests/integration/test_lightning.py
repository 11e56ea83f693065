"""Lightning's MLFlowLogger trains and logs as it does to the published package."""

import pytest

from tests.fixtures.foreign import Program
from tests.fixtures.servers import TrackingServer
from tests.integration.recorded import artifacts, history, runs_of

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

PROGRAM = """
import os, torch
import lightning
from lightning.pytorch.loggers import MLFlowLogger

class Line(lightning.LightningModule):
    def __init__(self, learning_rate=0.1):
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(1, 1)

    def training_step(self, batch, index):
        loss = torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1])
        self.log("train_loss", loss, on_step=True)
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), self.hparams.learning_rate)

torch.manual_seed(0)
xs = torch.linspace(0, 1, 32).reshape(-1, 1)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(xs, 3 * xs + 1), batch_size=8)
logger = MLFlowLogger("lightning", run_name="line", tracking_uri=os.environ["MLFLOW_TRACKING_URI"],
                      tags={"team": "a"}, log_model=True)
trainer = lightning.Trainer(max_epochs=3, logger=logger, accelerator="cpu", log_every_n_steps=1,
                            enable_progress_bar=False, enable_model_summary=False)
trainer.fit(Line(), loader)
print(logger.run_id)
"""


def test_lightning_logs_params_metrics_tags_and_checkpoints(
    tracking_server: TrackingServer, run_frameworks: Program
) -> None:
    url = tracking_server.url
    printed = run_frameworks(PROGRAM, {"MLFLOW_TRACKING_URI": url}, 250, "torch")
    (run,) = runs_of(url, "lightning")
    assert printed.splitlines()[-1] == run["id"]
    assert (run["status"], run["name"]) == ("FINISHED", "line")
    assert run["params"]["learning_rate"] == "0.1"
    assert run["tags"]["team"] == "a"
    losses = history(url, run["id"], "train_loss")
    assert len(losses) == 12
    assert losses[-1] < losses[0]
    checkpoint = "epoch=2-step=12"
    assert artifacts(url, run["id"]) == {checkpoint}
    files = {f"{checkpoint}/{name}" for name in ("aliases.txt", "metadata.yaml", f"{checkpoint}.ckpt")}
    assert artifacts(url, run["id"], checkpoint) == files
