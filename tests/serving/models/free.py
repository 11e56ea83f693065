"""A model without a signature: it shows what it got, or returns what a request names."""

import datetime as dt
import os
import time

import numpy as np
import pandas as pd

from mlflow.exceptions import MlflowException
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

FRAME = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [0.5, float("nan")]})
ANSWERS = {
    "frame": FRAME,
    "numbered": pd.DataFrame([[1, 2], [3, 4]]),
    "series": pd.Series([1, 2], name="total"),
    "unnamed": pd.Series([1.5, 2.5]),
    "array": np.array([[1.0, 2.0], [3.0, 4.0]]),
    "scalar": np.float32(0.5),
    "number": 3,
    "text": "hello",
    "nothing": None,
    "bytes": b"\x00\xff",
    "list": [1, "two", None, [3]],
    "list of arrays": [np.array([1, 2]), np.array([3])],
    "dictionary": {"a": np.array([1, 2]), "b": {"c": True}},
    "times": pd.DataFrame({"t": pd.to_datetime(["2024-01-02T03:04:05.678"])}),
    "time array": np.array(["2024-01-02"], dtype="datetime64[ns]"),
    "day": dt.date(2024, 1, 2),
    "nan": [float("nan"), float("inf")],
    "object": object(),
    "set": {1},
}


class Free(PythonModel):
    def predict(self, context, model_input, params=None):
        wanted = self._wanted(model_input)
        if wanted == "fail":
            raise ValueError("a model's own failure")
        if wanted == "fail as mlflow":
            raise MlflowException("a model's own words")
        if wanted == "fail for no reason":
            raise KeyError
        if wanted == "exit":
            os._exit(3)
        if isinstance(wanted, str) and wanted.startswith("wait for "):
            while not os.path.exists(wanted.removeprefix("wait for ")):
                time.sleep(0.02)
            return [wanted]
        if wanted in ANSWERS:
            return ANSWERS[wanted]
        return {"kind": type(model_input).__name__, "value": repr(model_input), "params": params}

    def _wanted(self, model_input):
        if isinstance(model_input, pd.DataFrame) and list(model_input.columns) == ["wanted"] and len(model_input):
            return model_input["wanted"].iloc[0]
        return None


set_model(Free())
