"""The demo promotes the better model, rolls back the worse one, and leaves the evidence."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mlflow import MlflowClient

DEMO = Path(__file__).resolve().parents[3] / "examples" / "ab_test.py"


@pytest.mark.faults
@pytest.mark.timeout(1200)
def test_the_better_model_is_promoted_and_the_worse_one_rolled_back(tmp_path: Path) -> None:
    command = [sys.executable, str(DEMO), "--quick", "--data", str(tmp_path), "--svg", str(tmp_path / "course.svg")]
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=alone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    results = json.loads((tmp_path / "results.json").read_text())
    assert [(found["outcome"], str(found["champion"])) for found in results] == [
        ("promoted", "2"),
        ("rolled back", "2"),
    ]
    assert ElementTree.parse(tmp_path / "course.svg").getroot().tag.endswith("svg")
    store = f"sqlite:///{tmp_path / 'mlflow.db'}"
    events = MlflowClient(store, store).get_registry_history("offers")
    noted = [(event.version, found.passed) for event in events for found in event.evidence if found.check == "A/B test"]
    assert noted == [("3", False), ("2", True)]
