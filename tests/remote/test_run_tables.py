from mlflow.testing import RunTablesSuite


class TestRunTables(RunTablesSuite):
    """Over HTTP."""
