from mlflow.testing import RegisteredModelsSuite


class TestRegisteredModels(RegisteredModelsSuite):
    """Over HTTP."""
