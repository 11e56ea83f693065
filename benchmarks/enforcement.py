"""What checking data against a model's signature costs, here and in the published package.

    python -m benchmarks.enforcement [--json]

The best of fifteen rounds of `mlflow.models.validate_schema`, in microseconds a call: three times five, by turns with
the published package where MLFLOW_ORACLE_PYTHON names its interpreter.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

TURNS = 3
PROGRAM = Path(__file__).with_name("programs") / "enforcement.py"


def measure(python: str) -> dict[str, float]:
    """Microseconds by case, under the mlflow of an interpreter."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if python == sys.executable:
        environment["PYTHONPATH"] = str(Path(__file__).parents[1] / "src")
    done = subprocess.run([python, str(PROGRAM)], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def best(figures: list[dict[str, float]]) -> dict[str, float]:
    """The least of each case."""
    return {name: min(figure[name] for figure in figures) for name in figures[0]}


def table(this: dict[str, float], published: dict[str, float]) -> str:
    """A Markdown table; the last column says how many times faster this one is."""
    lines = ["| data | this, µs | published, µs | times |", "| --- | ---: | ---: | ---: |"]
    for name, value in this.items():
        other = published.get(name)
        rest = f"{other:,.0f} | {other / value:.0f}" if other else " | "
        lines.append(f"| {name} | {value:,.0f} | {rest} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print figures, not a table")
    options = parser.parse_args()
    oracle = os.environ.get("MLFLOW_ORACLE_PYTHON")
    turns = [(measure(sys.executable), measure(oracle) if oracle else {}) for _ in range(TURNS)]
    this, published = (best([turn[product] for turn in turns]) for product in (0, 1))
    print(json.dumps({"this": this, "published": published}) if options.json else table(this, published))


if __name__ == "__main__":
    main()
