from mlflow.testing import MetricsSuite


class TestMetrics(MetricsSuite):
    """Over HTTP."""
