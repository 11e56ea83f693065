"""Fit one ridge regression and log how well it predicts."""

import argparse

from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split

import mlflow


def fit(alpha: float, seed: int) -> float:
    """The R² of a ridge regression on held-out patients."""
    features, target = load_diabetes(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(features, target, random_state=seed)
    score = Ridge(alpha=alpha).fit(train_x, train_y).score(test_x, test_y)
    mlflow.log_metric("r2", score)
    return score


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with mlflow.start_run():
        print(f"R² {fit(given.alpha, given.seed):.4f}")
