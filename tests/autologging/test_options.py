"""Each option that a framework's `autolog` takes does what it says."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.foreign import IMPORTS, Program

PROGRAM = Path(__file__).with_name("options_program.py").read_text()
FRAMEWORKS = {
    "estimators": ("sklearn", "xgboost", "lightgbm", "statsmodels"),
    "torch": ("keras", "pytorch"),
    "tensorflow": ("tensorflow",),
    "paddle": ("paddle",),
    "spark": ("spark",),
}
"""By the process that trains them."""

BY_HAND = {"spark": "takes 40 seconds of Spark: MLFLOW_TEST_SPARK_OPTIONS=1 runs it"}
NO_DATASETS = {"statsmodels", "pytorch", "paddle"}
NO_SIGNATURE = {"statsmodels", "paddle"}
NOTHING = {"runs": 0, "params": 0, "datasets": 0, "team": [], "models": 0, "signatures": 0, "examples": 0, "said": 0}
NO_MODELS = {"models": 0, "signatures": 0}
EFFECTS: dict[str, dict[str, Any]] = {
    "log_models": NO_MODELS,
    "log_datasets": NO_MODELS | {"datasets": 0},
    "log_model_signatures": {"signatures": 0},
    "log_input_examples": {"examples": 1},
    "registered_model_name": {"versions": 1},
    "extra_tags": NO_MODELS | {"team": ["a"]},
    "exclusive": NOTHING | {"runs": 1, "team": [None]},
    "silent": {"said": 0},
    "disable": NOTHING,
    "disable_for_unsupported_versions": NOTHING,
}
"""What differs from a training without options."""

ASKED = "MLFLOW_TEST_SPARK_OPTIONS" in os.environ

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(400), pytest.mark.long]


@pytest.mark.parametrize(
    "among",
    [
        pytest.param(
            among, marks=pytest.mark.skipif(among in BY_HAND and not ASKED, reason=BY_HAND.get(among, "")), id=among
        )
        for among in FRAMEWORKS
    ],
)
def test_every_option_has_its_effect(run_frameworks: Program, tmp_path: Path, among: str) -> None:
    frameworks = FRAMEWORKS[among]
    settings = {
        "FRAMEWORKS": " ".join(frameworks),
        "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / 'mlflow.db'}",
        "MLFLOW_CAPTURE": "false",
        "MLFLOW_AUTOLOGGING_TESTING": "true",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    found = json.loads(run_frameworks(PROGRAM, settings, 350, among if among in IMPORTS else None).splitlines()[-1])
    assert found.keys() == {*frameworks}
    for framework, outcomes in found.items():
        usual = outcomes.pop("no options")
        logged = {"runs": 1, "models": 1, "datasets": int(framework not in NO_DATASETS), "team": [None], "versions": 0}
        logged |= {"signatures": int(framework not in NO_SIGNATURE), "examples": 0, "active": False}
        assert logged.items() <= usual.items(), framework
        assert usual["params"] > 0, framework
        assert usual["said"] > 0, framework
        for option, outcome in outcomes.items():
            said = {"said": outcome["said"]} if option != "silent" and outcome["runs"] else {}
            assert outcome == usual | said | EFFECTS[option], (framework, option)
