from mlflow.testing import JournalsSuite


class TestJournals(JournalsSuite):
    """Over HTTP."""
