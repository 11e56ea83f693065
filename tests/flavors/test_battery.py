"""Every flavor passes the battery, which runs in one process inside the frameworks' own environment."""

import os
import subprocess
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

import pytest

from tests.fixtures.foreign import BRIEFLY
from tests.flavors.samples import SAMPLES

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(900), pytest.mark.long]

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 850
FILES = ("battery.py", "particulars.py")


PARTICULARS = "particulars"


class Results:
    """What the battery's run said: failures and skips of each sample."""

    def __init__(self, report: Path, output: str) -> None:
        self.failures: dict[str, list[str]] = defaultdict(list)
        self.skips: dict[str, list[str]] = defaultdict(list)
        self.counts: dict[str, int] = defaultdict(int)
        self.output = output
        for case in ElementTree.parse(report).iter("testcase"):
            name, _, sample = case.get("name", "").removesuffix("]").partition("[")
            if case.get("classname", "").endswith(".particulars"):
                name, sample = case.get("name", ""), PARTICULARS
            self.counts[sample] += 1
            for found in (*case.iter("failure"), *case.iter("error")):
                self.failures[sample].append(f"{name}: {(found.text or '')[-3000:]}")
            for skipped in case.iter("skipped"):
                self.skips[sample].append(skipped.get("message", ""))


@pytest.fixture(scope="module")
def results(frameworks_python: str, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The battery's results; it runs once, as each framework takes seconds to import."""
    folder = tmp_path_factory.mktemp("battery")
    report = folder / "report.xml"
    command = [frameworks_python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
    command += [f"--basetemp={folder / 'tests'}", *(str(ROOT / "tests" / "flavors" / name) for name in FILES)]
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTEST_ADDOPTS")}
    kept |= BRIEFLY
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert report.exists(), f"exit {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
    return Results(report, done.stdout[-6000:])


@pytest.mark.parametrize("sample", [sample.id for sample in SAMPLES])
def test_flavor_passes_the_battery(results: Results, sample: str) -> None:
    if results.skips[sample]:
        pytest.skip(results.skips[sample][0])
    assert results.counts[sample] > 0, results.output
    assert not results.failures[sample], "\n".join(results.failures[sample])


def test_particulars_of_single_flavors_hold(results: Results) -> None:
    assert results.counts[PARTICULARS] > 0, results.output
    assert not results.failures[PARTICULARS], "\n".join(results.failures[PARTICULARS])
