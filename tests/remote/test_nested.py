from mlflow.testing import NestedSuite


class TestNested(NestedSuite):
    """Over HTTP."""
