from mlflow.testing import RunsSuite


class TestRuns(RunsSuite):
    """Over HTTP."""
