from mlflow.testing import RegistryHistorySuite


class TestRegistryHistory(RegistryHistorySuite):
    """Over HTTP."""
