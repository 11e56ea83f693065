"""What the published client refuses is refused here, with its error code where it has one."""

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

PROGRAM = Path(__file__).with_name("misuse_program.py").read_text()
RECORDS = {
    server: Record(Path(__file__).with_name(f"published_misuse{suffix}.json"), PROGRAM)
    for server, suffix in (("tracking_server", ""), ("published_server", "_there"))
}
"""What the published client answers, with a server of this project and with its own."""

VAGUE = ("", "INTERNAL_ERROR")
"""Where the published client names no cause: here it may be named."""

OURS_ALONE = {
    "evaluate classifier float": "targets that are numbers are classes, if there are few of them",
    "evaluate failing metric": "a function of any arguments is called, and fails by itself",
    "max neg": "a negative number of results is refused, where the published server answers none",
}


def settings(server: TrackingServer) -> dict[str, str]:
    world = {"MLFLOW_TRACKING_URI": server.url, "WORLD": uuid.uuid4().hex[:8], "MLFLOW_CAPTURE": "false"}
    return {**world, "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true", "PYTHONWARNINGS": "ignore"}


def test_wrong_calls_fail_as_with_the_published_package(tracking_server: TrackingServer, tmp_path: Path) -> None:
    own = {"PYTHONPATH": os.pathsep.join(sys.path)}
    printed = run_program(sys.executable, PROGRAM, tmp_path, own | settings(tracking_server), 100)
    check(json.loads(printed.splitlines()[-1]))


def test_published_client_meets_our_server_as_its_own() -> None:
    check(RECORDS["tracking_server"].answers)


def check(found: dict[str, Any]) -> None:
    expected = RECORDS["published_server"].answers
    assert found.keys() == expected.keys()
    for name in expected.keys() - OURS_ALONE.keys():
        if expected[name] in [["fails", code] for code in VAGUE]:
            assert found[name][0] == "fails", name
        else:
            assert found[name] == expected[name], name


@pytest.mark.oracle
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("server", RECORDS)
def test_published_client_answers_as_recorded(
    oracle_python: str, run_published: Program, request: pytest.FixtureRequest, server: str
) -> None:
    """With its own server it takes ten minutes, as that fails inwardly and is asked again."""
    record = RECORDS[server]
    if record.is_current(oracle_python):
        return
    found = run_published(PROGRAM, settings(request.getfixturevalue(server)), 1400)
    answers = json.loads(found.splitlines()[-1])
    if os.environ.get("MLFLOW_ORACLE_ANEW") == "write":
        record.write(oracle_python, answers)
    assert answers == record.answers
