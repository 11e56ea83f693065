"""``migrated``: reads an older store into an empty database and hands out what came of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mlflow.contract.caller import EVERYONE
from mlflow.entities import Run
from mlflow.sql.store import SqlStore, open_store
from mlflow.transfer.migration import Migration, migrate
from mlflow.transfer.sources import open_source

Migrate = Callable[..., tuple[SqlStore, Migration]]


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Migrate]:
    """``migrated(source, target_uri, **options) -> store, what was done``."""
    with ExitStack() as opened:

        def run(source: str, target: str | None = None, **options: Any) -> tuple[SqlStore, Migration]:
            store = open_store(target or f"sqlite:///{tmp_path / 'target.db'}", str(tmp_path / "files"))
            opened.callback(store.close)
            older = open_source(source)
            try:
                return store, migrate(older, store.database, str(tmp_path / "files"), **options)
            finally:
                older.close()

        yield run


def history(store: SqlStore, run_id: str, key: str) -> list[tuple[int, int, float]]:
    """All points of a metric: step, timestamp, value."""
    points = store.metrics.get_metric_history(EVERYONE, run_id, key)
    return [(point.step, point.timestamp, point.value) for point in points]


def all_runs(store: SqlStore) -> dict[str, Run]:
    """Every run by id, those in the trash too."""
    experiments = store.experiments.search_experiments(EVERYONE, 1000, view_type="ALL")
    ids = [experiment.experiment_id for experiment in experiments]
    return {run.info.run_id: run for run in store.runs.search_runs(EVERYONE, ids, "", "ALL", 50000)}
