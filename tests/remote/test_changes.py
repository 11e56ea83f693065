from mlflow.testing import ChangesSuite


class TestChanges(ChangesSuite):
    """Over HTTP."""
