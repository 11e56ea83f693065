"""Save a LogisticRegression with its signature, for a scoring server."""

import json
import logging
import sys
import warnings

arguments = json.loads(sys.argv[1])
warnings.simplefilter("ignore")
logging.disable(logging.WARNING)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

import mlflow.sklearn  # noqa: E402

names = [f"c{n}" for n in range(arguments["features"])]
frame = pd.DataFrame(np.random.default_rng(0).random((500, len(names))), columns=names)
estimator = LogisticRegression(max_iter=20).fit(frame, frame["c0"] > 0.5)
mlflow.sklearn.save_model(estimator, arguments["folder"], input_example=frame[:3])
print(json.dumps({}))
