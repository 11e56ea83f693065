"""Folding against a model that is a dictionary of sets."""

import math
import random
import sys
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlflow.contract.caller import EVERYONE
from mlflow.entities.metric import Metric
from mlflow.exceptions import DataLoss
from mlflow.sql.engine import Connection
from mlflow.sql.fold import Fold, write_plan
from mlflow.sql.fold_plan import make_plan
from mlflow.sql.store import SqlStore, open_store
from mlflow.sql.tables import blocks, runs, segments, summaries
from tests.sql.series_rows import HIGHEST, LOWEST, Row, distinct, odd, small, wide

pytestmark = pytest.mark.long

KEYS = st.sampled_from(["a", "b", "c"])
TIMES = st.integers(0, 3) | st.integers(0, HIGHEST)
POINTS = st.tuples(KEYS, st.builds(Row, small | wide, TIMES, odd | st.floats()))
STEPS = st.lists(POINTS, min_size=1, max_size=40) | st.just("fold") | st.just("read")
LARGEST = 1.7976931348623157e308


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('fold') / 'store.db'}", "mlflow-artifacts:/")
    yield store
    store.close()


def new_run(store: SqlStore) -> str:
    return store.runs.create_run(EVERYONE, "0").info.run_id


def number_of(store: SqlStore, run_id: str) -> int:
    chosen = sa.select(runs.c.id).where(runs.c.run_id == run_id)
    return store.database.read(lambda connection: connection.execute(chosen).scalar_one())


def log(store: SqlStore, run_id: str, points: list[tuple[str, Row]]) -> None:
    metrics = [Metric(key, row.value, row.timestamp, row.step) for key, row in points]
    store.runs.log_batch(EVERYONE, run_id, metrics)


def clamped(row: Row) -> Row:
    return row if math.isnan(row.value) else row._replace(value=min(max(row.value, -LARGEST), LARGEST))


def stored(store: SqlStore, run_id: str, key: str) -> list[tuple[int, int, float, bool]]:
    columns = store.metrics.get_metric_columns(EVERYONE, run_id, key)
    steps, times = np.frombuffer(columns.steps, "<i8"), np.frombuffer(columns.timestamps, "<i8")
    values = np.frombuffer(columns.values, "<f8")
    rows = map(Row, steps.tolist(), times.tolist(), values.tolist())
    return [row.identity for row in rows]


def by_time(rows: list[Row]) -> list[tuple[int, int, float, bool]]:
    ordered = sorted(distinct(rows), key=lambda row: (row.timestamp, row.step, *row.identity[2:]))
    return [row.identity for row in ordered]


def rank(row: Row, missing: float) -> tuple[int, int, float]:
    return row.step, row.timestamp, missing if math.isnan(row.value) else row.value


def check_summary(store: SqlStore, run_id: str, key: str, rows: list[Row]) -> None:
    (summary,) = store.metrics.summarize_metrics(EVERYONE, [run_id], [key])
    rows = distinct(rows)
    numbers = [row for row in rows if not math.isnan(row.value)]
    assert (summary.count, summary.nan_count) == (len(rows), len(rows) - len(numbers))
    last, first = max(rows, key=lambda row: rank(row, -math.inf)), min(rows, key=lambda row: rank(row, math.inf))
    assert Row(summary.last_step, 0, summary.last).identity == last._replace(timestamp=0).identity
    assert Row(summary.first_step, 0, summary.first).identity == first._replace(timestamp=0).identity
    assert summary.last_timestamp == last.timestamp
    if not numbers:
        assert (summary.min, summary.max, summary.mean) == (None, None, None)
        return
    low, high = min(row.value for row in numbers), max(row.value for row in numbers)
    assert (summary.min, summary.max) == (low, high)
    assert summary.min_step == min(row.step for row in numbers if row.value == low)
    assert summary.max_step == min(row.step for row in numbers if row.value == high)
    exact = float(sum(Fraction(row.value) for row in numbers) / len(numbers))
    coarsest = max(1e-9 * max(abs(low), abs(high)), sys.float_info.min)  # below which doubles lose their digits
    assert summary.mean == pytest.approx(exact, rel=1e-9, abs=coarsest)


def check(store: SqlStore, run_id: str, model: dict[str, list[Row]]) -> None:
    for key, rows in model.items():
        assert stored(store, run_id, key) == by_time(rows)
        check_summary(store, run_id, key, rows)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=8))
def test_random_batches_and_folds_agree_with_the_model(lite: SqlStore, steps: list[object]) -> None:
    run_id, model = new_run(lite), {}
    for step in steps:
        if step == "fold":
            lite.fold.settle()
        elif step == "read":
            check(lite, run_id, model)
        else:
            log(lite, run_id, step)
            for key, row in step:
                model.setdefault(key, []).append(clamped(row))
    check(lite, run_id, model)


@pytest.mark.parametrize("seed", range(4))
def test_long_series_in_any_order_agree_with_the_model(sql_store: SqlStore, seed: int) -> None:
    chance = random.Random(seed)
    rows = [Row(step // 3 - 100, 1000 + step, chance.choice([1.5, math.nan, float(step)])) for step in range(25_000)]
    order = {0: rows, 1: rows[::-1], 2: chance.sample(rows, len(rows)), 3: rows[::2] + rows[1::2]}[seed]
    order = order + chance.sample(rows, 500)
    run_id = new_run(sql_store)
    for first in range(0, len(order), 1000):
        log(sql_store, run_id, [("a", row) for row in order[first : first + 1000]])
        if chance.random() < 0.3:
            sql_store.fold.settle()
    check(sql_store, run_id, {"a": rows})
    sizes = sql_store.database.read(lambda connection: _sizes(connection, run_id))
    assert sum(sizes) == len(rows)
    assert max(sizes) <= 8192


def _sizes(connection: Connection, run_id: str) -> list[int]:
    chosen = sa.select(segments.c.n).join(runs, runs.c.id == segments.c.run).where(runs.c.run_id == run_id)
    return list(connection.scalars(chosen))


def test_single_point_needs_no_segment(sql_store: SqlStore) -> None:
    run_id = new_run(sql_store)
    log(sql_store, run_id, [("a", Row(1, 5, 2.0)), ("b", Row(1, 5, math.nan))])
    check(sql_store, run_id, {"a": [Row(1, 5, 2.0)], "b": [Row(1, 5, math.nan)]})
    assert sql_store.database.read(lambda connection: _sizes(connection, run_id)) == []
    log(sql_store, run_id, [("a", Row(0, 5, 3.0)), ("b", Row(1, 5, math.nan)), ("b", Row(1, 6, 1.0))])
    both = {"a": [Row(0, 5, 3.0), Row(1, 5, 2.0)], "b": [Row(1, 5, math.nan), Row(1, 6, 1.0)]}
    check(sql_store, run_id, both)


def test_folded_blocks_are_gone_and_the_run_is_read_anew(sql_store: SqlStore) -> None:
    run_id = new_run(sql_store)
    log(sql_store, run_id, [("a", Row(1, 5, 2.0))])
    assert sql_store.runs.get_run(EVERYONE, run_id).data.metrics == {"a": 2.0}
    log(sql_store, run_id, [("a", Row(2, 6, 3.0))])
    assert sql_store.runs.get_run(EVERYONE, run_id).data.metrics == {"a": 3.0}
    number = number_of(sql_store, run_id)
    left = sa.select(sa.func.count()).select_from(blocks).where(blocks.c.run == number)
    assert sql_store.database.read(lambda connection: connection.scalar(left)) == 0


def test_plan_that_lost_against_another_one_is_made_again(sql_store: SqlStore) -> None:
    run_id = new_run(sql_store)
    log(sql_store, run_id, [("a", Row(step, 5, 1.0)) for step in range(10)])
    number = number_of(sql_store, run_id)
    plan = sql_store.database.read(lambda connection: make_plan(connection, [number], HIGHEST))
    assert plan is not None
    log(sql_store, run_id, [("a", Row(step, 5, 1.0)) for step in range(10, 20)])
    sql_store.fold.settle(run_pks=[number])
    assert sql_store.database.write(lambda connection: write_plan(connection, plan)) is False
    check(sql_store, run_id, {"a": [Row(step, 5, 1.0) for step in range(20)]})


def test_many_folders_and_writers_at_once(sql_store: SqlStore) -> None:
    others = [Fold(sql_store.database) for _ in range(3)]  # as in other processes
    runs_, stop = [new_run(sql_store) for _ in range(3)], threading.Event()

    def follow(fold: Fold) -> None:
        while not stop.is_set():
            fold.settle()

    def write(number: int) -> None:
        for step in range(30):
            log(
                sql_store,
                runs_[number % 3],
                [("a", Row(step, number, float(number))), (f"k{number}", Row(step, 5, 1.0))],
            )

    folders = [threading.Thread(target=follow, args=(fold,)) for fold in others]
    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in folders + writers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in folders:
        thread.join()
    for at, run_id in enumerate(runs_):
        own = [number for number in range(6) if number % 3 == at]
        check(sql_store, run_id, {"a": [Row(step, number, float(number)) for number in own for step in range(30)]})


def test_damaged_block_is_told_and_harms_no_other_run(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}", "mlflow-artifacts:/")
    hurt, sound = new_run(store), new_run(store)
    for run_id in (hurt, sound):
        log(store, run_id, [("a", Row(0, 5, 1.0))])
    number = sa.select(runs.c.id).where(runs.c.run_id == hurt).scalar_subquery()
    store.database.write(
        lambda connection: connection.execute(sa.update(blocks).where(blocks.c.run == number).values(data=b"damaged"))
    )
    with pytest.raises(DataLoss, match="block"):
        store.runs.get_run(EVERYONE, hurt)
    assert store.runs.get_run(EVERYONE, sound).data.metrics == {"a": 1.0}
    store.close()


def test_extreme_integers_are_kept(sql_store: SqlStore) -> None:
    run_id = new_run(sql_store)
    rows = [Row(LOWEST, 0, 1.0), Row(HIGHEST, HIGHEST, 2.0), Row(0, HIGHEST, 3.0)]
    log(sql_store, run_id, [("a", row) for row in rows])
    check(sql_store, run_id, {"a": rows})
    count = sa.select(summaries.c.count).join(runs, runs.c.id == summaries.c.run).where(runs.c.run_id == run_id)
    assert sql_store.database.read(lambda connection: connection.scalar(count)) == 3
