"""One program finds the same metrics and makes the same files under the published package and here."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from mlflow.models import EvaluationResult
from tests.fixtures.foreign import Program, run_program

PROGRAM = Path(__file__).with_name("published_program.py").read_text()
RECORDED = Path(__file__).with_name("published.json")
QUIET = {
    "MLFLOW_CAPTURE": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONWARNINGS": "ignore",
}


def check(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert found.keys() == expected.keys()
    for name in expected:
        for part in ("artifacts", "files", "tables", "inputs", "noted"):
            assert found[name][part] == expected[name][part], (name, part)
        for part in ("metrics", "logged"):
            assert found[name][part] == pytest.approx(expected[name][part]), (name, part)
        classes = {key: pytest.approx(column) for key, column in expected[name]["classes"].items()}
        assert found[name]["classes"] == classes, name


@pytest.mark.timeout(300)
def test_what_is_found_here_is_what_the_published_package_finds(tmp_path: Path) -> None:
    printed = run_program(sys.executable, PROGRAM, tmp_path, QUIET, 280)
    check(json.loads(printed.splitlines()[-1]), json.loads(RECORDED.read_text()))


@pytest.mark.oracle
@pytest.mark.timeout(600)
def test_published_package_answers_as_recorded(run_published: Program, tmp_path: Path) -> None:
    printed = run_published(PROGRAM, QUIET, seconds=550)
    recorded = json.loads(RECORDED.read_text())
    check(json.loads(printed.splitlines()[-1]), recorded)
    for name, expected in recorded.items():
        loaded = EvaluationResult.load(tmp_path / f"saved-{name}")
        assert loaded.metrics == pytest.approx(expected["metrics"])
        assert all(artifact.content is not None for artifact in loaded.artifacts.values())
