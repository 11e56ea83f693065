from mlflow.testing import ExperimentsSuite


class TestExperiments(ExperimentsSuite):
    """Over HTTP."""
