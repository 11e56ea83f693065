"""Run one suite: ``python .ci/tests.py NAME [--cover] OPTIONS …``, run by the Makefile with the options of pytest.

Ten thousand tests on two cores start thousands of processes, kill them and wait for them, several at once. Where only
a few have failed, those are run once more, alone: a defect fails again, and what passes then is named on the screen and
in test-artifacts/unsteady.txt, to be mended. test-artifacts/NAME.xml tells of the first run, NAME-again.xml of the
second.
"""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ARTIFACTS = Path("test-artifacts")
UNSTEADY = ARTIFACTS / "unsteady.txt"
FEW = 5
FAILED = 1  # pytest's status where tests have failed, and nothing worse


def main(name: str, options: list[str]) -> int:
    first, second = ARTIFACTS / f"{name}.xml", ARTIFACTS / f"{name}-again.xml"
    second.unlink(missing_ok=True)
    status = pytest(first, options)
    failed = failures(first) if status == FAILED else []
    if not 0 < len(failed) <= FEW:
        return status
    print(f"== {len(failed)} failed; once more, alone", flush=True)
    status = pytest(second, [*options, "-n0", "--last-failed", "--last-failed-no-failures=none"])
    unsteady = [test for test in failed if test not in failures(second)]
    with UNSTEADY.open("a") as file:
        for test in unsteady:
            print(f"UNSTEADY {test}")
            print(test, file=file)
    return status


def pytest(report: Path, options: list[str]) -> int:
    command = [sys.executable, "-m", "pytest"]
    if options[0] == "--cover":
        command[1:1], options = ["-m", "coverage", "run"], options[1:]
    return subprocess.call([*command, "-q", f"--junitxml={report}", *options])


def failures(report: Path) -> list[str]:
    cases = ElementTree.parse(report).iter("testcase")
    failed = (case for case in cases if {"failure", "error"} & {outcome.tag for outcome in case})
    return [f"{case.get('classname')}::{case.get('name')}" for case in failed]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
