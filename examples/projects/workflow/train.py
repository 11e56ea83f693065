"""Fit a decision tree, and write it down as nested questions."""

import argparse
import json
from pathlib import Path

import pandas as pd
from sklearn.tree import DecisionTreeClassifier

import mlflow

parser = argparse.ArgumentParser()
parser.add_argument("--depth", type=int, default=4)
given = parser.parse_args()

frame = pd.read_csv("data/train.csv")
features, target = frame.drop(columns="target"), frame["target"]
with mlflow.start_run():
    tree = DecisionTreeClassifier(max_depth=given.depth, random_state=0).fit(features, target)
    mlflow.log_metric("train_accuracy", tree.score(features, target))


def question(node: int) -> dict[str, object]:
    """A node and all below it."""
    nodes = tree.tree_
    if nodes.children_left[node] < 0:
        return {"answer": int(nodes.value[node][0].argmax())}
    return {
        "feature": features.columns[nodes.feature[node]],
        "threshold": float(nodes.threshold[node]),
        "below": question(nodes.children_left[node]),
        "above": question(nodes.children_right[node]),
    }


Path("model.json").write_text(json.dumps(question(0), indent=2))
