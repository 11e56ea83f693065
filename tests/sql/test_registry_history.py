from mlflow.testing import RegistryHistorySuite


class TestRegistryHistory(RegistryHistorySuite):
    pass
