from mlflow.testing import ChartsSuite


class TestCharts(ChartsSuite):
    """Over HTTP."""
