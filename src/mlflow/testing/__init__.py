"""What a tracking store must do, as test classes: a third-party store subclasses them.

    import pytest
    from mlflow.testing import ExperimentsSuite

    class TestExperiments(ExperimentsSuite):
        @pytest.fixture
        def store(self):
            return my_store()

The fixture `store` answers a `mlflow.contract.store.TrackingStore`. It may be one and the same for all tests: they make
experiments of their own and look at no others. `pytest.register_assert_rewrite("mlflow.testing")` in a conftest lets
failures tell values.
"""

from __future__ import annotations

from mlflow.testing.changes import ChangesSuite
from mlflow.testing.charts import ChartsSuite
from mlflow.testing.columns import ColumnsSuite
from mlflow.testing.experiments import ExperimentsSuite
from mlflow.testing.histogram import HistogramSuite
from mlflow.testing.inputs import InputsSuite
from mlflow.testing.journals import JournalsSuite
from mlflow.testing.logged_model_columns import LoggedModelColumnsSuite
from mlflow.testing.logged_models import LoggedModelsSuite
from mlflow.testing.matrix import MatrixSuite
from mlflow.testing.metrics import MetricsSuite
from mlflow.testing.model_versions import ModelVersionsSuite
from mlflow.testing.nested import NestedSuite
from mlflow.testing.registered_model_tables import RegisteredModelTablesSuite
from mlflow.testing.registered_models import RegisteredModelsSuite
from mlflow.testing.registry_history import RegistryHistorySuite
from mlflow.testing.run_tables import RunTablesSuite
from mlflow.testing.runs import RunsSuite
from mlflow.testing.search import SearchSuite
from mlflow.testing.views import ViewsSuite
from mlflow.testing.webhooks import WebhooksSuite

__all__ = [
    "ChangesSuite",
    "ChartsSuite",
    "ColumnsSuite",
    "ExperimentsSuite",
    "HistogramSuite",
    "InputsSuite",
    "JournalsSuite",
    "LoggedModelColumnsSuite",
    "LoggedModelsSuite",
    "MatrixSuite",
    "MetricsSuite",
    "ModelVersionsSuite",
    "NestedSuite",
    "RegisteredModelTablesSuite",
    "RegisteredModelsSuite",
    "RegistryHistorySuite",
    "RunTablesSuite",
    "RunsSuite",
    "SearchSuite",
    "ViewsSuite",
    "WebhooksSuite",
]
