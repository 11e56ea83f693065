"""Train something small of a framework under each option of its `autolog`, and print what came of it.

The argument names the frameworks. Runs under the published package too.
"""

import inspect
import json
import logging
import os
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

import mlflow

os.environ |= {"MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true"}
client = mlflow.MlflowClient()
rng = np.random.default_rng(0)
X = rng.normal(size=(32, 2)).astype("float32")
Y = (X[:, 0] > 0).astype("int64")


def sklearn() -> None:
    from sklearn.linear_model import LogisticRegression

    LogisticRegression().fit(X, Y)


def xgboost() -> None:
    import xgboost

    xgboost.train({"max_depth": 1}, xgboost.DMatrix(X, Y), 1)


def lightgbm() -> None:
    import lightgbm

    lightgbm.train({"verbose": -1, "num_leaves": 2}, lightgbm.Dataset(X, Y), 1)


def statsmodels() -> None:
    import pandas as pd
    import statsmodels.api as sm

    sm.OLS(Y.astype(float), pd.DataFrame(X, columns=["a", "b"])).fit()


def keras() -> None:
    import keras

    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    model.fit(X, Y.astype("float32"), verbose=0)


tensorflow = keras


def paddle() -> None:
    import paddle as framework

    class Rows(framework.io.Dataset):  # type: ignore[misc]
        def __len__(self) -> int:
            return len(X)

        def __getitem__(self, index: int) -> Any:
            return X[index], Y[index : index + 1].astype("float32")

    spec = framework.static.InputSpec
    model = framework.Model(framework.nn.Linear(2, 1), spec([None, 2], "float32", "x"), spec([None, 1], "float32", "y"))
    model.prepare(framework.optimizer.SGD(parameters=model.parameters()), framework.nn.MSELoss())
    model.fit(Rows(), batch_size=16, verbose=0)


def spark() -> None:
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import VectorAssembler
    from pyspark.ml.regression import LinearRegression
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[1]").getOrCreate()
    table = session.createDataFrame(
        [(float(a), float(b), float(y)) for (a, b), y in zip(X, Y, strict=True)], ["a", "b", "y"]
    )
    stages = [VectorAssembler(inputCols=["a", "b"], outputCol="features"), LinearRegression(labelCol="y", maxIter=1)]
    Pipeline(stages=stages).fit(table)


def pytorch() -> None:
    import lightning
    import torch

    class Line(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.layer = torch.nn.Linear(2, 1)
            self.example_input_array = torch.zeros(2, 2)

        def forward(self, x: Any) -> Any:
            return self.layer(x)

        def training_step(self, batch: Any, index: int) -> Any:
            return torch.nn.functional.mse_loss(self(batch[0])[:, 0], batch[1])

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), 0.1)

    data = torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(Y, dtype=torch.float32))
    quiet = dict.fromkeys(("logger", "enable_progress_bar", "enable_model_summary", "enable_checkpointing"), False)
    trainer: Any = lightning.Trainer(max_epochs=1, accelerator="cpu", **quiet)
    trainer.fit(Line(), torch.utils.data.DataLoader(data, batch_size=16))


class Heard(logging.Handler):
    """What mlflow says."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


heard = Heard()
logging.getLogger("mlflow").addHandler(heard)


def trained(train: Callable[[], None], experiment: str, in_a_run: bool = False) -> dict[str, Any]:
    """What is known after a training."""
    number = mlflow.set_experiment(experiment).experiment_id
    heard.lines.clear()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        if in_a_run:
            with mlflow.start_run():
                train()
        else:
            train()
    runs = client.search_runs([number])
    models = client.search_logged_models([number])
    infos = [mlflow.models.get_model_info(model.model_uri) for model in models]
    return {
        "runs": len(runs),
        "params": sum(len(run.data.params) for run in runs),
        "datasets": sum(len(run.inputs.dataset_inputs) for run in runs),
        "team": [run.data.tags.get("team") for run in runs],
        "models": len(models),
        "signatures": sum(info.signature is not None for info in infos),
        "examples": sum(info.saved_input_example_info is not None for info in infos),
        "versions": len(client.search_model_versions(f"name = '{experiment}'")),
        "said": len(heard.lines) + sum("mlflow" in str(warning.filename) for warning in warned),
        "active": mlflow.active_run() is not None,
    }


OPTIONS: dict[str, dict[str, Any]] = {
    "no options": {},
    "log_models": {"log_models": False},
    "log_datasets": {"log_datasets": False, "log_models": False},
    "log_model_signatures": {"log_model_signatures": False},
    "log_input_examples": {"log_input_examples": True},
    "registered_model_name": {"registered_model_name": None},
    "extra_tags": {"extra_tags": {"team": "a"}, "log_models": False},
    "exclusive": {"exclusive": True},
    "silent": {"silent": True},
    "disable": {"disable": True},
    "disable_for_unsupported_versions": {"disable_for_unsupported_versions": True},
}
found: dict[str, Any] = {}
for name in sys.argv[1:] or os.environ["FRAMEWORKS"].split():
    autolog = import_module("mlflow.pyspark.ml" if name == "spark" else f"mlflow.{name}").autolog
    taken = inspect.signature(autolog).parameters
    found[name] = {}
    for option, given in OPTIONS.items():
        if option not in taken and option != "no options":
            continue
        experiment = f"{name} {option}"
        if option == "registered_model_name":
            given = {option: experiment}
        integration = getattr(autolog, "integration", None)
        if option == "disable_for_unsupported_versions" and integration is not None:
            integration.tested = ("0.1", "0.2")
        autolog(**given)
        found[name][option] = trained(globals()[name], experiment, in_a_run=option == "exclusive")
    autolog(disable=True)
print(json.dumps(found))
