"""Models from code, and their configuration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.models import ModelConfig, set_model
from mlflow.models.code_model import NoModelSet, run_model_script

SCRIPT = """
from dataclasses import dataclass
import beside
from mlflow.models import ModelConfig, set_model

@dataclass
class Threshold:
    value: float

config = ModelConfig(development_config={"value": 0.5})
set_model(Threshold(config.get("value") * beside.FACTOR))
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    (tmp_path / "beside.py").write_text("FACTOR = 2\n")
    path = tmp_path / "my_model.py"
    path.write_text(SCRIPT)
    return path


def test_script_says_which_object_is_the_model(script: Path) -> None:
    assert run_model_script(script).value == 1.0


def test_configuration_that_the_model_was_saved_with_comes_first(script: Path, tmp_path: Path) -> None:
    assert run_model_script(script, {"value": 4}).value == 8
    (tmp_path / "config.yaml").write_text("value: 3\n")
    assert run_model_script(script, str(tmp_path / "config.yaml")).value == 6


def test_running_a_script_leaves_path_and_state_as_they_were(script: Path) -> None:
    before = list(sys.path)
    run_model_script(script, {"value": 4})
    assert sys.path == before
    assert ModelConfig(development_config={"value": 1}).get("value") == 1


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("x = 1", NoModelSet, "Call mlflow.models.set_model"),
        ("1 / 0", InvalidParameterValue, "failed: ZeroDivisionError"),
        ("def", InvalidParameterValue, "failed: SyntaxError"),
        (None, InvalidParameterValue, "Check the path"),
    ],
    ids=["none set", "fails", "no python", "absent"],
)
def test_broken_script_is_refused(text: str | None, error: type[Exception], message: str, tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    if text is not None:
        path.write_text(text)
    with pytest.raises(error, match=message):
        run_model_script(path)


def test_setting_a_model_outside_of_a_script_does_nothing() -> None:
    set_model(object())


def test_configuration_comes_from_a_file_or_a_dictionary(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("a: 1\n")
    assert ModelConfig(development_config="c.yaml").get("a") == 1
    assert ModelConfig(development_config={"a": 1}).to_dict() == {"a": 1}


@pytest.mark.parametrize(
    ("given", "also", "message"),
    [(None, FileNotFoundError, "no configuration"), ("absent.yaml", FileNotFoundError, "'absent.yaml' is not there")],
    ids=["none", "absent"],
)
def test_missing_configuration_is_refused(given: Any, also: type[Exception], message: str) -> None:
    with pytest.raises(also, match=message) as caught:
        ModelConfig(development_config=given)
    assert isinstance(caught.value, MlflowException)


def test_broken_configuration_and_absent_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="'b' is not in the configuration"):
        ModelConfig(development_config={"a": 1}).get("b")
    for text in ("a: [", "- 1"):
        (tmp_path / "c.yaml").write_text(text)
        with pytest.raises(InvalidParameterValue, match="is not"):
            ModelConfig(development_config="c.yaml").get("a")


def test_copied_script_is_named_as_the_user_knows_it(script: Path) -> None:
    script.write_text("1 / 0")
    with pytest.raises(InvalidParameterValue, match=r"'theirs\.py' failed"):
        run_model_script(script, named="theirs.py")
