from mlflow.testing import LoggedModelColumnsSuite


class TestLoggedModelColumns(LoggedModelColumnsSuite):
    """On every kind of database."""
