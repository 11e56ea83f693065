"""Models that are saved in a project which uv manages; its lock file names packages that are not installed here."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from sklearn.linear_model import LinearRegression

import mlflow
from mlflow.environments.python_environment import find_uv
from mlflow.models import infer_pip_requirements
from mlflow.models.requirements import pin

pytestmark = pytest.mark.skipif(find_uv() is None, reason="uv is not installed: pip install uv")

PROJECT = """
[project]
name = "demo"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["attrs>=2", "colorama; sys_platform == 'win32'", "mlflow"]

[project.optional-dependencies]
tables = ["tabulate"]

[dependency-groups]
dev = ["packaging"]
serving = ["wrapt"]
"""
PACKAGE = """
[[package]]
name = "{}"
version = "{}"
source = {{ registry = "https://packages.example/simple" }}
"""
LOCK = """
version = 1
revision = 2
requires-python = ">=3.11"

[[package]]
name = "demo"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "attrs" }, { name = "colorama", marker = "sys_platform == 'win32'" }, { name = "mlflow" },
]

[package.optional-dependencies]
tables = [{ name = "tabulate" }]

[package.dev-dependencies]
dev = [{ name = "packaging" }]
serving = [{ name = "wrapt" }]

[package.metadata]
requires-dist = [
    { name = "attrs", specifier = ">=2" }, { name = "colorama", marker = "sys_platform == 'win32'" },
    { name = "mlflow" }, { name = "tabulate", marker = "extra == 'tables'" },
]
provides-extras = ["tables"]

[package.metadata.requires-dev]
dev = [{ name = "packaging" }]
serving = [{ name = "wrapt" }]
"""
VERSIONS = {
    "attrs": "2.1", "colorama": "0.4.6", "mlflow": "3.17.2", "packaging": "26.0", "tabulate": "0.9.0", "wrapt": "2.0",
}  # fmt: skip
LOCKED = [
    "--extra-index-url https://packages.example/simple",
    "attrs==2.1",
    'colorama==0.4.6; sys_platform == "win32"',
]
KEPT = {"uv.lock", "pyproject.toml", ".python-version"}


class Same(mlflow.pyfunc.PythonModel):
    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        return model_input


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "uv.lock").write_text(LOCK + "".join(PACKAGE.format(*each) for each in VERSIONS.items()))
    (folder / ".python-version").write_text("3.11\n")
    return folder


@pytest.fixture
def inside(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, where the program runs."""
    monkeypatch.chdir(project)
    return project


def save(**options: Any) -> Path:
    folder = Path("model").resolve()
    mlflow.pyfunc.save_model(folder, python_model=Same(), **options)
    return folder


def requirements(folder: Path) -> list[str]:
    first, *lines = (folder / "requirements.txt").read_text().splitlines()
    assert first == "mlflow==3.17.2"
    return lines


def kept(folder: Path) -> set[str]:
    return KEPT & {path.name for path in folder.iterdir()}


@pytest.mark.usefixtures("inside")
def test_model_asks_for_what_its_project_has_locked() -> None:
    folder = save()
    assert requirements(folder) == sorted([*LOCKED, pin("cloudpickle")])
    assert kept(folder) == KEPT
    assert mlflow.pyfunc.load_model(str(folder)).predict([1]) == [1]


@pytest.mark.usefixtures("inside")
def test_model_asks_for_what_the_lock_lacks_too() -> None:
    mlflow.sklearn.save_model(LinearRegression().fit([[1.0], [2.0]], [1, 2]), "model")
    own = [pin(name) for name in ("numpy", "scikit-learn", "scipy", "skops")]
    assert requirements(Path("model")) == sorted([*LOCKED, *own])
    assert kept(Path("model")) == set()


@pytest.mark.usefixtures("inside", "database")
def test_logged_model_asks_for_what_is_locked() -> None:
    info = mlflow.pyfunc.log_model(name="model", python_model=Same(), uv_extras=["tables"])
    assert "tabulate==0.9.0" in requirements(Path(mlflow.artifacts.download_artifacts(info.model_uri)))


def test_groups_and_extras_of_a_named_project_are_chosen(project: Path) -> None:
    folder = save(uv_project_path=str(project), uv_groups=["serving"], uv_extras=["tables"])
    assert requirements(folder) == sorted([*LOCKED, pin("cloudpickle"), "tabulate==0.9.0", "wrapt==2.0"])
    assert kept(folder) == KEPT


@pytest.mark.usefixtures("inside")
def test_what_the_caller_gives_comes_before_the_lock() -> None:
    folder = save(pip_requirements=["six"])
    assert requirements(folder) == ["six"]
    assert kept(folder) == KEPT


@pytest.mark.usefixtures("inside")
def test_further_requirements_are_added_to_what_is_locked() -> None:
    assert requirements(save(extra_pip_requirements=["six"])) == [*sorted([*LOCKED, pin("cloudpickle")]), "six"]


@pytest.mark.usefixtures("inside")
def test_project_is_passed_by_where_detection_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_UV_AUTO_DETECT", "false")
    folder = save()
    assert requirements(folder) == [pin("cloudpickle")]
    assert kept(folder) == set()


@pytest.mark.usefixtures("inside")
def test_files_of_the_project_stay_out_where_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_LOG_UV_FILES", "false")
    folder = save()
    assert "attrs==2.1" in requirements(folder)
    assert kept(folder) == set()


def test_broken_lock_is_named_and_requirements_are_inferred(inside: Path, caplog: pytest.LogCaptureFixture) -> None:
    (inside / "uv.lock").write_text("version = [")
    with caplog.at_level(logging.WARNING, "mlflow"):
        folder = save()
    assert requirements(folder) == [pin("cloudpickle")]
    assert f"uv cannot tell what '{inside}' needs" in caplog.text


def test_folder_that_is_no_project_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "mlflow"):
        folder = save(uv_project_path=tmp_path)
    assert kept(folder) == set()
    assert "is no uv project, as it has no uv.lock and no pyproject.toml" in caplog.text


def test_locked_requirements_answer_for_a_stored_model(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(save(pip_requirements=["six"]))
    expected = [*LOCKED[:2], "colorama==0.4.6 ; sys_platform == 'win32'"]
    told = infer_pip_requirements(folder, "python_function", uv_project_dir=project, uv_groups=["serving"])
    assert told == [*expected, "wrapt==2.0"]
    monkeypatch.chdir(project)
    assert infer_pip_requirements(folder, "python_function") == expected
