from mlflow.testing import RunTablesSuite


class TestRunTables(RunTablesSuite):
    """On every kind of database."""
