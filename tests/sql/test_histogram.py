from mlflow.testing import HistogramSuite


class TestHistogram(HistogramSuite):
    pass
