from mlflow.testing import MatrixSuite


class TestMatrix(MatrixSuite):
    pass
