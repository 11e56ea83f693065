"""Callbacks that programs pass to a training themselves, and the checkpoints that they keep."""

import importlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import mlflow
from mlflow.autologging.checkpoints import checkpoint_settings, download_checkpoint
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from tests.autologging import callback_programs as programs
from tests.fixtures.foreign import Program

pytestmark = pytest.mark.long


@pytest.fixture
def printed(run_frameworks: Program, tmp_path: Path) -> Any:
    """Run a program that prints what it found."""

    def run(program: str, among: str = "torch") -> Any:
        environment = {
            "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / 'mlflow.db'}",
            "MLFLOW_CAPTURE": "false",
            "MLFLOW_AUTOLOGGING_TESTING": "true",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        return json.loads(run_frameworks(program, environment, 350, among).splitlines()[-1])

    return run


@pytest.mark.frameworks
@pytest.mark.timeout(400)
def test_callbacks_of_keras_log_to_the_active_run(printed: Any) -> None:
    found = printed(programs.METRICS, "tensorflow")
    params, steps, files = found["epochs"]
    assert params["optimizer_name"] == "sgd"
    assert steps["loss"] == steps["val_loss"] == steps["validation_loss"] == [0, 1]
    assert files == ["model_summary.txt"]
    assert found["batches"]["loss"] == [3, 6]
    params, steps = found["tensorflow"]
    assert params["opt_name"].startswith("sgd")
    assert steps["mae"] == [0, 1]
    assert found["about"] == ["loss", "mae", "val_loss", "val_mae", "validation_loss", "validation_mae"]
    assert found["refused"] == "INVALID_PARAMETER_VALUE"


MISSING, INVALID = "RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"


@pytest.mark.frameworks
@pytest.mark.timeout(400)
def test_checkpoints_of_keras_are_kept_and_loaded(printed: Any) -> None:
    found = printed(programs.CHECKPOINTS)
    assert found["best"] is found["weights"] is found["autolog"] is True
    assert found["each"] == found["batches"] == [False, True]
    assert found["refused"] == [INVALID, MISSING, INVALID, INVALID, INVALID, INVALID]


@pytest.mark.frameworks
@pytest.mark.timeout(400)
@pytest.mark.parametrize("package", ["lightning", "pytorch_lightning"])
def test_checkpoints_of_lightning_are_kept_and_loaded(printed: Any, package: str) -> None:
    found = printed(programs.LIGHTNING.format(package=package))
    assert found["best"] is found["autolog"] is True
    assert found["each"] == [False, True]
    assert found["batches"] is True
    assert found["refused"] == [MISSING, INVALID, INVALID, INVALID]


@pytest.mark.parametrize(
    ("module", "name", "framework"),
    [
        ("mlflow.keras", "MlflowCallback", "keras"),
        ("mlflow.tensorflow", "MlflowModelCheckpointCallback", "keras"),
        ("mlflow.pytorch", "MlflowModelCheckpointCallback", "pytorch_lightning"),
    ],
)
def test_callback_without_its_framework_says_what_to_install(module: str, name: str, framework: str) -> None:
    if find_spec(framework) is not None:
        pytest.skip(f"{framework} is installed")
    with pytest.raises(AttributeError, match=r"is not installed. Run: pip install \w+"):
        getattr(importlib.import_module(module), name)


def logged_run(tag: bool = True) -> str:
    """A run with checkpoints as autologging keeps them."""
    with mlflow.start_run() as run:
        for place in ("epoch_0", "epoch_1"):
            mlflow.log_text("{}", f"checkpoints/{place}/checkpoint_metrics.json")
            mlflow.log_text(place, f"checkpoints/{place}/checkpoint.pth")
        if tag:
            mlflow.set_tag("mlflow.latest_checkpoint_artifact", "checkpoints/epoch_1/checkpoint.pth")
    return run.info.run_id


def test_checkpoint_is_found_by_epoch_and_the_latest_by_its_tag(database: str, tmp_path: Path) -> None:
    run_id = logged_run()
    latest = download_checkpoint(tmp_path / "a", run_id, None, None)
    assert latest.path.read_text() == "epoch_1"
    assert latest.source == f"runs:/{run_id}/checkpoints/epoch_1/checkpoint.pth"
    with mlflow.start_run(run_id=run_id):
        assert download_checkpoint(tmp_path / "b", None, 0, None).path.read_text() == "epoch_0"


def test_missing_checkpoint_names_those_there_are(database: str, tmp_path: Path) -> None:
    run_id = logged_run(tag=False)
    with pytest.raises(ResourceDoesNotExist, match=r"has no checkpoint\. Train with"):
        download_checkpoint(tmp_path, run_id, None, None)
    with pytest.raises(ResourceDoesNotExist, match="It has checkpoints/epoch_0, checkpoints/epoch_1"):
        download_checkpoint(tmp_path, run_id, None, 7)


def test_checkpoint_is_asked_for_in_one_way_and_of_a_run(database: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidParameterValue, match="Both epoch '1' and global_step '2'"):
        download_checkpoint(tmp_path, "x", 1, 2)
    with pytest.raises(InvalidParameterValue, match="Pass run_id"):
        download_checkpoint(tmp_path, None, None, None)


@pytest.mark.parametrize(("mode", "freq"), [("least", "epoch"), ("min", 0), ("max", "never")])
def test_settings_of_a_checkpoint_callback_are_checked(mode: str, freq: Any) -> None:
    with pytest.raises(InvalidParameterValue, match=r"Pass 'min' or 'max'|Pass 'epoch', or a positive number"):
        checkpoint_settings("loss", mode, save_best_only=True, save_weights_only=False, save_freq=freq)
