from mlflow.testing import InputsSuite


class TestInputs(InputsSuite):
    """Over HTTP."""
