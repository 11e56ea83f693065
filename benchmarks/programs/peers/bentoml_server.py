"""BentoML: the estimator behind MLflow's form of a request."""

from typing import Any

import bentoml
import joblib
import pandas as pd


@bentoml.service
class Scored:
    def __init__(self) -> None:
        self.estimator = joblib.load("estimator.joblib")

    @bentoml.api(route="/invocations")
    def invocations(self, dataframe_split: dict[str, Any]) -> dict[str, Any]:
        frame = pd.DataFrame(dataframe_split["data"], columns=dataframe_split["columns"])
        return {"predictions": self.estimator.predict(frame).tolist()}
