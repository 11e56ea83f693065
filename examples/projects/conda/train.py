"""Fit a line to noisy points by gradient descent."""

import argparse

import numpy as np

import mlflow

parser = argparse.ArgumentParser()
parser.add_argument("--learning-rate", type=float, default=0.01)
parser.add_argument("--epochs", type=int, default=100)
given = parser.parse_args()

random = np.random.default_rng(0)
x = random.uniform(-1, 1, 200)
y = 3 * x + 1 + random.normal(0, 0.1, 200)
slope, offset = 0.0, 0.0
with mlflow.start_run():
    mlflow.set_tag("mlflow_version", mlflow.__version__)
    for epoch in range(given.epochs):
        error = slope * x + offset - y
        slope -= given.learning_rate * 2 * float((error * x).mean())
        offset -= given.learning_rate * 2 * float(error.mean())
        mlflow.log_metric("loss", float((error**2).mean()), step=epoch)
