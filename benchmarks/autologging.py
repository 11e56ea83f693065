"""Row: what autologging adds to a training of 200 rounds, through a server."""

import subprocess

from benchmarks.bench import Bench
from benchmarks.products import Product
from tests.fixtures.foreign import find_python

ROUNDS = 200


def measure(bench: Bench) -> None:
    python = find_python("MLFLOW_FRAMEWORKS_PYTHON", "frameworks", "make test-all")
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    frameworks = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    bench.in_turn(lambda product: overhead(bench, product, frameworks))


def overhead(bench: Bench, product: Product, frameworks: str) -> None:
    answer = product.run("autologging", uri=product.server().url, rounds=ROUNDS, frameworks=frameworks)
    bench.figures.add("autologging", product.name, (answer["logged"] - answer["plain"]) * 1000)
