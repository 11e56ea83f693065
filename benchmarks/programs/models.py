"""Log, load and call a small scikit-learn estimator: milliseconds by row, medians; the import in seconds."""

import json
import logging
import os
import shutil
import sys
import time
import warnings
from statistics import median

arguments = json.loads(sys.argv[1])
os.environ["MLFLOW_MODEL_CACHE_DIR"] = arguments["cache"]
warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
started = time.perf_counter()
import mlflow.sklearn  # noqa: E402

imported = time.perf_counter() - started

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

import mlflow.pyfunc  # noqa: E402

ROWS, COLUMNS = 100_000, 30


def timed(action, times):
    """The median milliseconds of an action, and its last result."""
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        result = action()
        seconds.append(time.perf_counter() - begin)
    return 1000 * median(seconds), result


def forget():
    shutil.rmtree(arguments["cache"], ignore_errors=True)


def load_cold():
    forget()
    return mlflow.pyfunc.load_model(info.model_uri)


frame = pd.DataFrame(np.random.default_rng(0).random((ROWS, COLUMNS)), columns=[f"c{n}" for n in range(COLUMNS)])
estimator = LogisticRegression(max_iter=20).fit(frame[:500], frame["c0"][:500] > 0.5)
mlflow.set_tracking_uri(arguments["uri"])
figures = {"import_sklearn": imported}
with mlflow.start_run():

    def log():
        return mlflow.sklearn.log_model(estimator, name="model", input_example=frame[:3])

    figures["log_model_first"], info = timed(log, 1)
    figures["log_model"], info = timed(log, arguments["rounds"])
figures["load_cold"], model = timed(load_cold, 3)
figures["load_warm"], model = timed(lambda: mlflow.pyfunc.load_model(info.model_uri), 5)
for name, data, times in (("predict_one", frame[:1], 200), ("predict_many", frame, 7)):
    whole, _ = timed(lambda data=data: model.predict(data), times)
    raw, _ = timed(lambda data=data: estimator.predict(data), times)
    figures |= {name: whole, f"{name}_schema": max(whole - raw, 0.0)}
print(json.dumps(figures))
