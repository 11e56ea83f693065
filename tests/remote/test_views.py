from mlflow.testing import ViewsSuite


class TestViews(ViewsSuite):
    """Over HTTP."""
