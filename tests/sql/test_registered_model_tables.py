from mlflow.testing import RegisteredModelTablesSuite


class TestRegisteredModelTables(RegisteredModelTablesSuite):
    """On every kind of database."""
