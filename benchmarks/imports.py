"""Rows: `import mlflow` (time, memory) and `mlflow --help`."""

import os
import subprocess
import time
from collections.abc import Sequence

from benchmarks.bench import Bench
from benchmarks.figures import Figures
from benchmarks.products import Product


def spawn(product: Product, command: Sequence[str]) -> tuple[float, float]:
    """Run a command to its end: wall seconds, and its peak resident memory in MiB."""
    environment = {**os.environ, **product.environment}
    began = time.perf_counter()
    child = subprocess.Popen(
        command, cwd=product.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(child.pid, 0)
    took = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"{list(command)} ended with {child.returncode}")
    return took, usage.ru_maxrss / 1024


def measure_import(product: Product, figures: Figures) -> None:
    bare, _ = spawn(product, [product.python, "-c", "pass"])
    loaded, memory = spawn(product, [product.python, "-c", "import mlflow"])
    figures.add("import_time", product.name, loaded - bare)
    figures.add("import_memory", product.name, memory)


def measure(bench: Bench) -> None:
    for product in bench.products:  # the first start of each writes byte code and warms the page cache
        spawn(product, [product.python, "-c", "import mlflow"])
        spawn(product, [*product.command, "--help"])
    bench.in_turn(lambda product: measure_import(product, bench.figures), this=9, published=5)
    bench.in_turn(
        lambda product: bench.figures.add("help", product.name, spawn(product, [*product.command, "--help"])[0]),
        this=7,
        published=3,
    )
