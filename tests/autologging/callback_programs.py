"""Programs that pass callbacks to a training themselves, and load the checkpoints that were kept."""

KERAS = """
import json
import keras
import mlflow
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(64, 4)).astype("float32")
y = X @ np.array([1, 2, 3, 4], dtype="float32")

def model():
    made = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
    made.compile(optimizer=keras.optimizers.SGD(0.01), loss="mse", metrics=["mae"])
    return made

def train(*callbacks, validation=(X[:8], y[:8]), **options):
    with mlflow.start_run() as run:
        made = model()
        made.fit(X, y, epochs=2, batch_size=16, verbose=0, validation_data=validation, callbacks=callbacks)
    client = mlflow.MlflowClient()
    run = client.get_run(run.info.run_id)
    steps = {key: [point.step for point in client.get_metric_history(run.info.run_id, key)] for key in run.data.metrics}
    return made, run, steps

def refused(do):
    try:
        do()
    except mlflow.MlflowException as exc:
        return exc.error_code
    return "not refused"
"""

METRICS = (
    KERAS
    + """
found = {}
_, run, steps = train(mlflow.keras.MlflowCallback())
files = [file.path for file in mlflow.MlflowClient().list_artifacts(run.info.run_id)]
found["epochs"] = [run.data.params, steps, files]
_, run, steps = train(mlflow.keras.MlflowCallback(log_every_epoch=False, log_every_n_steps=3), validation=None)
found["batches"] = steps
_, run, steps = train(mlflow.tensorflow.MlflowCallback())
found["tensorflow"] = [run.data.params, steps]
with mlflow.start_run():
    about = mlflow.create_external_model("line")
train(mlflow.keras.MlflowCallback(model_id=about.model_id))
found["about"] = sorted({metric.key for metric in mlflow.get_logged_model(about.model_id).metrics})
found["refused"] = refused(lambda: mlflow.keras.MlflowCallback(log_every_n_steps=0))
print(json.dumps(found))
"""
)

CHECKPOINTS = (
    KERAS
    + """
found = {}
keep, load = mlflow.tensorflow.MlflowModelCheckpointCallback, mlflow.tensorflow.load_checkpoint

def same(one, other):
    return bool(np.allclose(one.predict(X, verbose=0), other.predict(X, verbose=0)))

made, run, _ = train(keep())
found["best"] = same(load(run_id=run.info.run_id), made)
made, run, _ = train(keep(save_best_only=False))
each = run.info.run_id
found["each"] = [same(load(run_id=each, epoch=epoch), made) for epoch in (0, 1)]
made, run, _ = train(keep(save_best_only=False, save_freq=3), validation=None)
latest = load(run_id=run.info.run_id)
found["batches"] = [same(load(run_id=run.info.run_id, global_step=step), latest) for step in (3, 6)]
made, run, _ = train(keep(monitor="loss", save_weights_only=True), validation=None)
found["weights"] = same(load(model(), run_id=run.info.run_id), made)
found["refused"] = [
    refused(lambda: load(run_id=run.info.run_id)),
    refused(lambda: load(run_id=each, epoch=9)),
    refused(lambda: load(run_id=each, epoch=1, global_step=3)),
    refused(lambda: load()),
    refused(lambda: keep(mode="least")),
    refused(lambda: keep(save_freq="never")),
]
mlflow.tensorflow.autolog(log_models=False)
made = model()
made.fit(X, y, epochs=2, batch_size=16, verbose=0, validation_data=(X[:8], y[:8]))
found["autolog"] = same(load(run_id=mlflow.last_active_run().info.run_id), made)
print(json.dumps(found))
"""
)

LIGHTNING = """
import json
import logging
import torch
import {package} as lightning
import mlflow

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)

class Line(lightning.LightningModule):
    def __init__(self, width=1):
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(1, width)

    def loss(self, batch):
        return torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1])

    def training_step(self, batch, index):
        return self.loss(batch)

    def validation_step(self, batch, index):
        self.log("val_loss", self.loss(batch))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), 0.1)

xs = torch.linspace(0, 1, 32).reshape(-1, 1)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(xs, 3 * xs + 1), batch_size=8)
keep, load = mlflow.pytorch.MlflowModelCheckpointCallback, mlflow.pytorch.load_checkpoint

def fit(*callbacks):
    line = Line()
    lightning.Trainer(
        max_epochs=2, logger=False, accelerator="cpu", enable_progress_bar=False, enable_model_summary=False,
        enable_checkpointing=False, callbacks=list(callbacks),
    ).fit(line, loader, loader)
    return line

def train(*callbacks):
    with mlflow.start_run() as run:
        return fit(*callbacks), run.info.run_id

def same(one, other):
    return bool(torch.allclose(one.layer.weight, other.layer.weight))

def refused(do):
    try:
        do()
    except mlflow.MlflowException as exc:
        return exc.error_code
    return "not refused"

found = {{}}
line, run = train(keep())
found["best"] = same(load(Line, run_id=run), line)
line, run = train(keep(save_best_only=False, save_weights_only=True))
each = run
found["each"] = [same(load(Line, run_id=each, epoch=epoch), line) for epoch in (0, 1)]
line, run = train(keep(save_best_only=False, save_freq=3))
found["batches"] = same(load(Line, run_id=run, global_step=6), load(Line, run_id=run, kwargs={{"map_location": "cpu"}}))
found["refused"] = [
    refused(lambda: load(Line, run_id=each, epoch=9)),
    refused(lambda: load(Line, run_id=each, epoch=1, global_step=3)),
    refused(lambda: load(Line)),
    refused(lambda: keep(mode="least")),
]
mlflow.pytorch.autolog(log_models=False)
line = fit()
found["autolog"] = same(load(Line, run_id=mlflow.last_active_run().info.run_id), line)
print(json.dumps(found))
"""
