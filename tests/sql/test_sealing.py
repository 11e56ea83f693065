import logging
import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from mlflow.contract.caller import EVERYONE
from mlflow.entities.metric import Metric
from mlflow.sql.changes import SqlChanges
from mlflow.sql.changes_pruning import prune_changes
from mlflow.sql.ids import now
from mlflow.sql.leases import Lease
from mlflow.sql.sealing import Sealer
from mlflow.sql.store import SqlStore, open_store
from mlflow.sql.tables import blocks, changes, runs


def new_run(store: SqlStore) -> str:
    return store.runs.create_run(EVERYONE, "0").info.run_id


def log(store: SqlStore, run_id: str, count: int = 1) -> None:
    for first in range(0, count, 1000):
        steps = range(first, min(first + 1000, count))
        store.runs.log_batch(EVERYONE, run_id, [Metric("a", step / 7, step, step) for step in steps])


def pending(store: SqlStore, run_id: str) -> int:
    number = sa.select(runs.c.id).where(runs.c.run_id == run_id).scalar_subquery()
    chosen = sa.select(sa.func.count()).select_from(blocks).where(blocks.c.run == number)
    return store.database.read(lambda connection: connection.execute(chosen).scalar_one())


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_run_that_is_over_is_sealed_and_a_running_one_is_left(sql_store: SqlStore) -> None:
    over, running = new_run(sql_store), new_run(sql_store)
    for run_id in (over, running):
        log(sql_store, run_id)
    sql_store.runs.update_run(EVERYONE, over, "FINISHED", 9)
    Sealer(sql_store.database, sql_store.fold).seal()
    assert (pending(sql_store, over), pending(sql_store, running)) == (0, 1)


def test_silent_run_is_sealed(sql_store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlflow.sql.sealing.SILENT_SECONDS", 0.05)
    run_id, sealer = new_run(sql_store), Sealer(sql_store.database, sql_store.fold)
    log(sql_store, run_id)
    sealer.seal()
    assert pending(sql_store, run_id) == 1
    time.sleep(0.1)
    sealer.seal()
    assert pending(sql_store, run_id) == 0


def test_run_with_many_blocks_is_sealed(sql_store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlflow.sql.sealing.MANY_BLOCKS", 3)
    run_id, sealer = new_run(sql_store), Sealer(sql_store.database, sql_store.fold)
    for left in (1, 2, 0):
        log(sql_store, run_id)
        sealer.seal()
        assert pending(sql_store, run_id) == left


def test_when_many_points_wait_the_runs_with_the_most_are_sealed(
    sql_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlflow.sql.sealing.MANY_POINTS", 60)
    wide, narrow, sealer = new_run(sql_store), new_run(sql_store), Sealer(sql_store.database, sql_store.fold)
    sealer.seal()
    log(sql_store, narrow, 20)
    log(sql_store, wide, 40)
    sealer.seal()
    assert (pending(sql_store, wide), pending(sql_store, narrow)) == (1, 1)
    log(sql_store, narrow, 1)
    sealer.seal()
    assert (pending(sql_store, wide), pending(sql_store, narrow)) == (0, 2)


def test_one_process_at_a_time_seals(sql_store: SqlStore) -> None:
    run_id, other = new_run(sql_store), Lease("sealing", 60)
    log(sql_store, run_id)
    sql_store.runs.update_run(EVERYONE, run_id, "FINISHED", 9)
    assert sql_store.database.write(other.take)
    Sealer(sql_store.database, sql_store.fold).seal()
    assert pending(sql_store, run_id) == 1
    sql_store.database.write(other.give_back)
    Sealer(sql_store.database, sql_store.fold).seal()
    assert pending(sql_store, run_id) == 0


def test_lease_of_a_dead_holder_runs_out(sql_store: SqlStore) -> None:
    dead, alive = Lease("task", 0.05), Lease("task", 60)
    write = sql_store.database.write
    assert write(dead.take)
    assert not write(alive.take)
    time.sleep(0.1)
    assert write(alive.take)
    assert write(alive.take)
    assert not write(dead.take)
    write(dead.give_back)
    assert not write(dead.take)
    write(alive.give_back)
    assert write(dead.take)


def test_of_many_that_want_a_lease_one_gets_it(sql_store: SqlStore) -> None:
    won: list[bool] = []
    takers = [
        threading.Thread(target=lambda: won.append(sql_store.database.write(Lease("contended", 60).take)))
        for _ in range(12)
    ]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert sorted(won) == [False] * 11 + [True]


def test_started_sealer_works_by_itself(sql_store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlflow.sql.sealing.EVERY_SECONDS", 0.02)
    before = set(threading.enumerate())
    run_id, sealer = new_run(sql_store), Sealer(sql_store.database, sql_store.fold)
    sealer.start()
    log(sql_store, run_id)
    sql_store.runs.update_run(EVERYONE, run_id, "FINISHED", 9)
    wait_until(lambda: pending(sql_store, run_id) == 0)
    sealer.close()
    assert "mlflow-sealer" not in {thread.name for thread in set(threading.enumerate()) - before}


def test_closing_the_store_seals_what_is_over(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(uri, "mlflow-artifacts:/")
    run_id = new_run(store)
    log(store, run_id)
    store.runs.update_run(EVERYONE, run_id, "FINISHED", 9)
    store.close()
    again = open_store(uri, "mlflow-artifacts:/")
    assert pending(again, run_id) == 0
    again.close()


def test_failure_is_logged_and_does_not_spread(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}", "mlflow-artifacts:/")
    run_id = new_run(store)
    log(store, run_id)
    store.runs.update_run(EVERYONE, run_id, "FINISHED", 9)
    store.database.write(lambda connection: connection.execute(sa.update(blocks).values(data=b"damaged")))
    with caplog.at_level(logging.WARNING):
        store.close()
    assert "Sealing metrics failed" in caplog.text


def test_sealed_points_take_eight_bytes_each_in_the_whole_file(tmp_path: Path) -> None:
    file, empty, chance = tmp_path / "store.db", tmp_path / "empty.db", random.Random(7)
    open_store(f"sqlite:///{empty}", "mlflow-artifacts:/").close()
    store = open_store(f"sqlite:///{file}", "mlflow-artifacts:/")
    run_id, time_, value, count = new_run(store), now(), 0.0, 200_000
    for first in range(0, count // 10, 100):
        points = []
        for step in range(first, first + 100):
            time_ += chance.randint(40, 60)
            value += chance.gauss(0, 1)
            points += [Metric(f"m{key}", value + key * chance.random(), time_, step) for key in range(10)]
        store.runs.log_batch(EVERYONE, run_id, points)
    store.runs.update_run(EVERYONE, run_id, "FINISHED", 9)
    store.close()
    assert set(os.listdir(tmp_path)) == {"store.db", "empty.db"}
    assert (file.stat().st_size - empty.stat().st_size) / count <= 8


class TestPruning:
    @pytest.fixture
    def store(self, tmp_path: Path) -> SqlStore:
        store = open_store(f"sqlite:///{tmp_path / 'store.db'}", "mlflow-artifacts:/")
        for _ in range(20):
            new_run(store)
        return store

    def count(self, store: SqlStore) -> int:
        chosen = sa.select(sa.func.count()).select_from(changes)
        return store.database.read(lambda connection: connection.execute(chosen).scalar_one())

    def test_young_changes_stay(self, store: SqlStore) -> None:
        assert store.database.write(lambda connection: prune_changes(connection, now() - 60_000, 1000)) is False
        assert self.count(store) == 20
        page = SqlChanges(store.database).get_changes(EVERYONE, [], 0)
        assert (len(page.changes), page.reset) == (20, False)
        store.close()

    def test_reader_that_missed_changes_is_told(self, store: SqlStore) -> None:
        store.database.write(lambda connection: prune_changes(connection, 0, 5))
        page = SqlChanges(store.database).get_changes(EVERYONE, [], 3)
        assert (len(page.changes), page.reset, page.next) == (5, True, 20)
        page = SqlChanges(store.database).get_changes(EVERYONE, ["exp:0"], 15)
        assert (len(page.changes), page.reset) == (5, False)
        store.close()

    def test_old_changes_go_piece_by_piece(self, store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("mlflow.sql.changes_pruning._CHUNK", 8)
        prune = lambda connection: prune_changes(connection, now() + 1000, 1000)  # noqa: E731
        answers = [store.database.write(prune) for _ in range(4)]
        assert answers == [True, True, False, False]
        assert self.count(store) == 1
        page = SqlChanges(store.database).get_changes(EVERYONE, [], 0)
        assert (page.changes, page.reset, page.next) == ([], True, 20)
        assert SqlChanges(store.database).get_changes(EVERYONE, [], 20).reset is False
        store.close()
