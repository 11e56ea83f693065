"""How many runs match is what counting them now gives, whatever was counted before."""

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.sql import kept_answers
from mlflow.sql.bulk_load import BulkLoad
from mlflow.sql.bulk_records import RunRecord
from mlflow.sql.store import SqlStore

FILTERS = (
    "",
    "params.lr = '1'",
    "tags.kind = 'a'",
    "tags.kind IS NULL",
    "NOT (tags.kind = 'a' OR params.lr = '1')",
    "status = 'FINISHED'",
    "attributes.run_name = 'new'",
    "metrics.loss < 1 AND params.lr = '1'",
    "dataset.name = 'd'",
)


def test_counts_follow_every_change(sql_store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "_LONG", -1.0)
    experiment = sql_store.experiments.create_experiment(EVERYONE, "counted runs")

    def counts(view: str = "ACTIVE_ONLY") -> list[int]:
        found = [
            sql_store.run_tables.query_runs(EVERYONE, [experiment], filter=text, run_view_type=view)  # type: ignore[arg-type]
            for text in FILTERS
        ]
        assert [table.total for table in found] == [len(table.run_ids) for table in found]
        return [table.total for table in found]

    assert counts() == counts() == [0] * len(FILTERS)
    one, other = (sql_store.runs.create_run(EVERYONE, experiment).info.run_id for _ in range(2))
    assert counts() == counts() == [2, 0, 0, 2, 2, 0, 0, 0, 0]
    sql_store.runs.log_batch(EVERYONE, one, [], [Param("lr", "1")], [RunTag("kind", "a")])
    assert counts() == counts() == [2, 1, 1, 1, 1, 0, 0, 0, 0]
    sql_store.runs.log_batch(EVERYONE, one, [Metric("loss", 0.5, 1)], [], [])
    assert counts() == counts() == [2, 1, 1, 1, 1, 0, 0, 1, 0]
    sql_store.runs.delete_tag(EVERYONE, one, "kind")
    sql_store.runs.update_run(EVERYONE, other, "FINISHED", 5, "new")
    assert counts() == counts() == [2, 1, 0, 2, 1, 1, 1, 1, 0]
    sql_store.inputs.log_inputs(EVERYONE, other, [DatasetInput(Dataset("d", "1", "local", "{}"), [])])
    assert counts() == [2, 1, 0, 2, 1, 1, 1, 1, 1]
    sql_store.runs.delete_run(EVERYONE, one)
    assert (counts(), counts("DELETED_ONLY")) == ([1, 0, 0, 1, 1, 1, 1, 0, 1], [1, 1, 0, 1, 0, 0, 0, 1, 0])
    sql_store.runs.restore_run(EVERYONE, one)
    assert counts() == counts() == [2, 1, 0, 2, 1, 1, 1, 1, 1]
    record = RunRecord(run_id=f"loaded{experiment}", experiment_id=experiment, name="new", params={"lr": "1"})
    BulkLoad(sql_store.database).load([record], {experiment: int(experiment)}, (), lambda: ())
    assert counts() == [3, 2, 0, 3, 1, 1, 2, 1, 1]
    assert sql_store.run_tables.query_runs(NOBODY, [experiment]).total == 0
    assert sql_store.run_tables.get_opening(EVERYONE, experiment).runs.total == 3
