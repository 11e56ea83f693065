"""The published package and this one record the same of the same fits."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.autologging import programs
from tests.fixtures.foreign import Program, run_program
from tests.fixtures.processes import PYTHON
from tests.recorded_answers import Record

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(400)]

RECORD = Record(Path(__file__).with_name("published.json"), programs.SKLEARN)


def recorded(printed: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return found


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, float) or isinstance(theirs, float):
        return bool(ours == pytest.approx(theirs, rel=1e-6))
    return bool(ours == theirs)


def differences(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    assert found.keys() == expected.keys()
    return {name: (found[name], expected[name]) for name in expected if not same(found[name], expected[name])}


def test_fits_of_scikit_learn_are_recorded_as_by_the_published_package(tmp_path: Path) -> None:
    settings = {"MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/here.db", "MLFLOW_CAPTURE": "false"}
    ours = recorded(run_program(PYTHON, programs.SKLEARN, tmp_path, settings, 300))
    assert differences(ours, RECORD.answers) == {}


def test_published_package_records_what_is_kept_of_it(
    oracle_python: str, run_published: Program, tmp_path: Path
) -> None:
    if RECORD.is_current(oracle_python):
        return
    settings = {"MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/there.db"}
    theirs = recorded(run_published(programs.SKLEARN, settings, seconds=300))
    if os.environ.get("MLFLOW_ORACLE_ANEW") == "write":
        RECORD.write(oracle_python, theirs)
    assert differences(theirs, RECORD.answers) == {}
