from mlflow.testing import ColumnsSuite


class TestColumns(ColumnsSuite):
    """Over HTTP."""
