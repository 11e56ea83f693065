"""Every kind of URI tells of a model, and copies of it, what it does with the published package."""

import json
import os
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.foreign import Program, run_program
from tests.fixtures.servers import TrackingServer
from tests.recorded_answers import Record

PROGRAM = Path(__file__).with_name("places_program.py").read_text()
RECORD = Record(Path(__file__).with_name("published_places.json"), PROGRAM)
MISSING = ["fails", "RESOURCE_DOES_NOT_EXIST"]

OURS_ALONE = {
    ("load", "run, slash"): "it is loaded here, as without the slash",
    ("download of a part", "net/MLmodel"): "a file is copied once here, and not into a folder besides",
    ("download of a part", "example/artifacts/file.txt"): "the same",
    ("download by run and path", "net/MLmodel"): "the same",
    ("download by run and path", "example/artifacts/file.txt"): "the same",
}
"""Answers that are better here than there, and why."""


def settings(server: TrackingServer) -> dict[str, str]:
    world = {"MLFLOW_TRACKING_URI": server.url, "WORLD": uuid.uuid4().hex[:8], "MLFLOW_CAPTURE": "false"}
    return {**world, "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true", "PYTHONWARNINGS": "ignore"}


def test_models_are_found_by_every_uri_as_by_the_published_package(
    tracking_server: TrackingServer, tmp_path: Path
) -> None:
    own = {"PYTHONPATH": os.pathsep.join(sys.path)}
    found = json.loads(run_program(sys.executable, PROGRAM, tmp_path, own | settings(tracking_server), 100))
    assert found.keys() == RECORD.answers.keys()
    for what, expected in RECORD.answers.items():
        kept = {kind: answer for kind, answer in outcomes(expected).items() if (what, kind) not in OURS_ALONE}
        assert {kind: outcomes(found[what])[kind] for kind in kept} == kept, what


def outcomes(answers: Any) -> dict[str, Any]:
    """Answers by kind of URI; what fails with an internal error there says here that there is nothing."""
    if not isinstance(answers, dict):
        return {"": answers}
    return {kind: MISSING if answer == ["fails", "INTERNAL_ERROR"] else answer for kind, answer in answers.items()}


@pytest.mark.oracle
@pytest.mark.timeout(400)
def test_published_package_answers_as_recorded(
    oracle_python: str, run_published: Program, request: pytest.FixtureRequest
) -> None:
    if RECORD.is_current(oracle_python):
        return
    server = request.getfixturevalue("published_server")
    answers = json.loads(run_published(PROGRAM, settings(server), 200))
    if os.environ.get("MLFLOW_ORACLE_ANEW") == "write":
        RECORD.write(oracle_python, answers)
    assert answers == RECORD.answers
