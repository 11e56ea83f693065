from mlflow.testing import NestedSuite


class TestNested(NestedSuite):
    """On every kind of database."""
