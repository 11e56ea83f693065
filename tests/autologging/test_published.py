"""The published package and this one record the same of the same fits."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.autologging import programs
from tests.autologging.recorded import differences
from tests.fixtures.foreign import Program, run_program
from tests.fixtures.processes import PYTHON
from tests.recorded_answers import Record

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(400)]

RECORD = Record(Path(__file__).with_name("published.json"), programs.SKLEARN)


def recorded(printed: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return found


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
