"""scikit-learn's flavor: formats, what may be loaded, and the functions derived for it."""

from __future__ import annotations

import logging
import threading
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
import yaml
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import mlflow
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models import Model
from mlflow.models.flavor import UnpicklableModel
from mlflow.models.pickle_policy import PickleRefused
from mlflow.sklearn import UntrustedTypes

DATA = np.arange(40.0).reshape(20, 2)
CLASSES = np.repeat([0, 1], 10)


def double(values: Any) -> Any:
    return values * 2


def entries(folder: str = "model") -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(folder, "MLmodel").read_text())["flavors"]
    return found


def test_plain_estimator_is_stored_safely() -> None:
    model = LogisticRegression().fit(DATA, CLASSES)
    mlflow.sklearn.save_model(model, "model", input_example=DATA[:2])
    assert entries()["sklearn"]["serialization_format"] == "skops"
    assert entries()["sklearn"]["pickled_model"] == entries()["python_function"]["model_path"] == "model.skops"
    assert mlflow.sklearn.load_model("model").predict(DATA).tolist() == CLASSES.tolist()
    assert mlflow.pyfunc.load_model("model").predict(DATA).tolist() == CLASSES.tolist()
    assert mlflow.pyfunc.load_model("model").get_raw_model().coef_.tolist() == model.coef_.tolist()
    names = [line.split("==")[0] for line in Path("model/requirements.txt").read_text().splitlines()]
    assert names == ["mlflow", "scikit-learn", "numpy", "scipy", "skops"]


def test_forest_is_stored_safely_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    model = RandomForestClassifier(3, random_state=0).fit(DATA, CLASSES)
    mlflow.sklearn.save_model(model, "model")
    assert entries()["sklearn"]["skops_trusted_types"] == ["sklearn.tree._tree.Tree"]
    assert mlflow.sklearn.load_model("model").predict(DATA).tolist() == model.predict(DATA).tolist()


def test_tree_whose_nodes_lead_out_of_it_is_refused() -> None:
    model = RandomForestClassifier(1, random_state=0).fit(DATA, CLASSES)
    tree = model.estimators_[0].tree_
    tree.children_left[0] = tree.node_count + 7
    mlflow.sklearn.save_model(model, "model")
    with pytest.raises(InvalidParameterValue, match="its nodes lead out of it"):
        mlflow.sklearn.load_model("model")


def test_own_types_are_pickled_and_named(caplog: pytest.LogCaptureFixture) -> None:
    model = make_pipeline(FunctionTransformer(double), LinearRegression()).fit(DATA, CLASSES)
    with caplog.at_level(logging.INFO, "mlflow.sklearn"):
        mlflow.sklearn.save_model(model, "model")
    assert f"does not trust: {__name__}.double" in caplog.text
    assert entries()["sklearn"]["serialization_format"] == "cloudpickle"
    assert "cloudpickle==" in Path("model/requirements.txt").read_text()
    assert np.allclose(mlflow.sklearn.load_model("model").predict(DATA), model.predict(DATA))


def test_types_that_are_trusted_are_stored_by_skops_but_count_as_code_when_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = make_pipeline(FunctionTransformer(double), LinearRegression()).fit(DATA, CLASSES)
    with pytest.raises(UntrustedTypes, match="Pass those that are safe to load as skops_trusted_types"):
        mlflow.sklearn.save_model(model, "model", serialization_format="skops")
    assert not Path("model").exists()
    mlflow.sklearn.save_model(model, "model", skops_trusted_types=[f"{__name__}.double"])
    assert entries()["sklearn"]["serialization_format"] == "skops"
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    with pytest.raises(PickleRefused):
        mlflow.sklearn.load_model("model")
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "allow")
    assert np.allclose(mlflow.sklearn.load_model("model").predict(DATA), model.predict(DATA))


def test_manifest_that_hides_a_trusted_type_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    model = make_pipeline(FunctionTransformer(double), LinearRegression()).fit(DATA, CLASSES)
    mlflow.sklearn.save_model(model, "model", skops_trusted_types=[f"{__name__}.double"])
    manifest = Model.load("model")
    manifest.flavors["sklearn"]["skops_trusted_types"] = None
    manifest.save("model/MLmodel")
    with pytest.raises(skops.io.exceptions.UntrustedTypesFoundException):
        mlflow.sklearn.load_model("model")


@pytest.mark.parametrize("kind", ["pickle", "cloudpickle"])
def test_format_can_be_chosen(kind: str) -> None:
    mlflow.sklearn.save_model(LinearRegression().fit(DATA, CLASSES), "model", serialization_format=kind)
    assert entries()["sklearn"]["serialization_format"] == kind
    assert Path("model/model.pkl").is_file()
    assert isinstance(mlflow.sklearn.load_model("model"), LinearRegression)


def test_unknown_format_is_refused() -> None:
    with pytest.raises(InvalidParameterValue, match=r"'joblib'\. Use one of skops, pickle, cloudpickle"):
        mlflow.sklearn.save_model(LinearRegression(), "model", serialization_format="joblib")


def test_method_that_predicts_can_be_chosen() -> None:
    model = LogisticRegression().fit(DATA, CLASSES)
    mlflow.sklearn.save_model(model, "model", pyfunc_predict_fn="predict_proba", input_example=DATA[:2])
    assert mlflow.pyfunc.load_model("model").predict(DATA).shape == (20, 2)
    assert str(Model.load("model").get_output_schema()) == "[Tensor('float64', (-1, 2))]"


def test_what_cannot_predict_is_saved_without_a_function(caplog: pytest.LogCaptureFixture) -> None:
    mlflow.sklearn.save_model(StandardScaler().fit(DATA), "model")
    assert set(entries()) == {"sklearn"}
    assert "has no method 'predict'" in caplog.text
    with pytest.raises(ResourceDoesNotExist, match="python_function"):
        mlflow.pyfunc.load_model("model")
    assert np.allclose(mlflow.sklearn.load_model("model").transform(DATA).mean(axis=0), 0)


def test_frames_arrays_and_dictionaries_are_taken_as_the_signature_says() -> None:
    frame = pd.DataFrame(DATA, columns=["a", "b"])
    model = LogisticRegression().fit(frame, CLASSES)
    mlflow.sklearn.save_model(model, "model", input_example=frame)
    loaded = mlflow.pyfunc.load_model("model")
    with warnings.catch_warnings(action="error"):
        assert loaded.predict(frame[["b", "a"]]).tolist() == CLASSES.tolist()
        assert loaded.predict({"a": [0.0, 38.0], "b": [1.0, 39.0]}).tolist() == [0, 1]
        assert loaded.predict([{"a": 0.0, "b": 1.0}]).tolist() == [0]


def test_default_requirements_name_what_is_asked_for() -> None:
    assert [line.split("==")[0] for line in mlflow.sklearn.get_default_pip_requirements()] == ["scikit-learn"]
    both = mlflow.sklearn.get_default_pip_requirements(include_cloudpickle=True, include_skops=True)
    assert [line.split("==")[0] for line in both] == ["scikit-learn", "cloudpickle", "skops"]
    pip = mlflow.sklearn.get_default_conda_env()["dependencies"][-1]["pip"]
    assert [line.split("==")[0] for line in pip] == ["mlflow", "scikit-learn"]


@pytest.mark.parametrize("kind", ["pickle", "cloudpickle", None])
def test_estimator_that_cannot_be_pickled_is_refused_with_what_to_do(kind: str | None, tmp_path: Path) -> None:
    model = LogisticRegression().fit(DATA, CLASSES)
    model.lock = threading.Lock()
    with pytest.raises(UnpicklableModel, match=r"sklearn model cannot be pickled: .*lock.* out of the model"):
        mlflow.sklearn.save_model(model, tmp_path / "model", serialization_format=kind)
    assert not list(tmp_path.iterdir())
