from mlflow.testing import ExperimentsSuite


class TestExperiments(ExperimentsSuite):
    pass
