"""One program finds the same metrics and makes the same files under the published package and here."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from mlflow.models import EvaluationResult
from tests.fixtures.foreign import Program, run_program
from tests.recorded_answers import Record

pytestmark = pytest.mark.long

PROGRAM = Path(__file__).with_name("published_program.py").read_text()
RECORD = Record(Path(__file__).with_name("published.json"), PROGRAM)
SAVED = Path(__file__).with_name("published_result")
TABLE_OF_THE_RUN = "eval_results_table"  # which a saved result names by its place in the run, and does not hold
CASE = "number, own metrics and files"
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
    check(json.loads(printed.splitlines()[-1]), RECORD.answers)


@pytest.mark.oracle
@pytest.mark.timeout(600)
def test_published_package_answers_as_recorded(oracle_python: str, run_published: Program, tmp_path: Path) -> None:
    if RECORD.is_current(oracle_python):
        return
    answers = json.loads(run_published(PROGRAM, QUIET, seconds=550).splitlines()[-1])
    if os.environ.get("MLFLOW_ORACLE_ANEW") == "write":
        RECORD.write(oracle_python, answers)
        keep(tmp_path)
    check(answers, RECORD.answers)
    for name, expected in RECORD.answers.items():
        assert_loads(tmp_path / f"saved-{name}", expected)


def keep(folder: Path) -> None:
    """Keep a result that the published package saved, without the paths of this machine."""
    shutil.rmtree(SAVED, ignore_errors=True)
    shutil.copytree(folder / f"saved-{CASE}", SAVED)
    listing = SAVED / "artifacts_metadata.json"
    listing.write_text(listing.read_text().replace(str(folder), "/published"))


def test_result_that_the_published_package_saved_is_loaded() -> None:
    loaded = EvaluationResult.load(SAVED)
    assert loaded.metrics == pytest.approx(RECORD.answers[CASE]["metrics"])
    own = {name: found.content for name, found in loaded.artifacts.items() if name != TABLE_OF_THE_RUN}
    assert (own["document"], own["array"].tolist(), own["object"]) == ({"rows": 442}, [0, 1, 2], range(3))
    assert len(own["table"]) == 3


def assert_loads(folder: Path, expected: dict[str, Any]) -> None:
    loaded = EvaluationResult.load(folder)
    assert loaded.metrics == pytest.approx(expected["metrics"])
    assert all(artifact.content is not None for artifact in loaded.artifacts.values())
