"""The profile of its training data that a model keeps: where the data come from, what is kept, and what is not."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

import mlflow
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.profile import Categories, Numbers, Profile, profile_of, read_profile
from mlflow.models.training_profile import PROFILE_FILE

QUIET: dict[str, Any] = {"pip_requirements": ["scikit-learn"]}


def people(rows: int, seed: int = 1) -> pd.DataFrame:
    noise = np.random.default_rng(seed)
    return pd.DataFrame({"age": noise.normal(40, 10, rows), "income": noise.lognormal(10, 1, rows)})


def saved(path: Path, model: Any = None, **how: Any) -> Profile | None:
    """Save a model; the profile that it keeps."""
    fitted = model if model is not None else LogisticRegression().fit(people(50), [0, 1] * 25)
    mlflow.sklearn.save_model(fitted, path, **QUIET, **how)
    return kept(path)


def kept(folder: str | Path) -> Profile | None:
    file = Path(folder) / PROFILE_FILE
    return read_profile(file.read_bytes(), str(file)) if file.is_file() else None


def test_named_data_are_kept_as_a_small_profile_with_what_the_model_answers(tmp_path: Path) -> None:
    table = people(30_000)
    with mlflow.models.training_data(table):
        profile = saved(tmp_path / "m")
    assert profile is not None
    assert (profile.rows, list(profile.columns), list(profile.predictions)) == (
        30_000,
        ["age", "income"],
        ["prediction"],
    )
    age = profile.columns["age"]
    assert isinstance(age, Numbers)
    assert np.median(age.values) == pytest.approx(table["age"].median(), abs=0.5)
    assert (tmp_path / "m" / PROFILE_FILE).stat().st_size < 6_000
    assert profile.columns["age"].drift(people(5_000, seed=2)["age"])["psi"] < 0.02
    assert profile.columns["age"].drift(people(5_000, seed=2)["age"] + 15)["psi"] > 0.5
    assert abs(age.drift(people(5_000, seed=2)["age"])["ks"]) < 0.03


def test_it_is_among_the_files_that_the_digest_covers_and_the_model_loads(tmp_path: Path) -> None:
    with mlflow.models.training_data(people(200).to_numpy()):
        saved(tmp_path / "m", LinearRegression().fit(people(20).to_numpy(), range(20)))
    listed = json.loads((tmp_path / "m" / "digests.json").read_text())["files"]
    assert PROFILE_FILE in listed
    assert len(mlflow.pyfunc.load_model(str(tmp_path / "m")).predict(people(3).to_numpy())) == 3


def test_a_long_example_is_taken_for_training_data_and_a_short_one_is_not(tmp_path: Path) -> None:
    assert saved(tmp_path / "short", input_example=people(99)) is None
    found = saved(tmp_path / "long", input_example=people(100))
    assert found is not None
    assert found.rows == 100


def test_a_dataset_of_the_run_is_kept_without_its_target() -> None:
    table = people(500).assign(buys=[0, 1] * 250)
    estimator = LogisticRegression().fit(table[["age", "income"]], table["buys"])
    with mlflow.start_run():
        mlflow.log_input(mlflow.data.from_pandas(table, targets="buys"), context="training")
        model = mlflow.sklearn.log_model(estimator, name="m", **QUIET)
    with mlflow.start_run():
        mlflow.log_input(mlflow.data.from_pandas(table, targets="buys"), context="evaluation")
        other = mlflow.sklearn.log_model(estimator, name="m", **QUIET)
    found = kept(mlflow.artifacts.download_artifacts(model.model_uri))
    assert found is not None
    assert list(found.columns) == ["age", "income"]
    assert kept(mlflow.artifacts.download_artifacts(other.model_uri)) is None


def test_autologging_keeps_what_was_fitted() -> None:
    mlflow.sklearn.autolog(disable=False, log_datasets=False)
    try:
        with mlflow.start_run() as run:
            LogisticRegression().fit(people(300), [0, 1] * 150)
    finally:
        mlflow.sklearn.autolog(disable=True)
    output = mlflow.get_run(run.info.run_id).outputs.model_outputs[0]
    found = kept(mlflow.artifacts.download_artifacts(f"models:/{output.model_id}"))
    assert found is not None
    assert (found.rows, list(found.predictions)) == (300, ["prediction"])


def test_values_that_few_rows_have_are_not_named(tmp_path: Path) -> None:
    names = pd.DataFrame({"name": [f"person {n}" for n in range(300)], "city": ["Bonn"] * 299 + ["Ulm"]})

    class Constant(mlflow.pyfunc.PythonModel):
        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            raise AssertionError("nobody asks a model of one's own")

    with mlflow.models.training_data(names, predictions=np.arange(300.0)):
        mlflow.pyfunc.save_model(tmp_path / "m", python_model=Constant(), pip_requirements=[])
    text = (tmp_path / "m" / PROFILE_FILE).read_text()
    assert "person" not in text
    assert "Ulm" not in text
    found = kept(tmp_path / "m")
    assert found is not None
    assert found.columns["city"] == Categories(0.0, {"Bonn": 299}, 1)
    assert list(found.predictions) == ["prediction"]


def test_many_columns_stay_small(tmp_path: Path) -> None:
    wide = np.random.default_rng(1).normal(size=(300, 400))
    with mlflow.models.training_data(wide):
        found = saved(tmp_path / "m", LinearRegression().fit(wide[:5], range(5)))
    assert found is not None
    assert len(found.columns) == 200
    assert (tmp_path / "m" / PROFILE_FILE).stat().st_size < 150_000


def test_what_is_no_table_is_refused_when_named_and_passed_over_else(tmp_path: Path) -> None:
    with pytest.raises(InvalidParameterValue, match="ndarray"), mlflow.models.training_data(np.zeros((3, 2, 2))):
        pass
    with pytest.raises(InvalidParameterValue, match="list"), mlflow.models.training_data([1, 2]):
        pass
    assert saved(tmp_path / "m") is None


def test_it_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRAINING_PROFILE", "false")
    with mlflow.models.training_data(people(200)):
        assert saved(tmp_path / "m") is None


def test_the_form_of_a_profile_is_the_one_that_is_read(tmp_path: Path) -> None:
    profile = profile_of(people(20))
    assert json.loads(profile.to_json())["rows"] == 20
    assert read_profile(profile.to_json().encode(), "here") == profile
