from mlflow.testing import SearchSuite


class TestSearch(SearchSuite):
    """Over HTTP."""
