from mlflow.testing.changes import ChangesSuite


class TestChanges(ChangesSuite):
    pass
