"""A model that answers, for each row, with the number that it was saved with; or fails, if it was saved to do so."""

import sys

from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


class Told(PythonModel):
    def load_context(self, context):
        if context.model_config["answer"] == "exit":
            sys.exit("a model's own end")

    def predict(self, context, model_input, params=None):
        answer = context.model_config["answer"]
        if answer == "fail":
            raise ValueError("a model's own failure")
        return [answer] * len(model_input)


set_model(Told())
