"""A model of columns `a` and `wait`: it answers 10 * a when the file that `wait` names is there; `fail` fails."""

import os
import time

from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


class Slow(PythonModel):
    def predict(self, context, model_input, params=None):
        for wait in model_input["wait"]:
            if wait == "fail":
                raise ValueError("a model's own failure")
            if wait:
                open(wait + ".begun", "w").close()
            while wait and not os.path.exists(wait):
                time.sleep(0.005)
        if context.model_config.get("across"):
            return (model_input["a"] - model_input["a"].mean()).tolist()
        if context.model_config.get("short"):
            return [1]
        return [10 * value for value in model_input["a"]]


set_model(Slow())
