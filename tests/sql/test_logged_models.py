from mlflow.testing import LoggedModelsSuite


class TestLoggedModels(LoggedModelsSuite):
    """On every kind of database."""
