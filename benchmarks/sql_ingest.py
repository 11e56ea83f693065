"""How fast the store takes, keeps and reads points of metrics, without HTTP.

python benchmarks/sql_ingest.py
python benchmarks/sql_ingest.py --uri postgresql://postgres@127.0.0.1/empty_database
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
import uuid
import zlib
from collections.abc import Callable
from pathlib import Path

from mlflow.contract.caller import EVERYONE
from mlflow.contract.frames import keys_frame, metrics_body, prefix, run_frame
from mlflow.contract.frames_operations import Kind
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.sql.garbage import Garbage
from mlflow.sql.store import SqlStore, open_store

NOISE = random.Random(7)
START = 1_700_000_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uri", help="an empty database; a new SQLite file when omitted")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        uri = chosen.uri or f"sqlite:///{file}"
        store = open_store(uri, "mlflow-artifacts:/")
        for keys, threads in ((10, 4), (1000, 4), (10, 32)):
            batches(store, keys, threads)
        singles(store)
        journal(store)
        trash(store)
        run_id = long_series(store)
        reads(store, run_id)
        store.close()
        if chosen.uri is None:
            at_rest(Path(folder) / "rest.db")


def new_run(store: SqlStore) -> str:
    return store.runs.create_run(EVERYONE, "0").info.run_id


def batch(keys: int, number: int) -> list[Metric]:
    """1,000 points: of each key a piece that follows that of the batch before."""
    steps = range(number * 1000 // keys, (number + 1) * 1000 // keys)
    return [Metric(f"m{key}", NOISE.random(), START + step, step) for step in steps for key in range(keys)]


def batches(store: SqlStore, keys: int, threads: int, number: int = 40) -> None:
    work = [(new_run(store), [batch(keys, at) for at in range(number)]) for _ in range(threads)]
    store.runs.log_batch(EVERYONE, work[0][0], work[0][1][0])

    def log(thread: int) -> None:
        run_id, given = work[thread]
        for points in given:
            store.runs.log_batch(EVERYONE, run_id, points)

    seconds, processor = together(log, threads)
    count = threads * number
    rate, each = count * 1000 / seconds, processor / count * 1e3
    print(
        f"log_batch of {keys} keys × {1000 // keys} steps, {threads} threads: {rate:,.0f} points/s, {each:.2f} ms CPU"
    )


def singles(store: SqlStore, threads: int = 32, number: int = 100) -> None:
    runs = [new_run(store) for _ in range(threads)]

    def log(thread: int) -> None:
        for step in range(number):
            store.metrics.log_metric(EVERYONE, runs[thread], "loss", 0.5, START + step, step)

    seconds, processor = together(log, threads)
    count = threads * number
    print(f"log_metric, {threads} threads: {count / seconds:,.0f} /s, {processor / count * 1e6:.0f} µs CPU")


def journal(store: SqlStore, calls: int = 10_000, keys: int = 10) -> None:
    run_id, body = new_run(store), metrics_body(keys)
    definitions = run_frame(0, run_id) + keys_frame(0, tuple(f"m{key}" for key in range(keys)))
    frames = bytearray()
    for step in range(calls):
        packed = body.pack(Kind.METRICS, 0, 0, step, START + step, *(NOISE.random() for _ in range(keys)))
        frames += prefix(len(packed), zlib.crc32(packed)) + packed
    times = [
        seconds_of(lambda: store.journals.ingest(EVERYONE, uuid.uuid4().hex, 0, definitions, bytes(frames)))
        for _ in range(3)
    ]
    readable = seconds_of(lambda: store.runs.get_run(EVERYONE, run_id))
    took = min(times) * 1e3
    print(f"journal of {calls * keys:,} points: {took:.0f} ms, thrice that readable {readable * 1e3:.0f} ms later")


def trash(store: SqlStore, runs: int = 500) -> None:
    experiment_id = store.experiments.create_experiment(EVERYONE, f"trash-{uuid.uuid4().hex}")
    for _ in range(runs):
        run_id = store.runs.create_run(EVERYONE, experiment_id).info.run_id
        metrics = [Metric(f"m{key}", NOISE.random(), START) for key in range(20)]
        store.runs.log_batch(EVERYONE, run_id, metrics, [Param(f"p{key}", "1") for key in range(10)])
    settled = seconds_of(lambda: store.fold.settle(experiment_ids=[int(experiment_id)]))
    store.experiments.delete_experiment(EVERYONE, experiment_id)
    took = seconds_of(lambda: Garbage(store.database).collect(lambda *_: None, experiment_ids=[experiment_id]))
    print(f"{runs} runs of 20 metrics and 10 params: folded in {settled * 1e3:.0f} ms, deleted in {took * 1e3:.0f} ms")


def long_series(store: SqlStore, batches_: int = 1000) -> str:
    run_id, value = new_run(store), 0.0
    for number in range(batches_):
        points = []
        for step in range(number * 1000, (number + 1) * 1000):
            value += NOISE.gauss(0, 1)
            points.append(Metric("loss", value, START + 50 * step, step))
        store.runs.log_batch(EVERYONE, run_id, points)
    print(f"settle of {batches_ * 1000:,} points: {seconds_of(store.fold.settle) * 1e3:.0f} ms")
    return run_id


def reads(store: SqlStore, run_id: str) -> None:
    metrics, runs = store.metrics, [run_id]
    calls: dict[str, Callable[[], object]] = {
        "get_metric_columns": lambda: metrics.get_metric_columns(EVERYONE, run_id, "loss"),
        "sample_metrics, 320 buckets": lambda: metrics.sample_metrics(EVERYONE, runs, ["loss"]),
        "the same of a tenth": lambda: metrics.sample_metrics(EVERYONE, runs, ["loss"], "step", 400_000, 499_999),
        "bulk interval, 320 points": lambda: metrics.get_metric_history_bulk_interval_json(
            EVERYONE, runs, "loss", None, None, 320
        ),
        "get_metric_history as JSON": lambda: metrics.get_metric_history_json(EVERYONE, run_id, "loss"),
        "summarize_metrics": lambda: metrics.summarize_metrics(EVERYONE, runs),
    }
    for name, call in calls.items():
        first, again = seconds_of(call), min(seconds_of(call) for _ in range(5))
        print(f"{name} of 1,000,000: first {first * 1e3:.1f} ms, then {again * 1e3:.1f} ms")


def at_rest(file: Path) -> None:
    store = open_store(f"sqlite:///{file}", "mlflow-artifacts:/")
    run_id, timestamp, value = new_run(store), START, 0.0
    for first in range(0, 100_000, 100):
        points = []
        for step in range(first, first + 100):
            timestamp += NOISE.randint(40, 60)
            value += NOISE.gauss(0, 1)
            points += [Metric(f"m{key}", value + key * NOISE.random(), timestamp, step) for key in range(10)]
        store.runs.log_batch(EVERYONE, run_id, points)
    store.runs.update_run(EVERYONE, run_id, "FINISHED", timestamp)
    sealed = seconds_of(store.close)
    print(
        f"1,000,000 points in 10 series at rest: {file.stat().st_size / 1e6:.2f} bytes each, sealed in {sealed:.2f} s"
    )


def together(work: Callable[[int], None], threads: int) -> tuple[float, float]:
    """Seconds and processor seconds of so many threads that work at once."""
    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    began, processor = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - began, time.process_time() - processor


def seconds_of(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
