"""Entities made of as little as they take show what the published package's do."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.foreign import Program
from tests.recorded_answers import Record

SCRIPT = Path(__file__).with_name("minimal_program.py")
RECORD = Record(Path(__file__).with_name("published_minimal.json"), SCRIPT.read_text())
FAILS = ["fails", "TypeError"], ["fails", "AttributeError"]

OURS_ALONE = {
    ("Run", "dict"): "a run always has inputs and outputs here, empty ones at the least",
    ("Run", "to_dictionary"): "the same",
    ("Run", "repr"): "the same",
    ("Run", "attributes"): "the same",
    ("RunInputs, full", "to_dictionary"): "the published package leaves an object in it, which no JSON holds",
    ("_DatasetSummary", "repr"): "the published package shows an address",
}
"""Answers that are better here than there, and why."""


@pytest.fixture(scope="module")
def shown() -> Any:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout)


@pytest.mark.parametrize("entity", RECORD.answers)
def test_entity_shows_what_the_published_one_does(shown: Any, entity: str) -> None:
    expected = RECORD.answers[entity]
    found = shown[entity]
    there = {name: found["attributes"].get(name, "nothing") for name in expected["attributes"]}
    compared = found | {"attributes": there}
    for kind, answer in expected.items():
        if answer not in FAILS and (entity, kind) not in OURS_ALONE:
            assert compared[kind] == answer, kind


@pytest.mark.oracle
def test_published_package_answers_as_recorded(oracle_python: str, run_published: Program) -> None:
    if RECORD.is_current(oracle_python):
        return
    answers = json.loads(run_published(SCRIPT.read_text()).splitlines()[-1])
    answers["_DatasetSummary"]["repr"] = "an address"
    if os.environ.get("MLFLOW_ORACLE_ANEW") == "write":
        RECORD.write(oracle_python, answers)
    assert answers == RECORD.answers
