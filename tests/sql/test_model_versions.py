from mlflow.testing import ModelVersionsSuite


class TestModelVersions(ModelVersionsSuite):
    pass
