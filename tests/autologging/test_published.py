"""The published package and this one record the same of the same fits."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.autologging import programs
from tests.fixtures.foreign import Program, run_program
from tests.fixtures.processes import PYTHON

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(400)]


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


def test_fits_of_scikit_learn_are_recorded_alike(run_published: Program, tmp_path: Path) -> None:
    here, there = ({"MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / name}.db"} for name in ("here", "there"))
    theirs = recorded(run_published(programs.SKLEARN, there, seconds=300))
    ours = recorded(run_program(PYTHON, programs.SKLEARN, tmp_path, {**here, "MLFLOW_CAPTURE": "false"}, 300))
    assert ours.keys() == theirs.keys()
    different = {name: (ours[name], theirs[name]) for name in theirs if not same(ours[name], theirs[name])}
    assert different == {}
