from mlflow.testing.journals import JournalsSuite


class TestJournals(JournalsSuite):
    pass
