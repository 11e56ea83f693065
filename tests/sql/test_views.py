from mlflow.testing import ViewsSuite


class TestViews(ViewsSuite):
    """On every kind of database."""
