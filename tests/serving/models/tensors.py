"""A model of one unnamed tensor."""

from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


class Tensors(PythonModel):
    def predict(self, context, model_input, params=None):
        return {"dtype": str(model_input.dtype), "sums": model_input.sum(axis=1)}


set_model(Tensors())
