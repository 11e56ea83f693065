from collections.abc import Callable

import pytest
import sqlalchemy as sa

from mlflow.contract.caller import EVERYONE
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.sql.garbage import Garbage
from mlflow.sql.store import SqlStore
from mlflow.sql.tables import blocks, inputs, metadata, runs, segments
from mlflow.testing.fixtures import unique

Deleter = Callable[[str, str], None]


@pytest.fixture
def garbage(sql_store: SqlStore) -> Garbage:
    return Garbage(sql_store.database)


def new_experiment(store: SqlStore) -> str:
    return store.experiments.create_experiment(EVERYONE, unique("garbage"))


def full_run(store: SqlStore, experiment_id: str) -> str:
    """A run with something in each table below it, and with blocks that are not folded."""
    run_id = store.runs.create_run(EVERYONE, experiment_id).info.run_id
    points = [Metric("a", 1.0, 5, step) for step in range(20)]
    store.runs.log_batch(EVERYONE, run_id, points, [Param("p", "1")], [RunTag("t", "1")])
    use = DatasetInput(Dataset("iris", "abc", "local", "here"), [InputTag("mlflow.data.context", "train")])
    store.inputs.log_inputs(EVERYONE, run_id, [use])
    store.runs.get_run(EVERYONE, run_id)
    store.runs.log_batch(EVERYONE, run_id, [Metric("a", 2.0, 5, 99)])
    return run_id


def number_of(store: SqlStore, run_id: str) -> int:
    chosen = sa.select(runs.c.id).where(runs.c.run_id == run_id)
    return store.database.read(lambda connection: connection.execute(chosen).scalar_one())


def rows_below(store: SqlStore, number: int) -> dict[str, int]:
    """How many rows each table has that name a run."""
    tables = [table for table in metadata.sorted_tables if "run" in table.c and table.name != "changes"]

    def count(connection: sa.Connection) -> dict[str, int]:
        counts = {}
        for table in tables:
            chosen = sa.select(sa.func.count()).select_from(table).where(table.c.run == number)
            counts[table.name] = connection.execute(chosen).scalar_one()
        return {name: found for name, found in counts.items() if found}

    return store.database.read(count)


def no_artifacts(run_id: str, artifact_uri: str) -> None:
    raise FileNotFoundError(artifact_uri)


def exists(store: SqlStore, run_id: str) -> bool:
    try:
        store.runs.get_run(EVERYONE, run_id)
    except ResourceDoesNotExist:
        return False
    return True


def test_run_goes_with_all_it_logged(sql_store: SqlStore, garbage: Garbage) -> None:
    experiment_id = new_experiment(sql_store)
    gone, kept = full_run(sql_store, experiment_id), full_run(sql_store, experiment_id)
    number, other = number_of(sql_store, gone), number_of(sql_store, kept)
    before = rows_below(sql_store, other)
    assert {"params", "tags", "summaries", "segments", "blocks", "inputs", "run_docs"} <= before.keys()
    sql_store.runs.delete_run(EVERYONE, gone)
    cleared: list[tuple[str, str]] = []
    uri = sql_store.runs.get_run(EVERYONE, gone).info.artifact_uri
    collected = garbage.collect(lambda *run: cleared.append(run), run_ids=[gone])
    assert (collected.runs, collected.experiments, collected.left, cleared) == (1, [], [], [(gone, uri)])
    assert rows_below(sql_store, number) == {}
    assert rows_below(sql_store, other) == before
    assert (exists(sql_store, gone), exists(sql_store, kept)) == (False, True)


def test_experiment_goes_with_its_runs_and_frees_its_name(sql_store: SqlStore, garbage: Garbage) -> None:
    experiment_id = new_experiment(sql_store)
    name = sql_store.experiments.get_experiment(EVERYONE, experiment_id).name
    of_it = [full_run(sql_store, experiment_id) for _ in range(3)]
    sql_store.experiments.delete_experiment(EVERYONE, experiment_id)
    collected = garbage.collect(no_artifacts, experiment_ids=[experiment_id])
    assert (collected.runs, collected.experiments) == (3, [experiment_id])
    assert not any(exists(sql_store, run_id) for run_id in of_it)
    with pytest.raises(ResourceDoesNotExist):
        sql_store.experiments.get_experiment(EVERYONE, experiment_id)
    assert sql_store.experiments.create_experiment(EVERYONE, name) != experiment_id


def test_run_whose_artifacts_stay_is_left_and_reported(sql_store: SqlStore, garbage: Garbage) -> None:
    experiment_id = new_experiment(sql_store)
    stuck, free = full_run(sql_store, experiment_id), full_run(sql_store, experiment_id)
    sql_store.experiments.delete_experiment(EVERYONE, experiment_id)

    def delete(run_id: str, artifact_uri: str) -> None:
        if run_id == stuck:
            raise OSError("the disk is read-only")

    collected = garbage.collect(delete, experiment_ids=[experiment_id])
    assert (collected.runs, collected.experiments) == (1, [])
    assert [(left.run_id, left.reason) for left in collected.left] == [(stuck, "the disk is read-only")]
    assert (exists(sql_store, stuck), exists(sql_store, free)) == (True, False)
    collected = garbage.collect(no_artifacts, experiment_ids=[experiment_id])
    assert (collected.runs, collected.experiments, collected.left) == (1, [experiment_id], [])


def test_everything_in_the_trash_goes_and_nothing_else(sql_store: SqlStore, garbage: Garbage) -> None:
    experiment_id, trashed = new_experiment(sql_store), new_experiment(sql_store)
    kept, gone, inside = (full_run(sql_store, number) for number in (experiment_id, experiment_id, trashed))
    sql_store.runs.delete_run(EVERYONE, gone)
    sql_store.experiments.delete_experiment(EVERYONE, trashed)
    seen: list[tuple[int, int]] = []
    collected = garbage.collect(no_artifacts, progress=lambda *done: seen.append(done))
    assert collected.runs >= 2
    assert trashed in collected.experiments
    assert experiment_id not in collected.experiments
    assert (exists(sql_store, kept), exists(sql_store, gone), exists(sql_store, inside)) == (True, False, False)
    assert seen == [(done, collected.runs) for done in range(1, collected.runs + 1)]
    assert garbage.collect(no_artifacts).runs == 0


def test_what_was_deleted_just_now_stays_when_asked(sql_store: SqlStore, garbage: Garbage) -> None:
    experiment_id = new_experiment(sql_store)
    run_id = full_run(sql_store, experiment_id)
    sql_store.experiments.delete_experiment(EVERYONE, experiment_id)
    hour = 3_600_000
    assert garbage.collect(no_artifacts, older_than_ms=hour).runs == 0
    for named in ({"run_ids": [run_id]}, {"experiment_ids": [experiment_id]}):
        with pytest.raises(InvalidParameterValue, match="long enough"):
            garbage.collect(no_artifacts, older_than_ms=hour, **named)
    assert exists(sql_store, run_id)


def test_active_ones_are_refused_by_name(sql_store: SqlStore, garbage: Garbage) -> None:
    experiment_id = new_experiment(sql_store)
    run_id = full_run(sql_store, experiment_id)
    for named in ({"run_ids": [run_id]}, {"experiment_ids": [experiment_id]}):
        with pytest.raises(InvalidParameterValue, match="'deleted' state"):
            garbage.collect(no_artifacts, **named)
    for unknown in ({"run_ids": ["f" * 32]}, {"experiment_ids": ["999999999"]}):
        with pytest.raises(ResourceDoesNotExist):
            garbage.collect(no_artifacts, **unknown)


def test_experiment_with_a_restored_run_stays(sql_store: SqlStore, garbage: Garbage) -> None:
    experiment_id = new_experiment(sql_store)
    restored, gone = full_run(sql_store, experiment_id), full_run(sql_store, experiment_id)
    sql_store.experiments.delete_experiment(EVERYONE, experiment_id)
    sql_store.runs.restore_run(EVERYONE, restored)
    collected = garbage.collect(no_artifacts, experiment_ids=[experiment_id])
    assert (collected.runs, collected.experiments) == (1, [])
    assert (exists(sql_store, restored), exists(sql_store, gone)) == (True, False)


def test_long_runs_go_piece_by_piece(sql_store: SqlStore, garbage: Garbage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlflow.sql.garbage_rows._PIECE", 3)
    limited = {name: chosen.limit(3) for name, chosen in _limited().items()}
    for name, chosen in limited.items():
        monkeypatch.setattr(f"mlflow.sql.garbage_rows.{name}", chosen)
    run_id = sql_store.runs.create_run(EVERYONE, new_experiment(sql_store)).info.run_id
    for _ in range(2):
        for key in range(8):
            points = [Metric(f"k{key}", 1.0, 5, step) for step in range(2)]
            sql_store.runs.log_batch(EVERYONE, run_id, points)
        if _ == 0:
            sql_store.runs.get_run(EVERYONE, run_id)
    number = number_of(sql_store, run_id)
    assert rows_below(sql_store, number)["segments"] == rows_below(sql_store, number)["blocks"] == 8
    sql_store.runs.delete_run(EVERYONE, run_id)
    assert garbage.collect(no_artifacts, run_ids=[run_id]).runs == 1
    assert rows_below(sql_store, number) == {}


def _limited() -> dict[str, sa.Select[tuple[int]]]:
    from mlflow.sql import garbage_rows

    return {name: getattr(garbage_rows, name) for name in ("_SEGMENTS", "_BLOCKS", "_ORPHANS")}


def test_blocks_without_a_run_are_removed(sql_store: SqlStore, garbage: Garbage) -> None:
    orphan = {"run": 999_999_999, "n": 1, "data": b""}
    sql_store.database.write(lambda connection: connection.execute(sa.insert(blocks), orphan))
    sql_store.fold.settle()
    garbage.collect(no_artifacts)
    assert rows_below(sql_store, 999_999_999) == {}


def test_run_that_is_restored_meanwhile_stays(sql_store: SqlStore, garbage: Garbage) -> None:
    run_id = full_run(sql_store, new_experiment(sql_store))
    sql_store.runs.delete_run(EVERYONE, run_id)
    collected = garbage.collect(lambda of_run, _: sql_store.runs.restore_run(EVERYONE, of_run), run_ids=[run_id])
    assert collected.runs == 0
    assert sql_store.runs.get_run(EVERYONE, run_id).data.metrics == {"a": 2.0}
    number = number_of(sql_store, run_id)
    assert {inputs.name, segments.name} <= rows_below(sql_store, number).keys()
