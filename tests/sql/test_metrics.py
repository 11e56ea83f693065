from mlflow.contract.caller import EVERYONE
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.sql.store import SqlStore
from mlflow.testing import MetricsSuite


class TestMetrics(MetricsSuite):
    pass


def test_of_calls_that_are_made_together_each_has_its_own_outcome(sql_store: SqlStore) -> None:
    metrics, run_id = sql_store.metrics, sql_store.runs.create_run(EVERYONE, "0").info.run_id
    outcomes = metrics.log_metric_together(
        [
            (EVERYONE, run_id, "known", 0.5, 7, 1, "", "", ""),
            (EVERYONE, "f" * 32, "known", 1.0, 7, 2, "", "", ""),
            (EVERYONE, run_id, "known", 1.0, -1, 3, "", "", ""),
            (EVERYONE, run_id, "bad\nkey", 1.0, 7, 4, "", "", ""),
            (EVERYONE, run_id, "known", 1.0, 7, 1 << 63, "", "", ""),
            (EVERYONE, run_id, "another", 2.0, 8, 5, "", "", ""),
        ]
    )
    assert [type(outcome) for outcome in outcomes] == [
        type(None),
        ResourceDoesNotExist,
        InvalidParameterValue,
        InvalidParameterValue,
        InvalidParameterValue,
        type(None),
    ]
    assert metrics.log_metric_together([]) == []
    for key, point in (("known", (0.5, 7, 1)), ("another", (2.0, 8, 5))):
        (found,) = metrics.get_metric_history(EVERYONE, run_id, key)
        assert (found.value, found.timestamp, found.step) == point
