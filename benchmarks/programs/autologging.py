"""Time ``rounds`` rounds of boosted trees with four metrics a round, alone and logged by themselves, in seconds."""

import json
import sys
import time
from collections.abc import Callable

import mlflow


def training(rounds: int) -> Callable[[], float]:
    import numpy as np
    import xgboost

    numbers = np.random.default_rng(0)
    features = numbers.normal(size=(600, 10))
    targets = features @ np.arange(10.0)
    train, valid = xgboost.DMatrix(features[:300], targets[:300]), xgboost.DMatrix(features[300:], targets[300:])
    params = {"max_depth": 2, "eta": 0.05, "eval_metric": ["rmse", "mae"], "nthread": 1}

    def fit() -> float:
        began = time.perf_counter()
        xgboost.train(params, train, rounds, evals=[(train, "train"), (valid, "valid")], verbose_eval=False)
        return time.perf_counter() - began

    return fit


def median(fit: Callable[[], float]) -> float:
    fit()
    return sorted(fit() for _ in range(3))[1]


arguments = json.loads(sys.argv[1])
sys.path.append(arguments["frameworks"])
mlflow.set_tracking_uri(arguments["uri"])
mlflow.set_experiment("benchmark autologging")
plain = median(training(arguments["rounds"]))
mlflow.xgboost.autolog(log_models=False, silent=True)
print(json.dumps({"plain": plain, "logged": median(training(arguments["rounds"]))}))
