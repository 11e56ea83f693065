from mlflow.testing import MetricsSuite


class TestMetrics(MetricsSuite):
    pass
