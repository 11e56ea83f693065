from mlflow.testing.metrics import MetricsSuite


class TestMetrics(MetricsSuite):
    pass
