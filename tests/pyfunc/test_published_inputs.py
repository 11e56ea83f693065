"""Models of every kind of signature take, convert and refuse what those of the published package do."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.foreign import Program, run_program
from tests.recorded_answers import Record

PROGRAM = Path(__file__).with_name("inputs_program.py").read_text()
RECORD = Record(Path(__file__).with_name("published_inputs.json"), PROGRAM)
SETTINGS = {"MLFLOW_CAPTURE": "false", "PYTHONWARNINGS": "ignore"}

OURS_ALONE = {
    ("dates, flags and bytes", 1): "a text that is a date is one",
    ("hint: list[float]", 1, 1): "a whole number is a number",
    ("script: broken", 1): "the user's script is at fault, not mlflow",
    ("script: of another kind", 1): "the same",
}
"""Answers that are better here than there, by kind and place, and why."""


def test_models_take_what_those_of_the_published_package_take(tmp_path: Path) -> None:
    own = {"PYTHONPATH": os.pathsep.join(sys.path)}
    found = json.loads(run_program(sys.executable, PROGRAM, tmp_path, own | SETTINGS, 100))
    assert [place for place in different((), found, RECORD.answers) if place not in OURS_ALONE] == []


def different(place: tuple[Any, ...], ours: Any, theirs: Any) -> list[tuple[Any, ...]]:
    """The places at which two answers differ."""
    pairs: dict[Any, tuple[Any, Any]] = {}
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        pairs = {key: (ours[key], theirs[key]) for key in ours}
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = dict(enumerate(zip(ours, theirs, strict=True)))
    elif ours != theirs:
        return [place]
    return [found for key, pair in pairs.items() for found in different((*place, key), *pair)]


@pytest.mark.oracle
@pytest.mark.timeout(300)
def test_published_package_answers_as_recorded(oracle_python: str, run_published: Program) -> None:
    if RECORD.is_current(oracle_python):
        return
    answers = json.loads(run_published(PROGRAM, SETTINGS, 250))
    if os.environ.get("MLFLOW_ORACLE_ANEW") == "write":
        RECORD.write(oracle_python, answers)
    assert answers == RECORD.answers
