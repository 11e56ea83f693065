from mlflow.testing import RunsSuite


class TestRuns(RunsSuite):
    pass
