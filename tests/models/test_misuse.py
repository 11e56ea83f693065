"""What the published client refuses is refused here, with its error code where it has one."""

import json
import os
import sys
import uuid
from pathlib import Path

import pytest

from tests.fixtures.foreign import Program, run_program
from tests.fixtures.servers import TrackingServer
from tests.recorded_answers import Record

PROGRAM = Path(__file__).with_name("misuse_program.py").read_text()
RECORD = Record(Path(__file__).with_name("published_misuse.json"), PROGRAM)
VAGUE = ("", "INTERNAL_ERROR")
"""Where the published client names no cause: here it may be named."""

OURS_ALONE = {
    "evaluate classifier float": "targets that are numbers are classes, if there are few of them",
    "evaluate failing metric": "a function of any arguments is called, and fails by itself",
}


def settings(server: TrackingServer) -> dict[str, str]:
    world = {"MLFLOW_TRACKING_URI": server.url, "WORLD": uuid.uuid4().hex[:8], "MLFLOW_CAPTURE": "false"}
    return {**world, "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true", "PYTHONWARNINGS": "ignore"}


def test_wrong_calls_fail_as_with_the_published_client(tracking_server: TrackingServer, tmp_path: Path) -> None:
    own = {"PYTHONPATH": os.pathsep.join(sys.path)}
    printed = run_program(sys.executable, PROGRAM, tmp_path, own | settings(tracking_server), 100)
    found, expected = json.loads(printed.splitlines()[-1]), RECORD.answers
    assert found.keys() == expected.keys()
    for name in expected.keys() - OURS_ALONE.keys():
        if expected[name] in [["fails", code] for code in VAGUE]:
            assert found[name][0] == "fails", name
        else:
            assert found[name] == expected[name], name


@pytest.mark.oracle
@pytest.mark.timeout(400)
def test_published_client_answers_as_recorded(
    oracle_python: str, run_published: Program, tracking_server: TrackingServer
) -> None:
    if RECORD.is_current(oracle_python):
        return
    answers = json.loads(run_published(PROGRAM, settings(tracking_server), 300).splitlines()[-1])
    if os.environ.get("MLFLOW_ORACLE_ANEW") == "write":
        RECORD.write(oracle_python, answers)
    assert answers == RECORD.answers
