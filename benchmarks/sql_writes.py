"""How many small durable writes a second the store takes from many threads.

python benchmarks/sql_writes.py
python benchmarks/sql_writes.py --uri postgresql://postgres@127.0.0.1/empty_database
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from mlflow.contract.caller import EVERYONE
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.sql.store import SqlStore, open_store
from mlflow.sql.tables import changes

TAGS = [RunTag("mlflow.user", "me"), RunTag("mlflow.source.name", "train.py"), RunTag("mlflow.source.type", "LOCAL")]
ROW = {"kind": "run", "experiment_id": 0, "run": None, "data": b"{}", "time": 0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uri", help="an empty database; a new SQLite file when omitted")
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=3.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(chosen.uri or f"sqlite:///{Path(folder) / 'bench.db'}", "mlflow-artifacts:/")
        try:
            for name, call in cases(store).items():
                rate, processor = measure(call, chosen.threads, chosen.seconds)
                print(f"{name:30} {rate:8,.0f} /s from {chosen.threads} threads, {processor:4.0f} µs of processor time")
        finally:
            store.close()


def cases(store: SqlStore) -> dict[str, Callable[[int], object]]:
    experiment_id = store.experiments.create_experiment(EVERYONE, "writes")
    runs = [store.runs.create_run(EVERYONE, experiment_id).info.run_id for _ in range(64)]
    store.database.keys.ensure("param", [f"p{number}" for number in range(1000)])
    insert = sa.insert(changes)
    return {
        "one inserted row": lambda _: store.database.write(lambda connection: connection.execute(insert, ROW)),
        "create_run with three tags": lambda number: store.runs.create_run(
            EVERYONE, experiment_id, start_time=number, tags=TAGS
        ),
        "log_parameter": lambda number: store.runs.log_parameter(
            EVERYONE, runs[number % 64], f"p{number // 64 % 1000}", "v"
        ),
        "log_batch of five params": lambda number: store.runs.log_batch(
            EVERYONE, runs[number % 64], params=[Param(f"q{i}", "v") for i in range(5)]
        ),
        "set_tag": lambda number: store.runs.set_tag(EVERYONE, runs[number % 64], "t", str(number)),
        "update_run": lambda number: store.runs.update_run(EVERYONE, runs[number % 64], "FINISHED", number),
    }


def measure(call: Callable[[int], object], threads: int, seconds: float) -> tuple[float, float]:
    """Calls a second, and microseconds of processor time a call."""
    call(0)
    counts = [0] * threads
    end = time.perf_counter() + seconds

    def work(thread: int) -> None:
        while time.perf_counter() < end:
            call(counts[thread] * threads + thread)
            counts[thread] += 1

    workers = [threading.Thread(target=work, args=(thread,)) for thread in range(threads)]
    started, worked = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    elapsed, processor = time.perf_counter() - started, time.process_time() - worked
    return sum(counts) / elapsed, processor / max(sum(counts), 1) * 1e6


if __name__ == "__main__":
    main()
