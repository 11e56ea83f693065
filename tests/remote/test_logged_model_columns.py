from mlflow.testing import LoggedModelColumnsSuite


class TestLoggedModelColumns(LoggedModelColumnsSuite):
    """Over HTTP."""
