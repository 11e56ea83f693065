"""How fast runs are searched in the store: loads runs into a database and times pages.

python benchmarks/sql_search.py --runs 10000
python benchmarks/sql_search.py --runs 100000 --uri postgresql://postgres@127.0.0.1/empty_database
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from benchmarks.seed import SeededRun, load_runs
from mlflow.contract.caller import EVERYONE
from mlflow.sql.store import SqlStore, open_store

PARAMS, METRICS, TAGS = 10, 20, 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--uri", help="an empty database, or one seeded before; a new SQLite file when omitted")
    parser.add_argument("--repeat", type=int, default=20)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(chosen.uri or f"sqlite:///{Path(folder) / 'bench.db'}", "mlflow-artifacts:/")
        try:
            measure(store, experiment_of(store, chosen.runs), chosen.repeat)
        finally:
            store.close()


def experiment_of(store: SqlStore, count: int) -> str:
    name = f"{count} runs"
    for experiment in store.experiments.search_experiments(EVERYONE, 1000):
        if experiment.name == name:
            return experiment.experiment_id
    started = time.perf_counter()
    experiment_id = store.experiments.create_experiment(EVERYONE, name)
    load_runs(store.database, experiment_id, made_runs(count))
    print(f"seeded {count} runs in {time.perf_counter() - started:.1f} s")
    return experiment_id


def made_runs(count: int) -> Iterator[SeededRun]:
    """Runs whose params and tags have one of 20 values."""
    random = Random(7)
    for number in range(count):
        params = {f"p{key}": f"value {random.randrange(20)}" for key in range(PARAMS)}
        metrics = {f"m{key}": random.random() for key in range(METRICS)}
        tags = {f"t{key}": f"value {random.randrange(20)}" for key in range(TAGS)}
        yield SeededRun(number, params, metrics, tags)


def measure(store: SqlStore, experiment_id: str, repeat: int) -> None:
    def search(filter: str = "", order_by: str = "", max_results: int = 100, token: str = "") -> bytes:
        return store.runs.search_runs_json(
            EVERYONE,
            [experiment_id],
            filter,
            max_results=max_results,
            order_by=[order_by] if order_by else [],
            page_token=token,
        )

    once("first 1,000, documents made", lambda: search(max_results=1000))
    token = search(max_results=1000).rpartition(b'next_page_token":"')[2].partition(b'"')[0].decode()
    cases: dict[str, Callable[[], object]] = {
        "first 100": search,
        "first 1,000": lambda: search(max_results=1000),
        "100 after the first 1,000": lambda: search(token=token),
        "common metric and param (2.5 %)": lambda: search("metrics.m0 < 0.5 and params.p1 = 'value 3'"),
        "rare metric and param (0.05 %)": lambda: search("metrics.m0 < 0.01 and params.p1 = 'value 3'"),
        "metric and two params (0.13 %)": lambda: search(
            "metrics.m0 < 0.5 and params.p1 = 'value 3' and params.p2 = 'value 4'"
        ),
        "nothing matches": lambda: search("params.p1 = 'no such value'"),
        "ordered by a metric": lambda: search(order_by="metrics.m1 DESC"),
        "ordered by a metric, filtered": lambda: search("params.p1 = 'value 3'", "metrics.m1 ASC"),
        "ordered by a param": lambda: search(order_by="params.p1"),
        "ordered by a missing metric": lambda: search(order_by="metrics.unknown"),
        "ordered by end_time": lambda: search(order_by="end_time DESC"),
        "count of 2.5 %": lambda: store.runs.count_runs(
            EVERYONE, [experiment_id], "metrics.m0 < 0.5 and params.p1 = 'value 3'"
        ),
        "get a run": lambda: None,
    }
    run_id = store.runs.search_runs(EVERYONE, [experiment_id], max_results=1)[0].info.run_id
    cases["get a run"] = lambda: store.runs.get_run_json(EVERYONE, run_id)
    for name, case in cases.items():
        case()
        walls, own = zip(*(timed(case) for _ in range(repeat)), strict=True)
        middle, processor = statistics.median(walls), statistics.median(own)
        print(f"{name:34} median {middle:7.2f} ms   best {min(walls):7.2f} ms   own {processor:7.2f} ms")
    once("columns, counted", lambda: store.columns.get_columns(EVERYONE, experiment_id))
    once("columns", lambda: store.columns.get_columns(EVERYONE, experiment_id))


def once(name: str, case: Callable[[], object]) -> None:
    print(f"{name:34} once   {timed(case)[0]:7.2f} ms")


def timed(case: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and those this thread had a processor, which depend less on the machine's load."""
    started, worked = time.perf_counter(), time.thread_time()
    case()
    return (time.perf_counter() - started) * 1000, (time.thread_time() - worked) * 1000


if __name__ == "__main__":
    main()
