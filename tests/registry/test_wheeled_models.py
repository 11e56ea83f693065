"""Versions of registered models that have their libraries with them."""

from __future__ import annotations

import platform
import zipfile
from pathlib import Path

import pytest
import yaml

import mlflow
from mlflow import MlflowClient
from mlflow.environments.failures import EnvironmentFailed
from mlflow.environments.specification import read_conda_env, read_python_env
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models import add_libraries_to_model, infer_signature
from mlflow.models.digests import FileDigests
from mlflow.models.model_info import ModelInfo
from mlflow.models.wheels import WheelsThereAlready

TINY = "tiny_thing-1.0-py3-none-any.whl"
METADATA = "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one small wheel, which is all that pip may look at."""
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / TINY, "w") as wheel:
        for name, text in {"METADATA": METADATA, "WHEEL": WHEEL, "RECORD": ""}.items():
            wheel.writestr(f"tiny_thing-1.0.dist-info/{name}", text)
        wheel.writestr("tiny_thing.py", "")
    monkeypatch.setenv("MLFLOW_ENV_ROOT", str(tmp_path / "environments"))
    monkeypatch.setenv("MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS", f"--no-deps --no-index --find-links {folder}")
    return folder


@pytest.fixture
def registered(database: str) -> ModelInfo:
    with mlflow.start_run():
        return mlflow.pyfunc.log_model(
            name="model",
            python_model=lambda model_input: model_input,
            signature=infer_signature([1.5]),
            metadata={"about": 1},
            pip_requirements=["tiny-thing==1.0"],
            registered_model_name="echo",
        )


def test_new_version_has_the_wheels_of_its_requirements(registered: ModelInfo, index: Path, tmp_path: Path) -> None:
    info = add_libraries_to_model("models:/echo/1")
    assert (info.registered_model_version, info.run_id, info.metadata) == (2, registered.run_id, {"about": 1})
    folder = Path(mlflow.artifacts.download_artifacts("models:/echo/2", dst_path=str(tmp_path / "there")))
    own, tiny = sorted(path.relative_to(folder).as_posix() for path in (folder / "wheels").iterdir())
    assert (own.startswith("wheels/mlflow-"), tiny) == (True, f"wheels/{TINY}")
    assert (folder / "requirements.txt").read_text().splitlines() == [own, tiny]
    assert mlflow.models.Model.load(folder).wheels == {"platform": platform.platform()}
    assert "tiny-thing==1.0" in (folder / "original_requirements.txt").read_text()
    conda = yaml.safe_load((folder / "conda.yaml").read_text())
    assert conda["dependencies"][-1] == {"pip": [own, tiny]}
    assert tiny in FileDigests.read(folder).files  # type: ignore[union-attr]
    assert mlflow.pyfunc.load_model("models:/echo/2").predict([2.5]) is not None


def test_environment_is_built_of_the_models_own_wheels(registered: ModelInfo, index: Path, tmp_path: Path) -> None:
    add_libraries_to_model("models:/echo/1")
    folder = Path(mlflow.artifacts.download_artifacts("models:/echo/2", dst_path=str(tmp_path / "there")))
    wheel = str((folder / "wheels" / TINY).resolve())
    assert wheel in read_python_env(folder / "python_env.yaml").requirements
    python = read_conda_env(folder / "conda.yaml").python
    assert python is not None
    assert python.requirements == (wheel,)


def test_version_may_become_one_of_another_model(registered: ModelInfo, index: Path) -> None:
    info = add_libraries_to_model("models:/echo/latest", registered_model_name="with libraries")
    assert info.registered_model_version == 1
    assert MlflowClient().get_model_version("with libraries", "1").run_id == registered.run_id


def test_libraries_are_added_once(registered: ModelInfo, index: Path) -> None:
    add_libraries_to_model("models:/echo/1")
    with pytest.raises(WheelsThereAlready, match="already"):
        add_libraries_to_model("models:/echo/2")


def test_library_that_is_not_to_be_had_leaves_nothing_behind(registered: ModelInfo, index: Path) -> None:
    (index / TINY).unlink()
    with pytest.raises(EnvironmentFailed, match=r"tiny-thing==1\.0"):
        add_libraries_to_model("models:/echo/1")
    assert len(MlflowClient().search_model_versions("name = 'echo'")) == 1


def test_what_is_no_version_is_refused(registered: ModelInfo) -> None:
    with pytest.raises(InvalidParameterValue, match="names no version"):
        add_libraries_to_model(registered.model_uri)
    with pytest.raises(ResourceDoesNotExist, match="version=9"):
        add_libraries_to_model("models:/echo/9")
