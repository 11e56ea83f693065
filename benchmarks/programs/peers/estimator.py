"""The estimator that every peer serves."""

import joblib
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

frame = pd.DataFrame(np.random.default_rng(0).random((500, 10)), columns=[f"c{n}" for n in range(10)])
joblib.dump(LogisticRegression(max_iter=20).fit(frame, frame["c0"] > 0.5), "estimator.joblib")
