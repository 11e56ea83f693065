import random

import pytest

from mlflow.contract.caller import EVERYONE
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.sql import run_statements
from mlflow.sql.store import SqlStore
from mlflow.testing import RunTablesSuite


class TestRunTables(RunTablesSuite):
    """On every kind of database."""


@pytest.mark.parametrize(
    "order_by",
    [(), ("metrics.loss DESC",), ("params.lr ASC", "start_time ASC"), ("attributes.run_name DESC",)],
    ids=["started last", "metric", "param", "name"],
)
@pytest.mark.parametrize("experiments", [1, 2], ids=["one", "two"])
def test_order_that_is_read_at_once_is_the_one_of_pages(
    sql_store: SqlStore, monkeypatch: pytest.MonkeyPatch, order_by: tuple[str, ...], experiments: int
) -> None:
    chance = random.Random(3)
    ids = [
        sql_store.experiments.create_experiment(EVERYONE, f"{order_by} {experiments} {number}")
        for number in range(experiments)
    ]
    for number in range(24):
        run_id = sql_store.runs.create_run(EVERYONE, chance.choice(ids), start_time=chance.randrange(6)).info.run_id
        metrics = [Metric("loss", chance.choice([0.1, 0.2, float("nan")]), 0, 0)] if number % 3 else []
        sql_store.runs.log_batch(EVERYONE, run_id, metrics, [Param("lr", str(chance.randrange(4)))], [])
    pages: list[str] = []
    token: str | None = ""
    while token is not None:
        page = sql_store.runs.search_runs(EVERYONE, ids, "", "ACTIVE_ONLY", 5, list(order_by), token)
        pages += [run.info.run_id for run in page]
        token = page.token
    monkeypatch.setattr(run_statements, "_FEW", 1)
    table = sql_store.run_tables.query_runs(EVERYONE, ids, order_by=order_by)
    assert table.run_ids == pages
