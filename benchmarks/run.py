"""Compare this project with the published mlflow, on this machine, in one run: ``python -m benchmarks.run``.

--full                 also PostgreSQL, the web UI, 100,000 runs, and the published package's slow rows unscaled
--only GROUP …         some groups: imports, server_start, log_metric, log_batch, concurrency, storage, search,
                       history, artifacts, delete_gc, registry, models, autologging, serving, endpoints, ui, live
--live-seconds N       how long a page watches a hundred live runs; without it 600 with --full, else 30
--peers                also other servers of models, each installed into a virtual environment that is thrown away
--products NAME …      only ``this`` or only ``published``
--write-docs           put the last run's table into docs/benchmarks.md, and measure nothing
"""

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

import pytest

from benchmarks import (
    artifacts,
    autologging,
    concurrency,
    delete_gc,
    endpoints,
    history,
    imports,
    log_batch,
    log_metric,
    models,
    postgresql,
    registry,
    report,
    search,
    server_start,
    serving,
    storage,
    ui,
)
from benchmarks.bench import Bench
from benchmarks.figures import Figures
from benchmarks.products import Product, find_products
from benchmarks.rows import POSTGRESQL_GOALS, PUBLISHED, THIS

GROUPS = {
    "imports": imports.measure,
    "server_start": server_start.measure,
    "log_metric": log_metric.measure,
    "storage": storage.measure,
    "search": search.measure,
    "history": history.measure,
    "log_batch": log_batch.measure,
    "concurrency": concurrency.measure,
    "artifacts": artifacts.measure,
    "delete_gc": delete_gc.measure,
    "registry": registry.measure,
    "models": models.measure,
    "autologging": autologging.measure,
    "serving": serving.measure,
    "endpoints": endpoints.measure,
    "ui": ui.measure,
    "live": ui.measure_live,
}
DATABASES = ("sqlite", "postgresql")
LIVE_SECONDS = {False: 30, True: 600}
LONG = {"endpoints", "ui", "live"}  # what does not fit into ten minutes beside the others


def main() -> int:
    options = parse()
    page = Path(__file__).parent.parent / "docs" / "benchmarks.md"
    if options.write_docs:
        report.write_docs(page)
        return 0
    measured: dict[str, tuple[Figures, dict[str, float]]] = {}
    failed = False
    with tempfile.TemporaryDirectory(prefix="mlflow-bench-", ignore_cleanup_errors=True) as name:
        if "sqlite" in options.databases:
            sqlite, failed = on_sqlite(Path(name), options)
            measured["SQLite"] = (sqlite, {})
        if "postgresql" in options.databases:
            measured["PostgreSQL"] = (postgresql.measure(Path(name), set(options.products)), POSTGRESQL_GOALS)
    for title, (figures, goals) in measured.items():
        report.show(title, figures, goals)
    print(f"Written to {report.write(measured)}")
    return int(failed)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", nargs="+", choices=GROUPS)
    parser.add_argument("--products", nargs="+", choices=(THIS, PUBLISHED), default=[THIS, PUBLISHED])
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--live-seconds", type=int, metavar="N")
    parser.add_argument("--databases", nargs="+", choices=DATABASES)
    parser.add_argument("--write-docs", action="store_true")
    options = parser.parse_args()
    options.only = options.only or [name for name in GROUPS if options.full or name not in LONG]
    options.live_seconds = options.live_seconds or LIVE_SECONDS[options.full]
    options.databases = options.databases or (DATABASES if options.full else DATABASES[:1])
    return options


def on_sqlite(folder: Path, options: argparse.Namespace) -> tuple[Figures, bool]:
    """Measure the groups asked for; whether one of them broke."""
    products, figures = available(folder, set(options.products)), Figures()
    bench = Bench(products, figures, options.full, options.peers, options.live_seconds)
    broken = False
    try:
        for name in options.only:
            broken |= not run_group(name, bench)
    finally:
        for product in products:
            product.close()
    return figures, broken


def available(folder: Path, wanted: set[str]) -> list[Product]:
    try:
        return find_products(folder, wanted)
    except pytest.skip.Exception as missing:
        print(f"The published package is not measured: {missing}", file=sys.stderr)
        return find_products(folder / "alone", wanted - {PUBLISHED})


def run_group(name: str, bench: Bench) -> bool:
    """Measure one group; a group that breaks is reported, and the rest go on."""
    began = time.perf_counter()
    print(f"{name} …", end=" ", flush=True, file=sys.stderr)
    try:
        GROUPS[name](bench)
    except pytest.skip.Exception as missing:
        print(f"left out: {missing}", file=sys.stderr)
        return True
    except (Exception, pytest.fail.Exception):  # noqa: BLE001  one broken row must not cost the others
        print(f"broke after {time.perf_counter() - began:.0f} s", file=sys.stderr)
        traceback.print_exc(limit=-3)
        return False
    print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
    return True


if __name__ == "__main__":
    sys.exit(main())
