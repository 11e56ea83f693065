"""Fit a ridge regression for each of several penalties, each in a run inside of this one, and log the best."""

import argparse

from train import fit

import mlflow

parser = argparse.ArgumentParser()
parser.add_argument("--alphas", default="0.01,0.1,1.0")
parser.add_argument("--seed", type=int, default=7)
given = parser.parse_args()

with mlflow.start_run():
    scores = {}
    for alpha in map(float, given.alphas.split(",")):
        with mlflow.start_run(run_name=f"alpha {alpha}", nested=True):
            mlflow.log_param("alpha", alpha)
            scores[alpha] = fit(alpha, given.seed)
    best = max(scores, key=scores.__getitem__)
    mlflow.log_metrics({"best_alpha": best, "best_r2": scores[best]})
    mlflow.log_dict({str(alpha): score for alpha, score in scores.items()}, "scores.json")
