from mlflow.testing import InputsSuite


class TestInputs(InputsSuite):
    pass
