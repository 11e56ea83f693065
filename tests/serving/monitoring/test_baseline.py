"""Where a baseline comes from: a file, the model's folder, its run, or the training data that the run names."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import mlflow
from mlflow.cli import cli
from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.models.profile import Numbers
from mlflow.serving.monitoring.baseline import PROFILE_FILE, baseline_of, find_baseline, profile_rows
from tests.serving.samples import ROWS


@pytest.fixture
def logistic_model(models: Path) -> str:
    """A model of no run."""
    return str(models / "logistic")


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Training data, with its targets."""
    path = tmp_path / "train.csv"
    ROWS.assign(churned=[0, 0, 1, 1]).to_csv(path, index=False)
    return path


def test_a_table_is_profiled_with_what_the_model_answers(logistic_model: str, rows: Path) -> None:
    profile = find_baseline(logistic_model, str(rows))
    assert profile is not None
    assert list(profile.columns) == ["age", "income"]  # the targets are no input
    ages = profile.columns["age"]
    assert isinstance(ages, Numbers)
    assert ages.values == [20, 30, 60, 70]
    answers = profile.predictions["prediction"]
    assert isinstance(answers, Numbers)
    assert answers.values == [0, 0, 1, 1]


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
def test_rows_may_have_any_form_and_bring_their_predictions(logistic_model: str, tmp_path: Path, suffix: str) -> None:
    path, frame = tmp_path / f"train{suffix}", ROWS.assign(prediction=[1, 1, 1, 1])
    frame.to_parquet(path) if suffix == ".parquet" else frame.to_json(path, orient="records", lines=True)
    answers = profile_rows(path, logistic_model).predictions["prediction"]
    assert isinstance(answers, Numbers)
    assert answers.values == [1, 1, 1, 1]


def test_nothing_is_found_for_a_model_of_no_run(logistic_model: str) -> None:
    assert find_baseline(logistic_model, None) is None


@pytest.mark.parametrize("given", ["nowhere.csv", "request.json"])
def test_what_is_given_and_cannot_be_read_is_refused(logistic_model: str, tmp_path: Path, given: str) -> None:
    (tmp_path / "request.json").write_text('{"inputs": [1]}')
    with pytest.raises(MlflowException, match=given.partition(".")[0]):
        find_baseline(logistic_model, str(tmp_path / given))


def test_a_profile_of_a_file_is_given_as_it_is(logistic_model: str, rows: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        cli, ["models", "profile", "-m", logistic_model, "-i", str(rows), "-o", str(tmp_path / "profile.json")]
    )
    assert done.exit_code == 0, done.output
    given = find_baseline(logistic_model, str(tmp_path / "profile.json"))
    assert given == profile_rows(rows, logistic_model)


def test_without_a_run_a_profile_needs_a_file(logistic_model: str, rows: Path) -> None:
    done = CliRunner().invoke(cli, ["models", "profile", "-m", logistic_model, "-i", str(rows)])
    assert done.exit_code != 0
    assert "is of no run" in done.output


def test_a_logged_models_run_keeps_its_profile_and_names_its_training_data(rows: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    with mlflow.start_run() as run:
        mlflow.log_input(mlflow.data.from_pandas(pd.read_csv(rows), source=str(rows)), context="training")
        estimator = LogisticRegression().fit(ROWS, [0, 0, 1, 1])
        model = mlflow.sklearn.log_model(estimator, name="m", input_example=ROWS, pip_requirements=["scikit-learn"])
    of_data = find_baseline(model.model_uri, None)
    assert of_data == profile_rows(rows, model.model_uri)

    pd.concat([ROWS, ROWS]).to_csv(rows, index=False)
    done = CliRunner().invoke(cli, ["models", "profile", "-m", model.model_uri, "-i", str(rows)])
    assert done.exit_code == 0, done.output
    assert f"runs:/{run.info.run_id}/{PROFILE_FILE}" in done.output
    recorded = find_baseline(model.model_uri, None)
    assert recorded is not None
    assert recorded.rows == 8


def test_a_profile_in_the_models_folder_comes_first(logistic_model: str, rows: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(logistic_model, tmp_path / "copy"))
    (folder / PROFILE_FILE).write_text(profile_rows(rows, logistic_model).to_json())
    found = find_baseline(str(folder), None)
    assert found is not None
    assert found.rows == 4
    (folder / PROFILE_FILE).write_text("{}")
    with pytest.raises(InvalidParameterValue, match=PROFILE_FILE):
        find_baseline(str(folder), None)


def test_the_baseline_follows_an_alias(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    for low in (0.0, 50.0):
        table = pd.DataFrame({"age": [low + n for n in range(200)], "income": [float(n) for n in range(200)]})
        with mlflow.models.training_data(table):
            mlflow.sklearn.log_model(
                LogisticRegression().fit(table, [0, 1] * 100),
                name="m",
                registered_model_name="followed",
                pip_requirements=["scikit-learn"],
            )
    client = mlflow.MlflowClient()
    client.set_registered_model_alias("followed", "champion", 1)
    first, follow = baseline_of("models:/followed@champion", None)
    assert follow is not None
    assert first is not None
    second = follow("2")
    assert second is not None
    lowest = [min(one.columns["age"].values) for one in (first, second)]  # type: ignore[union-attr]  # numbers
    assert lowest == [0.0, 50.0]
    assert baseline_of("models:/followed/2", None)[1] is None
