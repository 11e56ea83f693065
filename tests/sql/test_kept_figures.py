"""Figures of large experiments: what is kept of them is never taken for what is true now unless it is."""

import threading
from collections.abc import Collection

import pytest
import sqlalchemy as sa

from mlflow.contract.caller import EVERYONE
from mlflow.contract.columns import Column
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.sql import kept_answers, kept_figures
from mlflow.sql.changelog import note
from mlflow.sql.columns import SqlColumns
from mlflow.sql.figure_tables import kept_figures as table
from mlflow.sql.fold import Fold
from mlflow.sql.garbage_rows import delete_experiment
from mlflow.sql.kept_figures import KeptFigures
from mlflow.sql.key_figures import _Index
from mlflow.sql.store import SqlStore
from mlflow.sql.tables import params, runs

Known = dict[str, Column]


@pytest.fixture(autouse=True)
def _counted_at_each_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """Experiments are large from two runs on, and changes make figures old at once."""
    monkeypatch.setattr(kept_figures, "_FOUND_ANEW", 1)
    monkeypatch.setattr(kept_figures, "_SECONDS_KEPT", 0.0)


@pytest.fixture
def experiment(sql_store: SqlStore, request: pytest.FixtureRequest) -> str:
    return sql_store.experiments.create_experiment(EVERYONE, request.node.name)


def make_run(store: SqlStore, experiment: str, params: dict[str, str], metric: str = "loss") -> str:
    run_id = store.runs.create_run(EVERYONE, experiment).info.run_id
    store.runs.log_batch(EVERYONE, run_id, [Metric(metric, 0.5, 1)], [Param(*pair) for pair in params.items()])
    return run_id


class Process:
    """What another process on the same database knows: nothing at first."""

    def __init__(self, store: SqlStore) -> None:
        self.kept = KeptFigures(store.database, store.fold)
        self._columns = SqlColumns(store.database, store.fold, self.kept)

    def ask(self, experiment: str) -> Known:
        return {one.key: one for one in self._columns.get_columns(EVERYONE, experiment)}

    def ask_until_counted(self, experiment: str) -> Known:
        self.ask(experiment)
        self.kept.wait()
        return self.ask(experiment)


def test_figures_outlive_the_process_that_found_them(
    sql_store: SqlStore, experiment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        make_run(sql_store, experiment, {"lr": str(number)})
    counted = Process(sql_store).ask_until_counted(experiment)
    sql_store.database.write(lambda connection: None)  # what was to be written later stands there now
    monkeypatch.setattr(kept_figures, "_SECONDS_KEPT", 30.0)  # PostgreSQL may not be sure yet that all is known
    monkeypatch.setattr(_Index, "counts", lambda _: pytest.fail("it was counted again"))
    monkeypatch.setattr(_Index, "estimate", lambda *_: pytest.fail("it was estimated"))
    assert Process(sql_store).ask(experiment) == counted
    assert (counted["lr"].runs, counted["lr"].max, counted["loss"].runs) == (3, 2.0, 3)


def test_figures_that_cannot_be_read_are_found_anew(sql_store: SqlStore, experiment: str) -> None:
    for number in range(3):
        make_run(sql_store, experiment, {"lr": str(number)})
    Process(sql_store).ask_until_counted(experiment)
    sql_store.database.write(lambda connection: connection.execute(sa.update(table).values(figures=b"\x93other")))
    assert Process(sql_store).ask_until_counted(experiment)["lr"].runs == 3


def test_figures_of_another_process_count_until_something_changes(sql_store: SqlStore, experiment: str) -> None:
    made = [make_run(sql_store, experiment, {"lr": str(number)}) for number in range(3)]
    Process(sql_store).ask_until_counted(experiment)
    sql_store.database.write(lambda connection: None)
    sql_store.runs.delete_run(EVERYONE, made[2])
    make_run(sql_store, experiment, {"new": "1"})
    later = Process(sql_store).ask_until_counted(experiment)
    assert (later["lr"].runs, later["new"].runs, later["loss"].runs) == (2, 1, 3)


def test_an_estimate_serves_while_it_is_counted(
    sql_store: SqlStore, experiment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, estimates = threading.Event(), list[int]()
    count, estimate = _Index.counts, _Index.estimate
    monkeypatch.setattr(_Index, "counts", lambda index: go_on.wait(30) and count(index))
    monkeypatch.setattr(_Index, "estimate", lambda *each: estimates.append(1) or estimate(*each))
    for number in range(3):
        make_run(sql_store, experiment, {"lr": str(number)})
    process = Process(sql_store)
    first = process.ask(experiment)
    assert process.ask(experiment) == first
    assert len(estimates) == 3  # of metrics, params and tags, once
    go_on.set()
    process.kept.wait()
    assert process.ask(experiment)["lr"].runs == 3


def test_point_that_arrives_between_folding_and_counting_is_not_missed(
    sql_store: SqlStore, experiment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        make_run(sql_store, experiment, {"lr": str(number)})
    process, settle, late = Process(sql_store), Fold.settle, list[str]()

    def settled_then_late(fold: Fold, experiment_ids: Collection[int] | None = None) -> None:
        settle(fold, experiment_ids)
        if threading.current_thread().name == "mlflow-figures" and not late:
            late.append(make_run(sql_store, experiment, {"lr": "2"}, "late"))

    monkeypatch.setattr(Fold, "settle", settled_then_late)
    process.ask_until_counted(experiment)
    columns = process.ask_until_counted(experiment)
    assert late
    assert (columns["late"].runs, columns["lr"].runs) == (1, 3)


def test_change_with_a_smaller_number_that_is_committed_later_is_not_missed(
    sql_store: SqlStore, experiment: str
) -> None:
    if sql_store.database.kind == "sqlite":
        pytest.skip("one transaction at a time writes there")
    run_id, _ = (make_run(sql_store, experiment, {"lr": str(number)}) for number in range(2))
    sql_store.database.keys.ensure("param", ["slow"])
    noted, go_on = threading.Event(), threading.Event()

    def slow(connection: sa.Connection) -> None:
        number = connection.scalar(sa.select(runs.c.id).where(runs.c.run_id == run_id))
        note(connection, "run", int(experiment), number, {"params": {"slow": "1"}})
        key = sql_store.database.keys.find(connection, "param", ["slow"])["slow"]
        row = {"run": number, "key_id": key, "experiment_id": int(experiment), "head": "1", "value": "1", "number": 1.0}
        connection.execute(sa.insert(params), row)
        noted.set()
        assert go_on.wait(30)

    writer = threading.Thread(target=sql_store.database.write, args=(slow,))
    writer.start()
    assert noted.wait(30)
    process = Process(sql_store)
    make_run(sql_store, experiment, {"lr": "2"})
    process.ask(experiment)
    if sql_store.database.kind == "postgresql":  # on MariaDB counting waits for that transaction
        process.kept.wait()
        assert "slow" not in process.ask(experiment)
    go_on.set()
    writer.join()
    assert process.ask_until_counted(experiment)["slow"].runs == 1


def test_figures_settle_on_the_truth_while_others_write(sql_store: SqlStore, experiment: str) -> None:
    def write(number: int) -> None:
        for turn in range(4):
            run = make_run(sql_store, experiment, {"lr": str(turn), f"own{number}": "1"}, f"m{number}")
            if turn == 0:
                sql_store.runs.delete_run(EVERYONE, run)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    process = Process(sql_store)
    while any(writer.is_alive() for writer in writers):
        process.ask_until_counted(experiment)
    columns = process.ask_until_counted(experiment)
    counts = {key: columns[key].runs for key in ("own0", "own1", "own2", "m0", "m1", "m2", "lr")}
    assert counts == {"own0": 3, "own1": 3, "own2": 3, "m0": 3, "m1": 3, "m2": 3, "lr": 9}


def test_figures_go_with_their_experiment(sql_store: SqlStore, experiment: str) -> None:
    make_run(sql_store, experiment, {"lr": "1"})
    make_run(sql_store, experiment, {"lr": "2"})
    Process(sql_store).ask_until_counted(experiment)
    number = int(experiment)
    own = sa.select(sa.func.count()).select_from(table).where(table.c.experiment_id == number)
    assert sql_store.database.write(lambda connection: connection.scalar(own)) == 3
    sql_store.experiments.delete_experiment(EVERYONE, experiment)
    gone = sa.delete(runs).where(runs.c.experiment_id == number)
    sql_store.database.write(lambda connection: connection.execute(gone))
    assert sql_store.database.write(lambda connection: delete_experiment(connection, number))
    assert sql_store.database.read(lambda connection: connection.scalar(own)) == 0


class TestOfFewRuns:
    """Experiments that are not large are answered as they are, though what took long is kept."""

    @pytest.fixture(autouse=True)
    def _kept_however_short_it_took(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(kept_figures, "_FOUND_ANEW", 100)
        monkeypatch.setattr(kept_answers, "_LONG", -1.0)

    def test_columns_follow_every_change(self, sql_store: SqlStore, experiment: str) -> None:
        process = Process(sql_store)

        def runs_of(*keys: str) -> list[int]:
            first, again = process.ask(experiment), process.ask(experiment)
            assert first == again
            return [first[key].runs if key in first else 0 for key in keys]

        keys = ("lr", "loss", "acc", "kind")
        assert runs_of(*keys) == [0, 0, 0, 0]
        run = make_run(sql_store, experiment, {"lr": "1"})
        assert runs_of(*keys) == [1, 1, 0, 0]
        sql_store.metrics.log_metric(EVERYONE, run, "acc", 0.5, 1)
        assert runs_of(*keys) == [1, 1, 1, 0]
        sql_store.runs.set_tag(EVERYONE, run, "kind", "a")
        make_run(sql_store, experiment, {"lr": "2"})
        assert runs_of(*keys) == [2, 2, 1, 1]
        sql_store.runs.delete_run(EVERYONE, run)
        assert runs_of(*keys) == [1, 1, 0, 0]
        sql_store.runs.restore_run(EVERYONE, run)
        sql_store.runs.delete_tag(EVERYONE, run, "kind")
        assert runs_of(*keys) == [2, 2, 1, 0]

    def test_point_that_arrives_between_folding_and_reading_is_there_at_the_next_question(
        self, sql_store: SqlStore, experiment: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = make_run(sql_store, experiment, {"lr": "1"})
        process, settle, late = Process(sql_store), Fold.settle, list[str]()

        def settled_then_late(fold: Fold, experiment_ids: Collection[int] | None = None) -> None:
            settle(fold, experiment_ids)
            if not late:
                late.append(run)
                sql_store.metrics.log_metric(EVERYONE, run, "late", 0.5, 1)

        monkeypatch.setattr(Fold, "settle", settled_then_late)
        assert "late" not in process.ask(experiment)
        assert process.ask(experiment)["late"].runs == 1
