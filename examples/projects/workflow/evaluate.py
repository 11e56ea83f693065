"""Ask the tree about the flowers that were held out."""

import json
from pathlib import Path

import pandas as pd

import mlflow

model = json.loads(Path("model.json").read_text())
frame = pd.read_csv("data/test.csv")


def answer(flower: pd.Series) -> int:
    """The kind of one flower."""
    node = model
    while "answer" not in node:
        node = node["below"] if flower[node["feature"]] <= node["threshold"] else node["above"]
    return int(node["answer"])


accuracy = float((frame.apply(answer, axis=1) == frame["target"]).mean())
with mlflow.start_run():
    mlflow.log_metric("test_accuracy", accuracy)
Path("report.json").write_text(json.dumps({"test_accuracy": accuracy}))
