"""Processes that are killed at random while they log, ingest and fold."""

import random
import sqlite3
import time
from pathlib import Path

import numpy as np
import pytest

from mlflow.contract.caller import EVERYONE
from mlflow.sql.store import open_store
from tests.fixtures.processes import PYTHON, Child

PROGRAM = Path(__file__).parent / "programs" / "log_and_fold.py"
ROUNDS = 8


@pytest.mark.faults
def test_nothing_is_lost_or_doubled_by_kills(tmp_path: Path) -> None:
    uri, chance = f"sqlite:///{tmp_path / 'store.db'}", random.Random(7)
    store = open_store(uri, "mlflow-artifacts:/")
    run_id = store.runs.create_run(EVERYONE, "0").info.run_id
    store.close()
    durable = {"logged": 0, "ingested": 0}
    for number in range(ROUNDS):
        child = Child([PYTHON, str(PROGRAM), uri, run_id, str(durable["logged"])], tmp_path / f"log-{number}")
        child.wait_until(lambda child=child: "logged" in child.output)
        time.sleep(chance.uniform(0, 0.4))
        child.kill()
        for line in child.output.splitlines():
            name, _, count = line.partition(" ")
            if name in durable and count.isdecimal():
                durable[name] = max(durable[name], int(count))
        check(uri, tmp_path / "store.db", run_id, durable)
    assert durable["logged"] > 100 * ROUNDS
    assert durable["ingested"] > 50 * ROUNDS


def check(uri: str, file: Path, run_id: str, durable: dict[str, int]) -> None:
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    store = open_store(uri, "mlflow-artifacts:/")
    for key, count in durable.items():
        columns = store.metrics.get_metric_columns(EVERYONE, run_id, key)
        steps = np.frombuffer(columns.steps, "<i8")
        assert np.array_equal(steps, np.arange(len(steps)))
        assert np.array_equal(np.frombuffer(columns.values, "<f8"), steps.astype(float))
        assert len(steps) >= count
        (summary,) = store.metrics.summarize_metrics(EVERYONE, [run_id], [key])
        assert (summary.count, summary.last_step, summary.mean) == (len(steps), len(steps) - 1, (len(steps) - 1) / 2)
    store.close()
