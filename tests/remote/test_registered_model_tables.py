from mlflow.testing import RegisteredModelTablesSuite


class TestRegisteredModelTables(RegisteredModelTablesSuite):
    """Over HTTP."""
