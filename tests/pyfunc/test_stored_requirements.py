"""The requirements of stored models, told by loading them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

import mlflow
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models import infer_pip_requirements
from mlflow.models.requirements import pin

FRAME = pd.DataFrame({"x": [1.0, 2.0]})


def names(requirements: list[str]) -> set[str]:
    assert all(pin(line.partition("==")[0]) == line for line in requirements)
    return {line.partition("==")[0] for line in requirements}


@pytest.fixture
def estimator(tmp_path: Path) -> str:
    model = LinearRegression().fit(FRAME, [1, 2])
    mlflow.sklearn.save_model(model, tmp_path / "sk", pip_requirements=["six"])
    return str(tmp_path / "sk")


@pytest.mark.parametrize("flavor", ["sklearn", "python_function"])
def test_estimator_needs_what_it_is_made_of(estimator: str, flavor: str) -> None:
    assert names(infer_pip_requirements(estimator, flavor)) >= {"numpy", "scikit-learn", "scipy", "skops"}


def test_python_model_needs_what_its_code_imports(tmp_path: Path) -> None:
    class Model(mlflow.pyfunc.PythonModel):
        def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
            import packaging.version

            return packaging.version.Version("1.0")

    mlflow.pyfunc.save_model(tmp_path / "m", python_model=Model())
    assert names(infer_pip_requirements(str(tmp_path / "m"), "python_function")) == {"packaging"}


def test_script_and_code_of_ones_own_need_what_they_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "own_things.py").write_text("import yaml\n")
    script = "import packaging\nimport own_things\nfrom mlflow.models import set_model\nset_model(lambda rows: rows)\n"
    (tmp_path / "model.py").write_text(script)
    code = [str(tmp_path / "own_things.py")]
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=str(tmp_path / "model.py"), code_paths=code)
    assert names(infer_pip_requirements(str(tmp_path / "m"), "python_function")) == {"packaging", "PyYAML"}


def test_loader_module_counts_with_the_code_that_the_model_brings(tmp_path: Path) -> None:
    (tmp_path / "own_loader.py").write_text("import yaml\ndef _load_pyfunc(path): return None\n")
    mlflow.pyfunc.save_model(
        tmp_path / "m", loader_module="own_loader", code_paths=[str(tmp_path / "own_loader.py")], pip_requirements=[]
    )
    assert names(infer_pip_requirements(str(tmp_path / "m"), "python_function")) == {"PyYAML"}


def test_fallback_is_answered_where_the_model_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert infer_pip_requirements("nowhere", "sklearn", fallback=["six"]) == ["six"]
    with pytest.raises(ResourceDoesNotExist, match="nowhere"):
        infer_pip_requirements("nowhere", "sklearn")
    monkeypatch.setenv("MLFLOW_REQUIREMENTS_INFERENCE_RAISE_ERRORS", "true")
    with pytest.raises(ResourceDoesNotExist, match="nowhere"):
        infer_pip_requirements("nowhere", "sklearn", fallback=["six"])


def test_flavor_that_the_model_has_not_is_named(estimator: str) -> None:
    with pytest.raises(InvalidParameterValue, match=r"no flavor 'xgboost'. Name one of \['python_function', 'sklearn'"):
        infer_pip_requirements(estimator, "xgboost")


def test_variables_are_set_only_while_it_is_loaded(tmp_path: Path) -> None:
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=_Reader())
    assert infer_pip_requirements(str(tmp_path / "m"), "python_function", extra_env_vars={"FOR_A_WHILE": "1"}) == []
    assert _Reader.seen == ["1"]
    assert "FOR_A_WHILE" not in os.environ


class _Reader(mlflow.pyfunc.PythonModel):
    seen: list[str | None] = []

    def load_context(self, context: Any) -> None:
        _Reader.seen.append(os.environ.get("FOR_A_WHILE"))

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        return model_input
