from mlflow.testing import ChartsSuite


class TestCharts(ChartsSuite):
    """On every kind of database."""
