"""What logging, loading and calling a small scikit-learn model takes, here and in the published package.

    python -m benchmarks.models [--json] [--rounds 3]

Both clients speak to one server of this project, so the table compares what clients do. Times are medians; each client
runs in a fresh interpreter, its import first. The published one is measured where MLFLOW_ORACLE_PYTHON names its
interpreter, or .venvs/oracle is made.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.products import PROGRAMS
from benchmarks.rows import PUBLISHED, THIS, Figures, Row
from tests.fixtures.foreign import find_python
from tests.fixtures.servers import OURS, TrackingServer

ROWS = (
    Row("import_sklearn", "`import mlflow.sklearn`", "s"),
    Row("log_model_first", "`sklearn.log_model` through a server, the first of a process", "s", ratio=10),
    Row("log_model", "`sklearn.log_model` through a server, further ones", "s", ratio=10),
    Row("load_cold", "`pyfunc.load_model` from a server", "s", ratio=5),
    Row("load_warm", "`pyfunc.load_model`, kept on this machine", "s", ratio=5),
    Row("predict_one", "`predict` of 1 row × 30 columns", "s"),
    Row("predict_one_schema", "… of that, around the estimator", "s", ratio=5),
    Row("predict_many", "`predict` of 100,000 rows × 30 columns", "s"),
    Row("predict_many_schema", "… of that, around the estimator", "s", ratio=5),
)


def measure(python: str, uri: str, folder: Path, rounds: int) -> dict[str, float]:
    """Seconds by row, under the mlflow of an interpreter."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"MLFLOW_JOURNAL_DIR": str(folder / "journal"), "MLFLOW_MODEL_CACHE_DIR": str(folder / "models")}
    if python == sys.executable:
        environment["PYTHONPATH"] = str(Path(__file__).parents[1] / "src")
    command = [python, str(PROGRAMS / "models.py"), uri, str(rounds)]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def table(figures: Figures) -> str:
    """A Markdown table; the last column says how many times faster this one is."""
    lines = ["| what | this, ms | published, ms | times | goal |", "| --- | ---: | ---: | ---: | ---: |"]
    for row in ROWS:
        shown = [f"{1000 * value:,.2f}" if value is not None else "" for value in values(figures, row)]
        ratio = figures.ratio(row)
        lines.append(f"| {row.label} | {' | '.join(shown)} | {f'{ratio:,.1f}' if ratio else ''} | {row.ratio or ''} |")
    return "\n".join(lines)


def values(figures: Figures, row: Row) -> list[float | None]:
    return [figures.figure(row.key, product) for product in (THIS, PUBLISHED)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print figures, not a table")
    parser.add_argument("--rounds", type=int, default=3, help="models that each client logs, beside the first")
    options = parser.parse_args()
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="mlflow-") as name:
        folder = Path(name)
        server = TrackingServer(OURS, folder / "server")
        try:
            for product, python in ((THIS, sys.executable), (PUBLISHED, oracle())):
                (folder / product).mkdir()
                found = measure(python, server.url, folder / product, options.rounds) if python else {}
                for key, value in found.items():
                    figures.add(key, product, value)
        finally:
            server.stop()
    plain = {row.key: values(figures, row) for row in ROWS}
    print(json.dumps(plain) if options.json else table(figures))


def oracle() -> str | None:
    try:
        return find_python("MLFLOW_ORACLE_PYTHON", "oracle", "make test-all")
    except BaseException:  # noqa: BLE001 - pytest's way to skip
        return None


if __name__ == "__main__":
    main()
