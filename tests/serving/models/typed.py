"""A model that shows what it was called with; the text in column `s` can ask for something else."""

from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


class Typed(PythonModel):
    def predict(self, context, model_input, params=None):
        if model_input["s"].iloc[0] == "fail":
            raise ValueError("a model's own failure")
        shown = {name: [repr(value) for value in model_input[name]] for name in model_input}
        kinds = {name: str(dtype) for name, dtype in model_input.dtypes.items()}
        return {"values": shown, "kinds": kinds, "params": params}


set_model(Typed())
