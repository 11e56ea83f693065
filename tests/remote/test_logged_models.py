from mlflow.testing import LoggedModelsSuite


class TestLoggedModels(LoggedModelsSuite):
    """Over HTTP."""
